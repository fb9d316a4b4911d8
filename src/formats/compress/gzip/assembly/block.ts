// Literals and matches of one block → its bits: with Huffman codes of its own, or stored where those would make it longer.
import { bitsEnd, heldBits, heldCount, padByte, put, putBytes, resumeBits } from './bits';
import { buildCodes, codeBits, codeLength } from './huffman';

const MIN_LENGTH: u32 = 3;
/** Of one block, at most: then its symbols' statistics are used up. */
const MAX_MATCHES: u32 = 16_384;
const LITERALS: u32 = 286;
const DISTANCES: u32 = 30;
const END_OF_BLOCK: u32 = 256;
const FIRST_LENGTH: u32 = 257;
/** Four literals of so many bits fit behind 7 that are held back. */
const MAX_LITERAL_BITS: u32 = 14;
const MAX_DISTANCE_BITS: u32 = 15;
const CODE_LENGTHS: u32 = 19;
const MAX_CODE_LENGTH_BITS: u32 = 7;
const MAX_STORED: u32 = 65_535;

const LENGTH_BASES: u32 = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]) as u32;
const LENGTH_EXTRA: u32 = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]) as u32;
/** The order in which the lengths of code lengths are sent. */
const SENT_ORDER: u32 = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]) as u32;

/** u64 each: literals before the match, its distance - 1 (from bit 32 on), its length - 3 (from bit 48 on). */
const matches: u32 = memory.data(MAX_MATCHES * 8, 8) as u32;
let matchCount: u32 = 0;
const literalCounts: u32 = memory.data(LITERALS * 4, 4) as u32;
const distanceCounts: u32 = memory.data(DISTANCES * 4, 4) as u32;
/** For length - 3: its symbol - 257. For distance - 1, and behind 256 of those for (distance - 1) >> 7: its symbol. */
const lengthSymbols: u32 = memory.data(256, 1) as u32;
const distanceSymbols: u32 = memory.data(512, 1) as u32;

const literalLengths: u32 = memory.data(LITERALS, 1) as u32;
const literalCodes: u32 = memory.data(LITERALS * 4, 4) as u32;
const distanceLengths: u32 = memory.data(DISTANCES, 1) as u32;
const distanceCodes: u32 = memory.data(DISTANCES * 4, 4) as u32;
/** For length - 3: its code with the extra bits, as one. */
const matchCodes: u32 = memory.data(256 * 4, 4) as u32;

const allLengths: u32 = memory.data(LITERALS + DISTANCES, 1) as u32;
/** u16 each: a symbol of the code lengths' alphabet, its extra bits' value from bit 8 on. */
const lengthRuns: u32 = memory.data((LITERALS + DISTANCES) * 2, 2) as u32;
let runCount: u32 = 0;
const runCounts: u32 = memory.data(CODE_LENGTHS * 4, 4) as u32;
const runLengths: u32 = memory.data(CODE_LENGTHS, 1) as u32;
const runCodes: u32 = memory.data(CODE_LENGTHS * 4, 4) as u32;

/** Once, before the first block. */
export function prepareSymbols(): void {
  for (let length: u32 = 0, symbol: u32 = 0; length < 256; length++) {
    while (symbol < 28 && length + MIN_LENGTH >= load<u16>(LENGTH_BASES + (symbol + 1) * 2)) symbol++;
    store<u8>(lengthSymbols + length, symbol as u8);
  }
  for (let distance: u32 = 0; distance < 256; distance++) {
    store<u8>(distanceSymbols + distance, symbolOf(distance) as u8);
    store<u8>(distanceSymbols + 256 + distance, symbolOf(distance << 7) as u8);
  }
}

/** Two symbols for each power of two. */
function symbolOf(distance: u32): u32 {
  if (distance < 2) return distance;
  const top = 31 - clz(distance);
  return top * 2 + ((distance >> (top - 1)) & 1);
}

function distanceSymbol(distance: u32): u32 {
  return load<u8>(distanceSymbols + (distance < 256 ? distance : 256 + (distance >> 7)));
}

export function countLiteral(byte: u32): void {
  increment(literalCounts, byte);
}

/** @param literals how many were counted since the match before. @returns true when the block is full */
export function addMatch(literals: u32, length: u32, distance: u32): bool {
  const at = matches + matchCount * 8;
  store<u64>(at, (literals as u64) | (((distance - 1) as u64) << 32) | (((length - MIN_LENGTH) as u64) << 48));
  increment(literalCounts, FIRST_LENGTH + load<u8>(lengthSymbols + length - MIN_LENGTH));
  increment(distanceCounts, distanceSymbol(distance - 1));
  return ++matchCount === MAX_MATCHES;
}

/** Writes what was added since the last call: the bytes [from, to). */
export function writeBlock(from: u32, to: u32, isLast: bool): void {
  increment(literalCounts, END_OF_BLOCK);
  buildCodes(literalCounts, LITERALS, MAX_LITERAL_BITS, literalLengths, literalCodes);
  buildCodes(distanceCounts, DISTANCES, MAX_DISTANCE_BITS, distanceLengths, distanceCodes);
  if (coded() < ((to - from) as u64) * 8) {
    writeHeader(isLast);
    writeCoded(from, to);
    put(codeBits(load<u32>(literalCodes + END_OF_BLOCK * 4)), codeLength(load<u32>(literalCodes + END_OF_BLOCK * 4)));
  } else writeStored(from, to, isLast);
  matchCount = 0;
  memory.fill(literalCounts, 0, LITERALS * 4);
  memory.fill(distanceCounts, 0, DISTANCES * 4);
}

/** Bits of the block when it is coded, without its header. */
function coded(): u64 {
  let bits: u64 = 0;
  for (let symbol: u32 = 0; symbol < LITERALS; symbol++) {
    const extra: u32 = symbol < FIRST_LENGTH ? 0 : load<u8>(LENGTH_EXTRA + symbol - FIRST_LENGTH);
    const each = (load<u8>(literalLengths + symbol) as u32) + extra;
    bits += (load<u32>(literalCounts + symbol * 4) as u64) * each;
  }
  for (let symbol: u32 = 0; symbol < DISTANCES; symbol++) {
    const each = (load<u8>(distanceLengths + symbol) as u32) + extraOf(symbol);
    bits += (load<u32>(distanceCounts + symbol * 4) as u64) * each;
  }
  return bits;
}

/** How many bits follow a distance's code. */
function extraOf(symbol: u32): u32 {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}

function writeStored(from: u32, to: u32, isLast: bool): void {
  while (from < to) {
    const length = min(to - from, MAX_STORED);
    put(isLast && from + length === to ? 1 : 0, 3);
    padByte();
    put((length | ((length ^ 0xffff) << 16)) as u64, 32);
    putBytes(from, length);
    from += length;
  }
}

function writeHeader(isLast: bool): void {
  put((isLast ? 1 : 0) | (2 << 1), 3);
  let literals = LITERALS;
  while (literals > FIRST_LENGTH && load<u8>(literalLengths + literals - 1) === 0) literals--;
  let distances = DISTANCES;
  while (distances > 1 && load<u8>(distanceLengths + distances - 1) === 0) distances--;
  memory.copy(allLengths, literalLengths, literals);
  memory.copy(allLengths + literals, distanceLengths, distances);
  gatherRuns(literals + distances);
  buildCodes(runCounts, CODE_LENGTHS, MAX_CODE_LENGTH_BITS, runLengths, runCodes);
  let sent = CODE_LENGTHS;
  while (sent > 4 && load<u8>(runLengths + load<u8>(SENT_ORDER + sent - 1)) === 0) sent--;
  put(literals - FIRST_LENGTH, 5);
  put(distances - 1, 5);
  put(sent - 4, 4);
  for (let i: u32 = 0; i < sent; i++) put(load<u8>(runLengths + load<u8>(SENT_ORDER + i)), 3);
  for (let i: u32 = 0; i < runCount; i++) {
    const run: u32 = load<u16>(lengthRuns + i * 2);
    const symbol = run & 0xff;
    const code = load<u32>(runCodes + symbol * 4);
    put(codeBits(code), codeLength(code));
    if (symbol >= 16) put(run >> 8, symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
  }
}

/** Equal lengths in a row become one symbol: 16 repeats the one before, 17 and 18 are zeros. */
function gatherRuns(count: u32): void {
  runCount = 0;
  memory.fill(runCounts, 0, CODE_LENGTHS * 4);
  for (let i: u32 = 0; i < count; ) {
    const length: u32 = load<u8>(allLengths + i);
    let left: u32 = 1;
    while (i + left < count && load<u8>(allLengths + i + left) === length) left++;
    i += left;
    if (length !== 0) {
      addRun(length, 0);
      left--;
    }
    while (left >= 3) {
      const most: u32 = length !== 0 ? 6 : left < 11 ? 10 : 138;
      const taken = min(left, most);
      if (length !== 0) addRun(16, taken - 3);
      else if (taken < 11) addRun(17, taken - 3);
      else addRun(18, taken - 11);
      left -= taken;
    }
    for (; left !== 0; left--) addRun(length, 0);
  }
}

function addRun(symbol: u32, extra: u32): void {
  store<u16>(lengthRuns + runCount++ * 2, (symbol | (extra << 8)) as u16);
  increment(runCounts, symbol);
}

/** The inner loop: bits are held in locals, and at most 7 of them from one store to the next. */
function writeCoded(from: u32, to: u32): void {
  joinLengthCodes();
  let p = from;
  let held = heldBits();
  let count = heldCount();
  let at = bitsEnd();
  for (let i: u32 = 0; i <= matchCount; i++) {
    const isTail = i === matchCount;
    const match: u64 = isTail ? 0 : load<u64>(matches + i * 8);
    let left = isTail ? to - p : (match as u32);
    for (; left >= 4; left -= 4, p += 4) {
      const word = load<u32>(p);
      const a = load<u32>(literalCodes + (word & 255) * 4);
      const b = load<u32>(literalCodes + ((word >> 8) & 255) * 4);
      const c = load<u32>(literalCodes + ((word >> 16) & 255) * 4);
      const d = load<u32>(literalCodes + (word >> 24) * 4);
      const afterA = codeLength(a);
      const afterB = afterA + codeLength(b);
      const afterC = afterB + codeLength(c);
      const four =
        codeBits(a) |
        (codeBits(b) << (afterA as u64)) |
        (codeBits(c) << (afterB as u64)) |
        (codeBits(d) << (afterC as u64));
      held |= four << (count as u64);
      count += afterC + codeLength(d);
      store<u64>(at, held);
      at += count >> 3;
      held >>= (count & ~7) as u64;
      count &= 7;
    }
    // up to three more, without a branch: those that are not there have no bits
    const word = load<u32>(p);
    const a = left > 0 ? load<u32>(literalCodes + (word & 255) * 4) : 0;
    const b = left > 1 ? load<u32>(literalCodes + ((word >> 8) & 255) * 4) : 0;
    const c = left > 2 ? load<u32>(literalCodes + ((word >> 16) & 255) * 4) : 0;
    const afterA = codeLength(a);
    const afterB = afterA + codeLength(b);
    held |= (codeBits(a) | (codeBits(b) << (afterA as u64)) | (codeBits(c) << (afterB as u64))) << (count as u64);
    count += afterB + codeLength(c);
    store<u64>(at, held);
    at += count >> 3;
    held >>= (count & ~7) as u64;
    count &= 7;
    if (isTail) break;
    const length = (match >> 48) as u32;
    const distance = ((match >> 32) & 0xffff) as u32;
    p += left + length + MIN_LENGTH;
    const lengthCode = load<u32>(matchCodes + length * 4);
    held |= codeBits(lengthCode) << (count as u64);
    count += codeLength(lengthCode);
    const symbol = distanceSymbol(distance);
    const distanceCode = load<u32>(distanceCodes + symbol * 4);
    held |= codeBits(distanceCode) << (count as u64);
    count += codeLength(distanceCode);
    const extra = extraOf(symbol);
    held |= ((distance & ((1 << extra) - 1)) as u64) << (count as u64);
    count += extra;
    store<u64>(at, held);
    at += count >> 3;
    held >>= (count & ~7) as u64;
    count &= 7;
  }
  resumeBits(held, count, at);
}

/** A length's code and the extra bits behind it, of at most 19 bits, are written as one. */
function joinLengthCodes(): void {
  for (let length: u32 = 0; length < 256; length++) {
    const symbol: u32 = load<u8>(lengthSymbols + length);
    const code = load<u32>(literalCodes + (FIRST_LENGTH + symbol) * 4);
    const extra = length + MIN_LENGTH - load<u16>(LENGTH_BASES + symbol * 2);
    const bits = (codeBits(code) as u32) | (extra << codeLength(code));
    store<u32>(matchCodes + length * 4, bits | ((codeLength(code) + load<u8>(LENGTH_EXTRA + symbol)) << 24));
  }
}

function increment(counts: u32, symbol: u32): void {
  store<u32>(counts + symbol * 4, load<u32>(counts + symbol * 4) + 1);
}
