// A number → its text: the same for one number, whatever type of column it came in and whichever warehouse writes it.

/** What the text is put together with. */
export interface NumberTextDialect {
  quoteText(text: string): string;
  arrayOf(value: string): string;
  mapArray(array: string, name: string, value: string): string;
  firstOf(array: string): string;
}

/**
 * All decimal digits, without exponent and without zeros that say nothing: `1`, `-0.66`, `1700000000000`. Both zeros are
 * `0`; `NaN`, `Infinity` and `-Infinity` are so written.
 * @param text an expression for what the warehouse writes when it casts a DOUBLE or DECIMAL to text
 */
export function numberText(dialect: NumberTextDialect, text: string): string {
  /** Evaluated once, and then goes by its name. */
  const named = (name: string, expression: string, use: string): string =>
    dialect.firstOf(dialect.mapArray(dialect.arrayOf(expression), name, use));
  const { quoteText } = dialect;
  const [zero, none] = [quoteText('0'), quoteText('')];
  const exponent = `CAST(coalesce(nullif(split_part(n0, ${quoteText('E')}, 2), ${none}), ${zero}) AS INT)`;
  const zeros = (count: string) => `repeat(${zero}, CAST(greatest(${count}, 0) AS INT))`;
  const digits = `replace(n1, ${quoteText('.')}, ${none})`;
  const sign = `CASE WHEN n0 LIKE ${quoteText('-%')} THEN ${quoteText('-')} ELSE ${none} END`;
  const finite = `CASE WHEN n4 = ${zero} THEN n4 ELSE ${sign} || n4 END`;
  const withPoint = `substr(n3, 1, CAST(greatest(n2, 1) AS INT)) || ${quoteText('.')} || substr(n3, CAST(greatest(n2, 1) AS INT) + 1)`;
  const plain = [
    ['n1', `replace(split_part(n0, ${quoteText('E')}, 1), ${quoteText('-')}, ${none})`],
    // how many digits stand before the point
    ['n2', `length(split_part(n1, ${quoteText('.')}, 1)) + ${exponent}`],
    ['n3', `${zeros('1 - n2')} || ${digits} || ${zeros(`n2 - length(${digits})`)}`],
    ['n4', `regexp_replace(${withPoint}, ${quoteText('[.]?0*$')}, ${none})`],
  ].reduceRight((use, [name, expression]) => named(name!, expression!, use), finite);
  const all = [
    `CASE WHEN n0 = ${quoteText('NAN')} THEN ${quoteText('NaN')}`,
    `WHEN n0 LIKE ${quoteText('%INF%')} THEN ${sign} || ${quoteText('Infinity')}`,
    `ELSE ${plain} END`,
  ];
  return named('n0', `upper(replace(${text}, ${quoteText('+')}, ${none}))`, all.join(' '));
}

/** A pattern of all that `numberText` writes, which RE2 and Java understand alike; `-0` as well, which it does not write. */
export const writtenNumber = '-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?|NaN|-?Infinity';
