// Bytes → deflate (RFC 1951), for speed: of four or five bytes that came before only the latest place is remembered.
import { bitsEnd, moveBits, padByte, resumeBits } from './bits';
import { addMatch, countLiteral, prepareSymbols, writeBlock } from './block';

const HASH_BITS: u32 = 14;
const HASH_FACTOR: u64 = 0x9e3779b97f4a7;
/** Bits of the shortest match: shorter ones cost more than their literals here. */
const MATCH_BITS: u64 = 40;
const MAX_MATCH: u32 = 258;
const MAX_DISTANCE: u32 = 32_768;
/** A block has statistics of its own: beyond so many bytes the next one pays for them. */
const MAX_BLOCK_BYTES: u32 = 1 << 17;

/** Where bytes of each hash came last: the low 16 bits of their offset. */
const heads: u32 = memory.data(2 << 14, 8) as u32;

prepareSymbols();

/** Where memory is the host's to use. */
export function heapStart(): u32 {
  return __heap_base as u32;
}

/** A new stream. */
export function begin(): void {
  resumeBits(0, 0, 0);
}

/**
 * Goes on with the stream: [from, to) are its next bytes, which must not be empty. Nothing before them is referred to.
 * 64 bytes behind them may be read.
 * @param output room for (to - from) * 33 / 32 + 1024 bytes
 * @param isLast 1 when the stream ends with them
 * @returns where the whole bytes of what was written end
 */
export function deflate(from: u32, to: u32, output: u32, isLast: u32): u32 {
  moveBits(output);
  memory.fill(heads, 0, 2 << HASH_BITS);
  // the first byte is no match: offset 0 is also what an unused head says
  countLiteral(load<u8>(from));
  let p = from + 1;
  let block = from;
  let literals = from;
  const limit = to - from > 8 ? to - 8 : from;
  while (p < limit) {
    const word = load<u64>(p);
    const distance = lastDistance(word, p - from);
    if (
      distance - 1 >= MAX_DISTANCE ||
      distance > p - from ||
      (load<u64>(p - distance) ^ word) << (64 - MATCH_BITS) !== 0
    ) {
      countLiteral(word as u32 & 255);
      p++;
      continue;
    }
    const length = matchLength(p, p - distance, min(MAX_MATCH, to - p));
    const isFull = addMatch(p - literals, length, distance);
    const end = p + length;
    if (end < limit) {
      lastDistance(load<u64>(p + 1), p + 1 - from);
      lastDistance(load<u64>(end - 1), end - 1 - from);
    }
    p = literals = end;
    if (isFull || p - block >= MAX_BLOCK_BYTES) {
      if (p === to) break;
      writeBlock(block, p, false);
      block = p;
    }
  }
  for (; p < to; p++) countLiteral(load<u8>(p));
  writeBlock(block, to, isLast !== 0);
  if (isLast !== 0) padByte();
  return bitsEnd();
}

/** @returns how far back the same bytes may have been; 0 when they have not. From now on they are at `offset`. */
function lastDistance(word: u64, offset: u32): u32 {
  const head = heads + ((((word << (64 - MATCH_BITS)) * HASH_FACTOR) >> ((64 - HASH_BITS) as u64)) as u32) * 2;
  const distance = (offset - load<u16>(head)) & 0xffff;
  store<u16>(head, offset as u16);
  return distance;
}

/** Of at least five bytes that are equal. @param most at least that */
function matchLength(p: u32, earlier: u32, most: u32): u32 {
  let length: u32 = 4;
  while (length < most) {
    const differs: u32 = i8x16.bitmask(i8x16.ne(v128.load(p + length), v128.load(earlier + length))) as u32;
    if (differs !== 0) return min(most, length + ctz(differs));
    length += 16;
  }
  return most;
}
