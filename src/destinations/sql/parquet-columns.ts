// The columns of a stream version and those of a Parquet file → which is which, by name.

import { cutName } from '../../errors/cut-name.ts';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { StreamVersion } from '../../schema/model.ts';
import type { FileColumn } from './parquet-dialect.ts';

/**
 * A name counts as it stands or, where no column has it, whatever its case. A property that was flattened is found by its
 * joined name.
 * @throws TargetError INPUT_BATCH_FILE where a name may mean two columns, or a column is still to be flattened
 */
export function findColumn(columns: readonly FileColumn[], path: readonly string[]): FileColumn | undefined {
  const name = path.join('__');
  const found = byName(columns, name);
  const root = path.length > 1 && found === undefined ? byName(columns, path[0]!) : undefined;
  if (root !== undefined)
    throw new TargetError(
      'INPUT_BATCH_FILE',
      `the file has a column "${root.name}" where flattened properties, such as "${name}", are wanted`,
      { column: path.join('.') },
    );
  return found;
}

function byName(columns: readonly FileColumn[], name: string): FileColumn | undefined {
  const exact = columns.find((column) => column.name === name);
  if (exact) return exact;
  const alike = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  if (alike.length < 2) return alike[0];
  throw new TargetError('INPUT_BATCH_FILE', 'the file has several columns that differ only by case', { column: name });
}

/** Columns of the file that the stream does not have. */
export function undeclared(columns: readonly FileColumn[], { columns: declared }: StreamVersion): readonly string[] {
  const known = new Set(declared.map(({ path }) => path.join('__').toLowerCase()));
  return columns.map(({ name }) => name).filter((name) => !known.has(name.toLowerCase()) && !/^_sdc_/i.test(name));
}

/** @returns what tells, once for each column, that it is not loaded */
export function sayIgnoredColumns(stream: string, log: Log): (columns: readonly string[]) => void {
  const said = new Set<string>();
  return (columns) => {
    const fresh = [...new Set(columns)].filter((name) => !said.has(name));
    for (const name of fresh) said.add(name);
    if (fresh.length > 0)
      log.warn(
        `stream ${stream}: Parquet files have columns that its SCHEMA lacks, which are not loaded: ${fresh.map(cutName).join(', ')}`,
      );
  };
}
