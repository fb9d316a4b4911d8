// Staged files → the statement that makes them a temporary view with the typed columns c0, c1, ….
import { randomUUID } from 'node:crypto';
import { TargetError } from '../../errors/target-error.ts';
import { type StagedColumn, stagedName } from '../../formats/layout.ts';
import type { StagedFile } from '../../formats/staged-file.ts';
import { areParquet } from '../../stage/file-names.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';

/** @param view quoted. */
export function createViewStatement(
  view: string,
  layout: readonly StagedColumn[],
  files: readonly StagedFile[],
): string {
  const columns = layout.map(({ type }, position) => `${stagedName(position)} ${sparkDialect.typeName(type)}`);
  const [format, reading] = areParquet(files) ? ['parquet', parquetOptions] : ['csv', csvOptions(layout.length)];
  const options = Object.entries({ path: pathPattern(files), ...reading });
  const settings = options.map(([name, value]) => `${name} ${sparkDialect.quoteText(value)}`);
  return `CREATE OR REPLACE TEMPORARY VIEW ${view} (${columns.join(', ')}) USING ${format} OPTIONS (${settings.join(', ')})`;
}

const parquetOptions: Readonly<Record<string, string>> = {
  mergeSchema: 'false',
  // Dates and times are those of the calendar that goes on for ever, in both directions.
  datetimeRebaseMode: 'CORRECTED',
  int96RebaseMode: 'CORRECTED',
  ignoreCorruptFiles: 'false',
  ignoreMissingFiles: 'false',
};

/** What reads every staged CSV file without loss, and fails on one that is not as the encoder writes it. */
function csvOptions(columns: number): Readonly<Record<string, string>> {
  return {
    sep: ',',
    quote: '"',
    escape: '"',
    lineSep: '\n',
    // Of a value that holds a quote the parser drops each character that equals this one. It is NUL when it is not set, and
    // half of a surrogate pair is part of real text in Java's UTF-16: only the quote itself, which is doubled, does no harm.
    charToEscapeQuoteEscaping: '"',
    header: 'false',
    encoding: 'UTF-8',
    // Without it newlines in values split records, and NUL is dropped.
    multiLine: 'true',
    // The parser turns what is empty and unquoted into this text, then the text into NULL: no value may equal it.
    nullValue: randomUUID(),
    emptyValue: '',
    mode: 'FAILFAST',
    unescapedQuoteHandling: 'RAISE_ERROR',
    maxCharsPerColumn: '-1',
    maxColumns: String(Math.max(columns, 1) + 1),
    nanValue: 'NaN',
    positiveInf: 'Infinity',
    negativeInf: '-Infinity',
    ignoreLeadingWhiteSpace: 'false',
    ignoreTrailingWhiteSpace: 'false',
    inferSchema: 'false',
    enableDateTimeParsingFallback: 'false',
    timeZone: 'UTC',
    // Decimals are read by a locale's rules.
    locale: 'en-US',
    ignoreCorruptFiles: 'false',
    ignoreMissingFiles: 'false',
  };
}

/**
 * `bucket/{a/1.csv,a/2.csv}`: a view takes one path, and passes over the option `paths` without a word (3.5.4). With a
 * slash inside the braces Hadoop makes plain paths of them first, so no folder is listed.
 * @throws TargetError CONFIG_INVALID for a path that is a pattern by itself: within braces only commas can be escaped.
 */
function pathPattern(files: readonly StagedFile[]): string {
  const locations = files.map(({ location }) => location);
  if (locations.some((location) => /[{}[\]*?\\]/.test(location))) {
    throw new TargetError('CONFIG_INVALID', 'Spark takes any of { } [ ] * ? \\ in "s3_key_prefix" for a pattern');
  }
  const [first = ''] = locations;
  if (locations.length === 1) return first;
  const root = /^[a-z0-9]+:\/\/[^/]*\/|^\//.exec(first)?.[0] ?? '';
  return `${root}{${locations.map((location) => location.slice(root.length).replaceAll(',', '\\,')).join(',')}}`;
}
