// Column names → what they are compared by, as Spark does when it ignores case.

/**
 * Two names with one fold are one column to Spark: it compares letter by letter, upper case first, so that `adı` and `adi`,
 * `ας` and `ασ` are the same as well (measured: AMBIGUOUS_COLUMN_NAME), but not `ß` and `ss`.
 */
export function foldCase(name: string): string {
  return Array.from(name, (letter) => single(single(letter, upper), lower)).join('');
}

const upper = (letter: string): string => letter.toUpperCase();
const lower = (letter: string): string => letter.toLowerCase();

/** A letter whose other case is more than one letter stays as it is. */
function single(letter: string, convert: (letter: string) => string): string {
  const converted = convert(letter);
  return converted.length === letter.length ? converted : letter;
}
