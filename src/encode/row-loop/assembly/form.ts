// The form in which the rows of a call are written: CSV fields, or the values of Parquet's PLAIN encoding for columns.

/** Of text in Parquet. */
export const LENGTH_BYTES: u32 = 4;
export let isColumnar: bool = false;
/** A quote in text: CSV doubles it. */
export let quoteBytes: u32 = 2;

export function setForm(columnar: bool): void {
  isColumnar = columnar;
  quoteBytes = columnar ? 1 : 2;
}

/** @returns where the text's characters belong whose field begins at `o` */
export function beginText(o: u32): u32 {
  if (isColumnar) return o + LENGTH_BYTES;
  store<u8>(o, 34);
  return o + 1;
}

/** @param end the place after the characters. @returns the one after the field that begins at `o` */
export function endText(o: u32, end: u32): u32 {
  if (isColumnar) {
    store<u32>(o, end - o - LENGTH_BYTES);
    return end;
  }
  store<u8>(end, 34);
  return end + 1;
}
