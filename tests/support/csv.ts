// Staged CSV, as bytes, → records of fields. Strict: whatever the staged format does not allow is an error here.

/** `null` is a NULL: nothing between the commas. */
export type CsvField = { readonly text: string; readonly quoted: boolean } | null;

const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;

export function readCsv(bytes: Uint8Array): CsvField[][] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const records: CsvField[][] = [];
  let record: CsvField[] = [];
  let p = 0;
  const readField = (): CsvField => {
    const start = p;
    if (bytes[p] === QUOTE) return { text: readQuoted(), quoted: true };
    while (bytes[p] !== COMMA && bytes[p] !== LINE_FEED) {
      const c = bytes[p];
      if (c === undefined) throw new Error('the last record does not end with a line feed');
      if (c === QUOTE || c <= 31 || c >= 127) throw new Error(`byte ${c} in an unquoted field at ${p}`);
      p++;
    }
    return p === start ? null : { text: text.decode(bytes.subarray(start, p)), quoted: false };
  };
  const readQuoted = (): string => {
    const parts: Uint8Array[] = [];
    for (let start = p + 1; ; ) {
      const end = bytes.indexOf(QUOTE, start);
      if (end < 0) throw new Error('a quoted field that is not closed');
      const doubled = bytes[end + 1] === QUOTE;
      parts.push(bytes.subarray(start, doubled ? end + 1 : end));
      start = p = end + (doubled ? 2 : 1);
      if (!doubled) return text.decode(Buffer.concat(parts));
    }
  };
  while (p < bytes.length) {
    record.push(readField());
    const separator = bytes[p++];
    if (separator === LINE_FEED) {
      records.push(record);
      record = [];
    } else if (separator !== COMMA) throw new Error(`neither a comma nor a line feed after a field at ${p - 1}`);
  }
  if (record.length > 0) throw new Error('the last record does not end with a line feed');
  return records;
}
