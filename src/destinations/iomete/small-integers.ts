// Columns of INT that a load would make BIGINT → those that must stay, as files hold them as TINYINT or SMALLINT.
//
// Iceberg has neither type: migrated and added files with such columns are read as INT. Once the column is BIGINT, Spark's
// vectorized reader of Iceberg 1.9 fails on these files, so nobody can read the table.
import { randomBytes } from 'node:crypto';
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
  const isSmall = (name: string) => {
    const found = types.get(foldCase(name));
    return found?.has('tinyint') || found?.has('smallint');
  };
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

/** Each folder is a question of its own. */
const MAX_FOLDERS = 50;
const MAX_FILES = 100;

type Types = readonly (readonly [name: string, type: string])[];

/** By lower-case name, all types that files have for it; undefined where files can't be read by their paths. */
async function typesInFiles(
  spark: SparkSession,
  table: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  const folders = await foldersOf(spark, table);
  if (folders.length > MAX_FOLDERS) return undefined;
  const types = new Map<string, Set<string>>();
  for (const { folder, named } of folders) {
    const options = `mergeSchema 'true', recursiveFileLookup 'true'${String(named) === 'true' ? ", pathGlobFilter '*.parquet'" : ''}`;
    const found = (await typesAt(spark, String(folder), options)) ?? (await typesOfEach(spark, table, String(folder)));
    if (found === undefined) return undefined;
    for (const [name, type] of found) types.set(name, (types.get(name) ?? new Set()).add(type));
  }
  return types;
}

/** For a folder that holds other files too, whose types don't go together with those of the table. */
async function typesOfEach(spark: SparkSession, table: string, folder: string): Promise<Types | undefined> {
  const isIn = `startswith(file_path, ${sparkDialect.quoteText(`${folder}/`)})`;
  const files = await spark.run(
    `SELECT file_path FROM ${table}.files WHERE ${isParquet} AND ${isIn} LIMIT ${MAX_FILES + 1}`,
  );
  if (files.length > MAX_FILES) return undefined;
  const types: (readonly [string, string])[] = [];
  for (const { file_path } of files) {
    const found = await typesAt(spark, String(file_path), '');
    if (found === undefined) return undefined;
    types.push(...found);
  }
  return types;
}

/** @param path of a folder or a file, @param options of Spark's reader */
async function typesAt(spark: SparkSession, path: string, options: string): Promise<Types | undefined> {
  if (/[*?[\]{}\\]/.test(path)) return undefined;
  const { quoteName, quoteText } = sparkDialect;
  // tables that are prepared at the same time may share a session
  const view = quoteName(`target_iomete_files_${randomBytes(6).toString('hex')}`);
  const given = [`path ${quoteText(path)}`, options].filter(Boolean).join(', ');
  try {
    await spark.execute(`CREATE TEMPORARY VIEW ${view} USING parquet OPTIONS (${given})`);
    const described = await spark.run(`DESCRIBE ${view}`);
    await spark.execute(`DROP VIEW ${view}`);
    return described.map((row) => [foldCase(String(row.col_name)), String(row.data_type)] as const);
  } catch (error) {
    if (error instanceof StatementError && error.outcome === 'failed') return undefined;
    throw error;
  }
}

const isParquet = "content = 0 AND lower(file_format) = 'parquet'";

/** Folders of Parquet files, without those of partitions; `named`: all files in it have the usual ending. */
const foldersOf = (spark: SparkSession, table: string) =>
  spark.run(
    `SELECT regexp_replace(regexp_extract(file_path, '^(.*)/[^/]*$', 1), '(/[^/=]+=[^/]*)+$', '') AS folder, ` +
      `min(endswith(file_path, '.parquet')) AS named FROM ${table}.files ` +
      `WHERE ${isParquet} GROUP BY 1 LIMIT ${MAX_FOLDERS + 1}`,
  );
