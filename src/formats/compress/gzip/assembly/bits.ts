// Bits of a deflate stream, the lowest first: up to 7 are held back until a byte is full.

let held: u64 = 0;
let count: u32 = 0;
/** Where the next byte goes. Up to 8 bytes behind it are overwritten. */
let at: u32 = 0;

/** Goes on at another place of memory, with what is held back. */
export function moveBits(output: u32): void {
  at = output;
}

/** Where the whole bytes end. */
export function bitsEnd(): u32 {
  return at;
}

export function heldBits(): u64 {
  return held;
}

export function heldCount(): u32 {
  return count;
}

/** After a loop that has written by itself, from `heldBits`, `heldCount` and `bitsEnd` on. */
export function resumeBits(bits: u64, bitCount: u32, output: u32): void {
  held = bits;
  count = bitCount;
  at = output;
}

/** @param length of the value: at most 56 */
export function put(value: u64, length: u32): void {
  held |= value << (count as u64);
  count += length;
  store<u64>(at, held);
  at += count >> 3;
  held >>= (count & ~7) as u64;
  count &= 7;
}

/** Fills the byte that is begun with zeros. */
export function padByte(): void {
  if (count !== 0) put(0, 8 - count);
}

/** At a byte's beginning. */
export function putBytes(from: u32, length: u32): void {
  memory.copy(at, from, length);
  at += length;
}
