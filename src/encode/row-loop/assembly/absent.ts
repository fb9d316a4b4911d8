// What the record read last lacks.
import { QUOTE } from './bytes';
import { isColumnar, LENGTH_BYTES } from './form';
import { COLUMN_ABSENT, COLUMN_COUNT, COLUMN_SEEN, COLUMN_SIZE, COLUMNS, STAMP } from './plan';

/** A character for each column: 1 where the record lacks it, which is counted. @returns the place after them */
export function writeAbsentFlags(plan: u32, o: u32): u32 {
  const stamp = load<u32>(plan + STAMP);
  const count = load<u32>(plan + COLUMN_COUNT);
  let column = load<u32>(plan + COLUMNS);
  const last = column + count * COLUMN_SIZE;
  if (isColumnar) {
    store<u32>(o, count);
    o += LENGTH_BYTES;
  } else store<u8>(o++, QUOTE);
  for (; column < last; column += COLUMN_SIZE) {
    const isAbsent = load<u32>(column + COLUMN_SEEN) !== stamp;
    store<u8>(o++, isAbsent ? 49 : 48);
    if (isAbsent) increment(column + COLUMN_ABSENT);
  }
  if (!isColumnar) store<u8>(o++, QUOTE);
  return o;
}

export function increment(counter: u32): void {
  store<u32>(counter, load<u32>(counter) + 1);
}
