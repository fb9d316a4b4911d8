// A stream version → its table, there and with every column that the version wants.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import { sourceIn } from '../../schema/column-source.ts';
import type { ExistingColumn, Step } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { keyTextCheck } from '../sql/key-texts.ts';
import { absentTable, evolvedTable, newTable, type PreparedTable, planFor } from '../sql/prepared-table.ts';
import { inTheWay } from '../sql/staging-table.ts';
import { wantedColumns } from '../sql/table-columns.ts';
import { createSchemaStatement, createTableStatements, evolveStatements } from '../sql/table-statements.ts';
import { refuseCollatedKeys } from './collated-keys.ts';
import { parseDuckdbType } from './duckdb-types.ts';
import { possibleSteps } from './possible-steps.ts';
import { rescalable } from './rescalable.ts';
import { isStagingTable } from './staging-tables.ts';
import { firstRow, isNamed } from './statements.ts';
import { limitsOf } from './table-limits.ts';

export interface Preparing {
  readonly log: Log;
  /** Whether the table is a staging table: it is marked, and one that has no mark is refused. */
  readonly isStaging?: boolean;
  /** Takes each statement that changes the table, before it is run. */
  readonly onChange?: ((statement: string) => void) | undefined;
}

/**
 * To be called within a transaction: all steps are done or none.
 * @param name with the catalog: `a.b` is refused as ambiguous where file and schema have one name.
 * @throws TargetError TABLE_IS_VIEW, TABLE_UNSUPPORTED, TABLE_KEY_TYPE, TABLE_CONSTRAINT, SCHEMA_CONTRACT
 */
export async function prepareTable(
  connection: DuckDBConnection,
  version: StreamVersion,
  name: TableName,
  { log, isStaging = false, onChange }: Preparing,
): Promise<PreparedTable> {
  const table = tableReference(duckdbDialect, name);
  const change = async (statement: string) => {
    onChange?.(statement);
    await connection.run(statement);
  };
  if (!(await isThere(connection, name))) {
    const absent = absentTable(version);
    if (absent) return absent;
    await change(createSchemaStatement(schemaReference(name)));
    for (const statement of createTableStatements(duckdbDialect, table, wantedColumns(version), isStaging))
      await change(statement);
    return newTable(version);
  }
  if (isStaging && !(await isStagingTable(connection, name))) throw inTheWay(name, version.stream);
  const { evolution, limits } = await possiblePlan(connection, version, name);
  const prepared = evolvedTable(version, evolution);
  const keys = keyTextCheck(duckdbDialect, version, evolution, table);
  if (keys !== undefined) keys.assert((await firstRow(connection, keys.statement))!);
  for (const statement of evolveStatements(duckdbDialect, table, evolution.steps)) await change(statement);
  // Of a file just opened, DuckDB loads an index when a DELETE is prepared. A MERGE before takes each row for its own double (1.5.6).
  if (limits.hasIndex) await connection.run(`DELETE FROM ${table} WHERE false`);
  report(evolution.steps, name, version.stream, log);
  return prepared;
}

/**
 * What `prepareTable` would say of the table now, which is left as it is.
 * @throws TargetError TABLE_IS_VIEW, TABLE_KEY_TYPE, TABLE_CONSTRAINT, SCHEMA_CONTRACT
 */
export async function checkTable(
  connection: DuckDBConnection,
  version: StreamVersion,
  name: TableName,
): Promise<PreparedTable> {
  if (!(await isThere(connection, name))) return absentTable(version) ?? newTable(version);
  return evolvedTable(version, (await possiblePlan(connection, version, name)).evolution);
}

/** All of its steps can be carried out. */
async function possiblePlan(connection: DuckDBConnection, version: StreamVersion, name: TableName) {
  const columns = await columnsOf(connection, name);
  const limits = await limitsOf(connection, name, columns);
  const widen = await rescalable(connection, version, { name, columns, limits });
  const evolution = planFor(version, columns, { widen });
  await refuseCollatedKeys(connection, version, name, evolution.columns);
  return { evolution: possibleSteps(evolution, wantedColumns(version), limits), limits };
}

/** @throws TargetError TABLE_IS_VIEW */
async function isThere(connection: DuckDBConnection, name: TableName): Promise<boolean> {
  const kind = await kindOf(connection, name);
  if (kind === 'VIEW') throw new TargetError('TABLE_IS_VIEW', `${name.schema}.${name.table} is a view`);
  return kind !== undefined;
}

/** `BASE TABLE`, `VIEW`, or undefined when nothing has this name. */
async function kindOf(connection: DuckDBConnection, name: TableName): Promise<string | undefined> {
  const found = await connection.runAndReadAll(
    `SELECT table_type FROM information_schema.tables WHERE ${isNamed(name, 'table_catalog', 'table_schema')}`,
  );
  const kind = found.getRows()[0]?.[0];
  return kind === undefined ? undefined : String(kind);
}

export async function columnsOf(connection: DuckDBConnection, name: TableName): Promise<readonly ExistingColumn[]> {
  const found = await connection.runAndReadAll(
    `SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns() WHERE ${isNamed(name, 'database_name', 'schema_name')} ORDER BY column_index`,
  );
  return found.getRows().map(([column, type, nullable, fallback, comment]) => ({
    name: String(column),
    type: parseDuckdbType(String(type)),
    required: nullable === false,
    default: fallback === null ? undefined : String(fallback),
    source: comment === null ? undefined : sourceIn(String(comment), String(column)),
  }));
}

function schemaReference({ catalog, schema }: TableName): string {
  return [catalog ?? '', schema].map((part) => duckdbDialect.quoteName(part)).join('.');
}

function report(steps: readonly Step[], { schema, table }: TableName, stream: string, log: Log): void {
  const where = `stream ${stream}: table ${schema}.${table}`;
  for (const step of steps) {
    if (step.kind === 'rename')
      log.info(`${where}: column ${step.from} changed its type, its old values are kept as ${step.to}`);
    else if (step.kind === 'widen') log.info(`${where}: column ${step.name} is now ${duckdbDialect.typeName(step.to)}`);
    else log.info(`${where}: added column ${step.name} ${duckdbDialect.typeName(step.type)}`);
  }
}
