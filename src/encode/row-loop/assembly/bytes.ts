// Bytes of a line in linear memory. A line feed ends every line, and 64 bytes after the last may be read: vectors run over.

export const LINE_FEED: u32 = 10;
export const QUOTE: u32 = 34;
export const COMMA: u32 = 44;
export const COLON: u32 = 58;
export const BACKSLASH: u32 = 92;
export const OPEN_BRACKET: u32 = 91;
export const OPEN_BRACE: u32 = 123;
export const CLOSE_BRACE: u32 = 125;
/** `null` as a little-endian word. */
export const NULL: u32 = 0x6c6c756e;

/** Two results of one function: where reading goes on, and where writing does. 0 says that the line is refused. */
export function pack(q: u32, o: u32): u64 {
  return ((q as u64) << 32) | (o as u64);
}

export function matches(q: u32, text: u32, length: u32): bool {
  while (length > 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(q), v128.load(text)))) return false;
    q += 16;
    text += 16;
    length -= 16;
  }
  const wanted: u32 = (1 << length) - 1;
  return ((i8x16.bitmask(i8x16.eq(v128.load(q), v128.load(text))) as u32) & wanted) === wanted;
}

/** Spaces, tabs and carriage returns. */
export function skipSpace(q: u32): u32 {
  while (true) {
    const c: u32 = load<u8>(q);
    if (c !== 32 && c !== 9 && c !== 13) return q;
    q++;
  }
}

/** The next line feed at or after `q`. */
export function lineEnd(q: u32): u32 {
  while (true) {
    const m: u32 = i8x16.bitmask(i8x16.eq(v128.load(q), i8x16.splat(10))) as u32;
    if (m !== 0) return q + ctz(m);
    q += 16;
  }
}

/** Quotes, backslashes and control characters among the 16 bytes at `q`, as bits. */
export function stringStops(q: u32): u32 {
  const v = v128.load(q);
  const quoteOrBackslash = v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92)));
  return i8x16.bitmask(v128.or(quoteOrBackslash, i8x16.lt_u(v, i8x16.splat(32)))) as u32;
}

/** The closing quote of a string without escapes whose characters begin at `q`; 0 when it has any, or a control character. */
export function plainEnd(q: u32): u32 {
  while (true) {
    const m = stringStops(q);
    if (m === 0) {
      q += 16;
      continue;
    }
    q += ctz(m);
    return load<u8>(q) === QUOTE ? q : 0;
  }
}

/** Writes up to 15 bytes more than asked for. @returns the place after the copy */
export function copy(q: u32, end: u32, o: u32): u32 {
  const after = o + (end - q);
  while (q < end) {
    v128.store(o, v128.load(q));
    q += 16;
    o += 16;
  }
  return after;
}

/** How many decimal digits stand at `q`. */
export function digitRun(q: u32): u32 {
  let n: u32 = 0;
  while (true) {
    const v = i8x16.sub(v128.load(q + n), i8x16.splat(48));
    const run = ctz(~(i8x16.bitmask(i8x16.le_u(v, i8x16.splat(9))) as u32));
    n += run;
    if (run < 16) return n;
  }
}

/** An unsigned decimal number. @returns the place after it */
export function writeDecimal(value: u64, o: u32): u32 {
  if (value >= 1000000000) {
    o = writeDecimal(value / 1000000000, o);
    let rest = (value % 1000000000) as u32;
    for (let p = o + 8; p >= o; p--) {
      store<u8>(p, 48 + (rest % 10));
      rest /= 10;
    }
    return o + 9;
  }
  let rest = value as u32;
  let length: u32 = 1;
  for (let limit: u32 = 10; length < 9 && rest >= limit; limit *= 10) length++;
  for (let p = o + length - 1; p >= o; p--) {
    store<u8>(p, 48 + (rest % 10));
    rest /= 10;
  }
  return o + length;
}
