// `uniqueItems` → a comparison of canonical texts in a set. It takes linear time: ajv's own compares each pair of elements.

/** Numbers are compared as the doubles that they are parsed to. @throws RangeError for elements that are nested too deeply */
export function areUnique(items: readonly unknown[]): boolean {
  return new Set(items.map(canonicalText)).size === items.length;
}

/** JSON text that equal values share, whatever the order of their members. */
const canonicalText = (value: unknown): string => JSON.stringify(value, sorted);

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // a list, since an object puts names that look like numbers first and has no place for "__proto__"
  return {
    members: Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flat(),
  };
}
