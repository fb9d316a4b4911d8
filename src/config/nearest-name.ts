// A name that is not known → the known one that was probably meant.

/** Undefined when no known name is near. */
export async function nearestName(name: string, known: readonly string[]): Promise<string | undefined> {
  // Loaded only here: a run without a misspelling doesn't pay for it.
  const { closest, distance } = await import('fastest-levenshtein');
  const wanted = name.toLowerCase();
  const nearest = closest(wanted, known);
  return distance(wanted, nearest) <= Math.max(2, Math.floor(wanted.length / 3)) ? nearest : undefined;
}

/** Whether the name is the known one but for a slip: letters in another order, or one in four wrong, more or too few. */
export async function isTypoOf(name: string, known: string): Promise<boolean> {
  const { distance } = await import('fastest-levenshtein');
  const written = name.toLowerCase();
  const sorted = (text: string) => [...text].sort().join('');
  return sorted(written) === sorted(known) || distance(written, known) <= Math.max(1, Math.floor(written.length / 4));
}

/** The end of a sentence that says a name is not known. */
export const suggestion = (nearest: string | undefined): string =>
  nearest === undefined ? '' : `; did you mean ${nearest}?`;
