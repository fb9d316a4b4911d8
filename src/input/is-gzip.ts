// Bytes → whether they are gzip.
/** What the first two bytes tell. */
export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;
