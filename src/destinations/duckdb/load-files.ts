// A load → its rows in the table, in one commit, after as many rows were read as were staged.
import type { DuckDBConnection } from '@duckdb/node-api';
import { stagedName } from '../../formats/layout.ts';
import { areParquet } from '../../stage/file-names.ts';
import type { Load, LoadOutcome } from '../destination.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { inexactCount } from '../sql/inexact-columns.ts';
import {
  deleteStatement,
  insertNewStatement,
  insertStatement,
  loadStatement,
  replacesWholeRows,
} from '../sql/load-statements.ts';
import { checkRows, type Tally, tallyQuery } from '../sql/load-tally.ts';
import { readLayout } from '../sql/read-layout.ts';
import type { LoadTarget } from '../sql/source.ts';
import { unfitCount } from '../sql/unfit-values.ts';
import { isConstraintError, isCsvError, isOutOfMemory } from './duckdb-errors.ts';
import { inRoomyTransaction } from './roomy-transaction.ts';
import { stagedRelation } from './staged-relation.ts';
import { firstRow, firstValue } from './statements.ts';
import type { TableKeys } from './table-keys.ts';

export interface FilesToLoad extends Omit<LoadTarget, 'relation'> {
  readonly keys: TableKeys;
}

type Target = FilesToLoad & LoadTarget;

/** Rows of CSV that are longer than the first are rare; each further size is tried only when the one before it failed. */
const readBufferBytes = [8, 64, 512].map((mebibytes) => mebibytes * 2 ** 20);

/** Groups that hold whole rows can't be spilled to the disk: 1M rows of 12 columns took more than 1 GB. */
const maxFoldedRows = 200_000;
const maxParts = 256;

/** Temporary tables belong to their connection: loaders don't see each other's. */
const stagedTable = 'temp.main.staged';

/** @throws TargetError LOAD_ROWS_MISMATCH, and what DuckDB throws. The table is as it was then. */
export async function loadFiles(connection: DuckDBConnection, target: FilesToLoad): Promise<LoadOutcome> {
  const { load, columns } = target;
  const layout = readLayout(load, columns);
  let unreadable: unknown;
  for (const bufferBytes of readBufferBytes) {
    try {
      return await loadRelation(connection, { ...target, layout }, stagedRelation(layout, load.files, bufferBytes));
    } catch (error) {
      // A larger buffer that memory has no room for says nothing of why a smaller one did not do.
      if (!isCsvError(error)) throw unreadable ?? error;
      unreadable ??= error;
    }
  }
  throw unreadable;
}

/** @param relation anything that may stand after FROM, with the columns of the staged layout and `load.rows` rows */
export async function loadRelation(
  connection: DuckDBConnection,
  target: FilesToLoad,
  relation: string,
): Promise<LoadOutcome> {
  const { load, columns } = target;
  const unfit = unfitCount(duckdbDialect, load.version, columns, relation);
  if (unfit !== undefined) unfit.check((await firstRow(connection, unfit.statement))!);
  const count = inexactCount(duckdbDialect, load.version, columns, relation);
  const inexact = count === undefined ? new Map() : count.read((await firstRow(connection, count.statement))!);
  const loadFrom = await wayFor(connection, target);
  const { deduplicated, deleted } = await loadFrom(connection, target, relation);
  return { inexact, deduplicated, deleted };
}

async function wayFor(connection: DuckDBConnection, target: FilesToLoad) {
  const { load, keys, table } = target;
  if (load.version.keys.length === 0) return appendFrom;
  if (await isEmpty(connection, table)) {
    keys.wasEmpty();
    if (hasOneRowPerKey(load)) return appendFrom;
  }
  return replacesWholeRows(target) ? replaceFrom : mergeFrom;
}

const hasOneRowPerKey = (load: Load): boolean => !load.mayRepeatKeys && !load.hasDeletes;

const isEmpty = async (connection: DuckDBConnection, table: string): Promise<boolean> =>
  (await firstValue(connection, `SELECT 1 FROM ${table} LIMIT 1`)) === undefined;

/** Straight from the files into the table, counted before the commit. */
async function appendFrom(connection: DuckDBConnection, target: FilesToLoad, relation: string): Promise<Tally> {
  return inRoomyTransaction(connection, async () => {
    const inserted = await connection.run(insertStatement(duckdbDialect, { ...target, relation }));
    checkRows(target.load, inserted.rowsChanged, 'DuckDB');
    return { rows: inserted.rowsChanged, deduplicated: 0, deleted: 0 };
  });
}

/** Rows by their keys, all of them anew: half of a MERGE's CPU and memory, see docs/decisions/large-keyed-loads-delete-and-insert.md. */
async function replaceFrom(connection: DuckDBConnection, target: FilesToLoad, relation: string): Promise<Tally> {
  try {
    // keys are read before rows, and Parquet reads them alone
    const replaced = await (areParquet(target.load.files)
      ? replaceRows(connection, { ...target, relation })
      : withStagedTable(connection, relation, () => replaceRows(connection, { ...target, relation: stagedTable })));
    if (replaced !== undefined) return replaced;
  } catch (error) {
    // An index may take a row that was deleted for one that is still there.
    if (!isConstraintError(error) && !isOutOfMemory(error)) throw error;
  }
  return mergeFrom(connection, target, relation);
}

/** @returns undefined where several rows of the table have one key: a MERGE changes them all, and this would leave one */
async function replaceRows(connection: DuckDBConnection, target: Target): Promise<Tally | undefined> {
  const { rows, repeats } = target.load;
  if (await target.keys.repeat(connection, target)) return undefined;
  return inRoomyTransaction(connection, async () => {
    await connection.run(deleteStatement(duckdbDialect, target));
    const { rowsChanged: inserted } = await connection.run(insertNewStatement(duckdbDialect, target));
    if (repeats !== undefined && inserted === rows - repeats) return { rows, deduplicated: repeats, deleted: 0 };
    const tally = await tallied(connection, target);
    checkRows(target.load, inserted + tally.deduplicated, 'DuckDB');
    return tally;
  });
}

/** By way of a temporary table, so that the files are read and counted once, before the table is touched. */
async function mergeFrom(connection: DuckDBConnection, target: FilesToLoad, relation: string): Promise<Tally> {
  return withStagedTable(connection, relation, async () => {
    const tally = await tallied(connection, { ...target, relation: stagedTable });
    await target.keys.tellOnce(connection, { ...target, relation: stagedTable });
    await mergeStaged(connection, target);
    return tally;
  });
}

async function withStagedTable<T>(connection: DuckDBConnection, relation: string, work: () => Promise<T>): Promise<T> {
  try {
    await connection.run(`CREATE OR REPLACE TEMPORARY TABLE ${stagedTable} AS SELECT * FROM ${relation}`);
    return await work();
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${stagedTable}`).catch(() => {});
  }
}

async function tallied(connection: DuckDBConnection, target: LoadTarget): Promise<Tally> {
  const { statement, read } = tallyQuery(duckdbDialect, target);
  const tally = read((await firstRow(connection, statement))!);
  checkRows(target.load, tally.rows, 'DuckDB');
  return tally;
}

/** In one statement or, when that is too much for the memory limit, in several within one transaction. */
async function mergeStaged(connection: DuckDBConnection, target: FilesToLoad): Promise<void> {
  const { mayRepeatKeys, hasDeletes, absentColumns, rows } = target.load;
  const folds = mayRepeatKeys && (hasDeletes || absentColumns.size > 0);
  for (let parts = folds ? Math.ceil(rows / maxFoldedRows) : 1; ; parts *= 4) {
    try {
      return await inRoomyTransaction(connection, async () => {
        for (let part = 0; part < parts; part++) {
          const relation = partOfKeys(target.load, part, parts);
          await connection.run(loadStatement(duckdbDialect, { ...target, relation }));
        }
      });
    } catch (error) {
      if (!isOutOfMemory(error) || parts > maxParts || parts > rows) throw error;
    }
  }
}

/** All records of a key are in one part. */
function partOfKeys({ version }: Load, part: number, parts: number): string {
  if (parts === 1) return stagedTable;
  return `(SELECT * FROM ${stagedTable} WHERE hash(${version.keys.map(stagedName).join(', ')}) % ${parts} = ${part})`;
}
