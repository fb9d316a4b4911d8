// A tap's JSON Schema, which may be of any draft or plainly wrong → the few things that the schema room asks of it.

export type JsonObject = Readonly<Record<string, unknown>>;

/** How deep combinators and references are followed; deeper is read as "anything", so that no schema exhausts the stack. */
export const maxSchemaDepth = 64;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The schema that `$ref` names inside `root` (`#`, `#/definitions/…`, `#/$defs/…`); undefined when it names nothing. */
export function resolveRef(ref: unknown, root: unknown): unknown {
  if (typeof ref !== 'string' || (ref !== '#' && !ref.startsWith('#/'))) return undefined;
  let node: unknown = root;
  for (const token of ref.split('/').slice(1)) {
    const key = pointerKey(token);
    if (typeof node !== 'object' || node === null || key === undefined || !Object.hasOwn(node, key)) return undefined;
    node = (node as JsonObject)[key];
  }
  return node;
}

function pointerKey(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
