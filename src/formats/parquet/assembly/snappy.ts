// Bytes → the body of Snappy's block format: literals, and copies of what came at most 64 KiB before. Greedy, as the original
// compressor is.

const BLOCK_BYTES: u32 = 65536;
const HASH_BITS: u32 = 14;
const MIN_MATCH: u32 = 4;
/** So close to the end of a block nothing is looked for: what is read ahead stays inside. */
const MARGIN_BYTES: u32 = 15;
/** Where in the block a hash of four bytes was seen last: u16 each. */
const SEEN_BYTES: u32 = 2 << HASH_BITS;
const SEEN = memory.data(32768, 16) as u32;

/** Where memory is the host's to use. */
export function heapStart(): u32 {
  return __heap_base as u32;
}

/** Compresses [from, to) to `o`; vectors read and write up to 15 bytes beyond either's end. @returns the place after it */
export function compress(from: u32, to: u32, o: u32): u32 {
  for (; to - from > BLOCK_BYTES; from += BLOCK_BYTES) o = compressBlock(from, from + BLOCK_BYTES, o);
  return compressBlock(from, to, o);
}

function hash(four: u32): u32 {
  return (four * 0x1e35a7bd) >> (32 - HASH_BITS);
}

function compressBlock(start: u32, end: u32, o: u32): u32 {
  let literal = start;
  if (end - start > MARGIN_BYTES) {
    memory.fill(SEEN, 0, SEEN_BYTES);
    const limit = end - MARGIN_BYTES;
    let p = start + 1;
    while (p < limit) {
      p = findMatch(start, p, limit);
      if (p === 0) break;
      o = putLiteral(literal, p, o);
      const size = matchLength(candidate, p, end);
      o = putCopy(p - candidate, size, o);
      p += size;
      literal = p;
      if (p < limit) store<u16>(SEEN + hash(load<u32>(p - 1)) * 2, p - 1 - start);
    }
  }
  return putLiteral(literal, end, o);
}

/** Set by `findMatch`: where the same four bytes stood before. */
let candidate: u32 = 0;

/** The longer nothing matches, the larger the steps. @returns where four bytes are that came before, or 0 */
function findMatch(start: u32, from: u32, limit: u32): u32 {
  let skip: u32 = 32;
  for (let p = from; p < limit; p += skip++ >> 5) {
    const four = load<u32>(p);
    const slot = SEEN + hash(four) * 2;
    const before = start + (load<u16>(slot) as u32);
    store<u16>(slot, p - start);
    if (load<u32>(before) === four && before < p) {
      candidate = before;
      return p;
    }
  }
  return 0;
}

/** How many bytes at `q` are the same as at `p`, of which four are known to be. */
function matchLength(q: u32, p: u32, end: u32): u32 {
  let size = MIN_MATCH;
  for (; p + size + 8 <= end; size += 8) {
    const difference = load<u64>(q + size) ^ load<u64>(p + size);
    if (difference !== 0) return size + ((ctz(difference) >> 3) as u32);
  }
  while (p + size < end && load<u8>(p + size) === load<u8>(q + size)) size++;
  return size;
}

function putLiteral(start: u32, end: u32, o: u32): u32 {
  const size = end - start;
  if (size === 0) return o;
  const last = size - 1;
  if (last < 60) store<u8>(o++, last << 2);
  else if (last < 256) {
    store<u16>(o, (60 << 2) | (last << 8));
    o += 2;
  } else {
    store<u8>(o, 61 << 2);
    store<u16>(o + 1, last);
    o += 3;
  }
  if (size > 64) memory.copy(o, start, size);
  else for (let i: u32 = 0; i < size; i += 16) v128.store(o + i, v128.load(start + i));
  return o + size;
}

function putCopy(distance: u32, size: u32, o: u32): u32 {
  for (; size >= 68; size -= 64) o = putFarCopy(distance, 64, o);
  if (size > 64) {
    o = putFarCopy(distance, 60, o);
    size -= 60;
  }
  if (size >= 12 || distance >= 2048) return putFarCopy(distance, size, o);
  store<u16>(o, ((distance >> 8) << 5) | ((size - 4) << 2) | 1 | ((distance & 255) << 8));
  return o + 2;
}

function putFarCopy(distance: u32, size: u32, o: u32): u32 {
  store<u8>(o, ((size - 1) << 2) | 2);
  store<u16>(o + 1, distance);
  return o + 3;
}
