// Bytes → Snappy's block format: literals, and copies of what came at most 64 KiB before. Greedy, as the original compressor is.

const BLOCK_BYTES = 65_536;
const HASH_BITS = 14;
const MIN_MATCH = 4;
/** So close to the end of a block nothing is looked for: what is read ahead stays inside. */
const MARGIN_BYTES = 15;

/** Where in the block a hash of four bytes was seen last. */
const seen = new Uint16Array(1 << HASH_BITS);
let out = Buffer.allocUnsafeSlow(1 << 16);
let length = 0;

/** @returns a view that the next call overwrites */
export function snappy(source: Buffer): Buffer {
  const most = 32 + source.length + Math.ceil(source.length / 6);
  if (out.length < most) out = Buffer.allocUnsafeSlow(most * 2);
  length = 0;
  let rest = source.length;
  for (; rest > 127; rest >>>= 7) out[length++] = (rest & 127) | 128;
  out[length++] = rest;
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  for (let start = 0; start < source.length; start += BLOCK_BYTES)
    compressBlock(source, view, start, Math.min(source.length, start + BLOCK_BYTES));
  const compressed = out.subarray(0, length);
  if (out.length > MAX_KEPT_BYTES) out = Buffer.allocUnsafeSlow(1 << 16);
  return compressed;
}

/** A page of many megabytes must not cost its memory for the rest of the run. */
const MAX_KEPT_BYTES = 8 << 20;

const hash = (four: number): number => Math.imul(four, 0x1e35a7bd) >>> (32 - HASH_BITS);

function compressBlock(source: Buffer, view: DataView, start: number, end: number): void {
  const limit = end - MARGIN_BYTES;
  let literal = start;
  if (limit > start) seen.fill(0);
  for (let p = start + 1; p < limit; ) {
    const match = findMatch(view, start, p, limit);
    if (match < 0) break;
    p = match;
    putLiteral(source, literal, p);
    const distance = p - candidate;
    let size = MIN_MATCH;
    while (p + size < end && source[p + size] === source[candidate + size]) size++;
    putCopy(distance, size);
    p += size;
    literal = p;
    if (p < limit) seen[hash(view.getInt32(p - 1, true))] = p - 1 - start;
  }
  putLiteral(source, literal, end);
}

/** Set by `findMatch`: where the same four bytes stood before. */
let candidate = 0;

/** The longer nothing matches, the larger the steps. @returns where four bytes are that came before, or -1 */
function findMatch(view: DataView, start: number, from: number, limit: number): number {
  let skip = 32;
  for (let p = from; p < limit; p += skip++ >>> 5) {
    const four = view.getInt32(p, true);
    const slot = hash(four);
    candidate = start + seen[slot]!;
    seen[slot] = p - start;
    if (view.getInt32(candidate, true) === four && candidate < p) return p;
  }
  return -1;
}

function putLiteral(source: Buffer, start: number, end: number): void {
  const size = end - start;
  if (size === 0) return;
  const last = size - 1;
  if (last < 60) out[length++] = last << 2;
  else if (last < 256) {
    out[length++] = 60 << 2;
    out[length++] = last;
  } else {
    out[length++] = 61 << 2;
    out[length++] = last;
    out[length++] = last >> 8;
  }
  if (size > 48) length += source.copy(out, length, start, end);
  else for (let p = start; p < end; p++) out[length++] = source[p]!;
}

function putCopy(distance: number, size: number): void {
  let rest = size;
  for (; rest >= 68; rest -= 64) putFarCopy(distance, 64);
  if (rest > 64) {
    putFarCopy(distance, 60);
    rest -= 60;
  }
  if (rest >= 12 || distance >= 2048) return putFarCopy(distance, rest);
  out[length++] = ((distance >> 8) << 5) | ((rest - 4) << 2) | 1;
  out[length++] = distance;
}

function putFarCopy(distance: number, size: number): void {
  out[length++] = ((size - 1) << 2) | 2;
  out[length++] = distance;
  out[length++] = distance >> 8;
}
