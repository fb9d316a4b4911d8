// Digits → numbers as Parquet's PLAIN encoding has them. The digits are known to fit.

const POINT: u32 = 46;
/** An integer of so many digits fits 64 bits with its sign. */
const SURE_DIGITS: u32 = 18;
const CHUNK_DIGITS: u32 = 9;
/** Decimals of more digits have 16 bytes, highest byte first; those of no more than the last have 4. */
const MAX_LONG_PRECISION: u32 = 18;
const MAX_INT_PRECISION: u32 = 9;
/** An integer of 128 bits in words of 32, lowest first. */
const WIDE = memory.data(16) as u32;
/** Powers of ten that are exact as doubles, as many as are needed. */
const POWERS = memory.data<f64>([
  1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
  1e22,
]) as u32;

/** The integer of the digits [q, end), among which a point may stand. */
function digitsOf(q: u32, end: u32): u64 {
  let value: u64 = 0;
  for (; q < end; q++) {
    const c: u32 = load<u8>(q);
    if (c !== POINT) value = value * 10 + (c - 48);
  }
  return value;
}

/** @param q the first digit. @returns the place after the value */
export function putBigint(q: u32, end: u32, negative: bool, o: u32): u32 {
  const value = digitsOf(q, end);
  store<u64>(o, negative ? 0 - value : value);
  return o + 8;
}

/** The number [q, end) of at most 15 digits, without exponent: both they and the power of ten are exact, so the quotient is the nearest double. */
export function putShortDouble(q: u32, end: u32, o: u32): u32 {
  const negative: bool = load<u8>(q) === 45;
  let point = q;
  while (point < end && load<u8>(point) !== POINT) point++;
  const fraction = point < end ? end - point - 1 : 0;
  const value = (digitsOf(negative ? q + 1 : q, end) as f64) / load<f64>(POWERS + fraction * 8);
  store<f64>(o, negative ? -value : value);
  return o + 8;
}

/** The digits [q, end) with a point or not, and so many zeros. @returns the place after the value */
export function putDecimal(q: u32, end: u32, zeros: u32, negative: bool, precision: u32, o: u32): u32 {
  if (precision > MAX_LONG_PRECISION) return putWide(q, end, zeros, negative, o);
  const value = padded(q, end, zeros);
  const signed = negative ? 0 - value : value;
  if (precision <= MAX_INT_PRECISION) {
    store<u32>(o, signed as u32);
    return o + 4;
  }
  store<u64>(o, signed);
  return o + 8;
}

function padded(q: u32, end: u32, zeros: u32): u64 {
  let value = digitsOf(q, end);
  for (; zeros !== 0; zeros--) value *= 10;
  return value;
}

function putWide(q: u32, end: u32, zeros: u32, negative: bool, o: u32): u32 {
  let low: u64;
  let high: u64 = 0;
  if (end - q + zeros <= SURE_DIGITS) low = padded(q, end, zeros);
  else {
    readWide(q, end, zeros);
    low = load<u64>(WIDE);
    high = load<u64>(WIDE + 8);
  }
  if (negative) {
    low = 0 - low;
    high = ~high + (low === 0 ? 1 : 0);
  }
  store<u64>(o, bswap<u64>(high));
  store<u64>(o + 8, bswap<u64>(low));
  return o + 16;
}

function readWide(q: u32, end: u32, zeros: u32): void {
  v128.store(WIDE, i64x2.splat(0));
  let chunk: u64 = 0;
  let factor: u64 = 1;
  let digits: u32 = 0;
  const stop = end + zeros;
  for (; q < stop; q++) {
    const c: u32 = q < end ? load<u8>(q) : 48;
    if (c === POINT) continue;
    chunk = chunk * 10 + (c - 48);
    factor *= 10;
    if (++digits < CHUNK_DIGITS) continue;
    multiplyAdd(factor, chunk);
    chunk = 0;
    factor = 1;
    digits = 0;
  }
  multiplyAdd(factor, chunk);
}

/** @param factor at most 10^9, @param addend less than it */
function multiplyAdd(factor: u64, addend: u64): void {
  let carry = addend;
  for (let i: u32 = 0; i < 16; i += 4) {
    const sum = (load<u32>(WIDE + i) as u64) * factor + carry;
    store<u32>(WIDE + i, sum as u32);
    carry = sum >> 32;
  }
}
