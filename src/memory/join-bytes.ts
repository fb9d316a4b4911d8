// Pieces → one.

/** @param size of the result: at least that of all parts. @returns the parts, one after the other, in memory of their own (which `Buffer.concat` shares when they are small) */
export function joinBytes(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(size);
  let end = 0;
  for (const part of parts) {
    joined.set(part, end);
    end += part.length;
  }
  return joined;
}
