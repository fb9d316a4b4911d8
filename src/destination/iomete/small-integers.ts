// Columns of INT that a load would make BIGINT → those that must stay, as files hold them as TINYINT or SMALLINT.
//
// Iceberg has neither type: migrated and added files with such columns are read as INT. Once the column is BIGINT, Spark's
// vectorized reader of Iceberg 1.9 fails on these files, so nobody can read the table.
import { TargetError } from '../../errors/target-error.ts';
import type { Evolution, Step } from '../../schema/evolve.ts';
import type { StreamVersion } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { wantedColumns } from '../sql/table-columns.ts';
import { mappedField, type NameMapping } from './name-mapping.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

/** Names of columns. Members of structs are not among them: those are read in another way. */
export const integersToWiden = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) =>
    step.kind === 'widen' && step.from.kind === 'other' && step.to.kind === 'bigint' ? [step.name] : [],
  );

/**
 * @param table quoted
 * @param mapping of the table's columns to names in files without field ids
 * @param columns of INT
 * @returns those that are TINYINT or SMALLINT in such a file; all of them where the files can't be looked into
 */
export async function smallIntegers(
  spark: SparkSession,
  table: string,
  mapping: NameMapping,
  columns: readonly string[],
): Promise<ReadonlySet<string>> {
  const types = await typesInFiles(spark, table);
  if (types === undefined) return new Set(columns);
  const isSmall = (name: string) => /^(tinyint|smallint)$/.test(types.get(foldCase(name)) ?? '');
  return new Set(columns.filter((column) => mappedField(mapping, [column])?.names.some(isSmall)));
}

/** @param small names of columns that must stay. @throws TargetError TABLE_KEY_TYPE where a key is among them */
export function refuseSmallKeys(small: ReadonlySet<string>, version: StreamVersion, { columns }: Evolution): void {
  for (const [place, { key }] of wantedColumns(version).entries()) {
    const column = columns[place]?.name;
    if (key && column !== undefined && small.has(column))
      throw new TargetError(
        'TABLE_KEY_TYPE',
        'files of the table may hold the key column as TINYINT or SMALLINT, and nobody could read them once the column is BIGINT',
        { column },
      );
  }
}

const VIEW = 'target_iomete_files';
/** A path of more folders is too long to be asked for. */
const MAX_FOLDERS = 50;

/** By lower-case name; undefined where the files have different types for one name, or can't be read by their paths. */
async function typesInFiles(spark: SparkSession, table: string): Promise<ReadonlyMap<string, string> | undefined> {
  const folders = await foldersOf(spark, table);
  if (folders.length === 0) return new Map();
  const paths = folders.map(({ folder }) => String(folder));
  if (paths.length > MAX_FOLDERS || paths.some((path) => /[*?,[\]{}\\]/.test(path))) return undefined;
  const { quoteName, quoteText } = sparkDialect;
  const path = paths.length === 1 ? paths[0]! : `{${paths.join(',')}}`;
  const filter = folders.every(({ named }) => String(named) === 'true') ? ", pathGlobFilter '*.parquet'" : '';
  const options = `path ${quoteText(path)}, mergeSchema 'true', recursiveFileLookup 'true'${filter}`;
  try {
    await spark.execute(`CREATE OR REPLACE TEMPORARY VIEW ${quoteName(VIEW)} USING parquet OPTIONS (${options})`);
    const described = await spark.run(`DESCRIBE ${quoteName(VIEW)}`);
    await spark.execute(`DROP VIEW ${quoteName(VIEW)}`);
    return new Map(described.map((row) => [foldCase(String(row.col_name)), String(row.data_type)]));
  } catch (failure) {
    if (failure instanceof StatementError && failure.outcome === 'failed') return undefined;
    throw failure;
  }
}

/** Folders of Parquet files, without those of partitions; `named`: all files in it have the usual ending. */
const foldersOf = (spark: SparkSession, table: string) =>
  spark.run(
    `SELECT regexp_replace(regexp_extract(file_path, '^(.*)/[^/]*$', 1), '(/[^/=]+=[^/]*)+$', '') AS folder, ` +
      `min(endswith(file_path, '.parquet')) AS named FROM ${table}.files ` +
      `WHERE content = 0 AND lower(file_format) = 'parquet' GROUP BY 1 LIMIT ${MAX_FOLDERS + 1}`,
  );
