// Staged files → the relation that reads them exactly.

import { type StagedColumn, stagedName } from '../../formats/layout.ts';
import type { StagedFile } from '../../formats/staged-file.ts';
import { areParquet } from '../../stage/file-names.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';

/**
 * Anything that may stand after FROM, with the typed columns c0, c1, ….
 * @param bufferBytes the longest row of CSV that can be read; the reader takes a buffer of this size per file under way.
 */
export function stagedRelation(
  layout: readonly StagedColumn[],
  files: readonly StagedFile[],
  bufferBytes: number,
): string {
  return areParquet(files) ? parquetRelation(layout, files) : csvRelation(layout, files, bufferBytes);
}

/** An instant without a time zone is what tables hold. `epoch_us` counts its microseconds: no zone and no calendar have a say. */
function parquetRelation(layout: readonly StagedColumn[], files: readonly StagedFile[]): string {
  const columns = layout.map(({ type }, position) => {
    const name = stagedName(position);
    return type.kind === 'timestamp' ? `make_timestamp(epoch_us(${name})) AS ${name}` : name;
  });
  const reader = `read_parquet(${pathsOf(files)}, hive_partitioning = false, union_by_name = false)`;
  return `(SELECT ${columns.join(', ')} FROM ${reader})`;
}

/**
 * Nothing is guessed: types, quotes and line ends are said, and only an unquoted nothing is NULL. CR, LF and NUL in
 * values come back as they were. Files are read beside each other, but each by one thread: `parallel` starts in the
 * middle of a file and takes a value that holds line feeds and looks like records for records (seen with 1.5.6).
 */
function csvRelation(layout: readonly StagedColumn[], files: readonly StagedFile[], bufferBytes: number): string {
  const { quoteText, typeName } = duckdbDialect;
  const columns = layout.map(({ type }, position) => `${stagedName(position)}: ${quoteText(typeName(type))}`);
  return `read_csv(${[
    pathsOf(files),
    `compression = ${quoteText(compressionOf(files))}`,
    `columns = {${columns.join(', ')}}`,
    `auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n'`,
    `nullstr = '', allow_quoted_nulls = false, parallel = false`,
    `max_line_size = ${bufferBytes}, buffer_size = ${bufferBytes}`,
  ].join(', ')})`;
}

const pathsOf = (files: readonly StagedFile[]): string =>
  `[${files.map(({ location }) => duckdbDialect.quoteText(globOf(location))).join(', ')}]`;

/** The pattern that this path alone matches: readers take every path for a pattern. */
export const globOf = (path: string): string => path.replace(/[*?[]/g, '[$&]');

/** Said as well: of a path that holds `?` DuckDB does not look at the ending. */
function compressionOf(files: readonly StagedFile[]): 'gzip' | 'none' | 'auto' {
  const zipped = files.filter(({ location }) => location.endsWith('.gz')).length;
  if (zipped === 0) return 'none';
  return zipped === files.length ? 'gzip' : 'auto';
}
