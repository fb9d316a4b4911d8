// A stream version → its table, there and with every column that the version wants.
import { TargetError } from '../../errors/target-error.ts';
import type { ExistingColumn, Step } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Log } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { keyTextCheck } from '../sql/key-texts.ts';
import { absentTable, evolvedTable, newTable, type PreparedTable, planFor } from '../sql/prepared-table.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { wantedColumns } from '../sql/table-columns.ts';
import { createTableStatements, evolveStatements } from '../sql/table-statements.ts';
import type { Schemas } from './schemas.ts';
import type { SparkSession } from './session.ts';
import { isMissing, StatementError } from './statement-error.ts';
import { readDescription, type TableDescription } from './table-description.ts';

export interface PreparedLakeTable extends PreparedTable {
  /** As the table has them. */
  readonly properties: TableDescription['properties'];
}

export interface Preparing {
  /** Of the run. */
  readonly schemas: Schemas;
  readonly log: Log;
}

/**
 * @throws TargetError TABLE_IS_VIEW, TABLE_NOT_ICEBERG, TABLE_KEY_TYPE, SCHEMA_CONTRACT; StatementError
 */
export async function prepareTable(
  spark: SparkSession,
  version: StreamVersion,
  name: TableName,
  { schemas, log }: Preparing,
): Promise<PreparedLakeTable> {
  const table = tableReference(sparkDialect, name);
  let isNew = false;
  for (let round = 1; round <= maxRounds; round++) {
    const found = await describe(spark, table);
    if (found === undefined) {
      const absent = absentTable(version);
      if (absent) return { ...absent, properties: new Map() };
      await schemas.make(spark, name);
      // Another writer may make the table first, with other columns: look again.
      for (const statement of createTableStatements(sparkDialect, table, wantedColumns(version)))
        await spark.execute(statement);
      isNew = true;
      continue;
    }
    refuseForeign(found, name);
    const evolution = planFor(isNew ? { ...version, contract: undefined } : version, existingColumns(found));
    const prepared = evolvedTable(version, evolution);
    const keys = keyTextCheck(sparkDialect, version, evolution, table);
    if (keys !== undefined) keys.assert((await spark.run(keys.statement))[0]!);
    try {
      for (const statement of evolveStatements(sparkDialect, table, evolution.steps)) await spark.execute(statement);
    } catch (failure) {
      if (round === maxRounds || !isBeaten(failure)) throw failure;
      await spark.execute(`REFRESH TABLE ${table}`);
      continue;
    }
    report(evolution.steps, name, version.stream, log);
    return { ...prepared, isNew, properties: found.properties };
  }
  throw new TargetError('LOAD_FAILED', `${name.schema}.${name.table} was made, and is gone again`);
}

const maxRounds = 4;

/**
 * What `prepareTable` would say of the table now, which is left as it is.
 * @throws TargetError TABLE_IS_VIEW, TABLE_NOT_ICEBERG, TABLE_KEY_TYPE, SCHEMA_CONTRACT; StatementError
 */
export async function checkTable(spark: SparkSession, version: StreamVersion, name: TableName): Promise<PreparedTable> {
  const found = await describe(spark, tableReference(sparkDialect, name));
  if (found === undefined) return absentTable(version) ?? newTable(version);
  refuseForeign(found, name);
  return evolvedTable(version, planFor(version, existingColumns(found)));
}

/** DESCRIBE does not tell which columns are NOT NULL, and dropping what is not there does no harm. */
const existingColumns = ({ columns }: TableDescription): readonly ExistingColumn[] =>
  columns.map((column) => ({ ...column, required: true }));

export async function describe(spark: SparkSession, table: string): Promise<TableDescription | undefined> {
  try {
    return readDescription(await spark.run(`DESCRIBE TABLE EXTENDED ${table}`));
  } catch (failure) {
    if (isMissing(failure)) return undefined;
    throw failure;
  }
}

/** @throws TargetError TABLE_IS_VIEW, TABLE_NOT_ICEBERG */
export function refuseForeign(found: TableDescription, { schema, table }: TableName): void {
  if (found.kind === 'view') throw new TargetError('TABLE_IS_VIEW', `${schema}.${table} is a view`);
  if (found.kind === 'other')
    throw new TargetError('TABLE_NOT_ICEBERG', `${schema}.${table} is a table of another format (${found.provider})`);
}

/** Another writer has changed the table between our look and our step. */
const isBeaten = (failure: unknown): boolean =>
  failure instanceof StatementError &&
  (failure.isConflict ||
    /^(FIELDS?_ALREADY_EXISTS|FIELD_NOT_FOUND|UNRESOLVED_COLUMN.*)$/.test(failure.errorClass ?? ''));

function report(steps: readonly Step[], { schema, table }: TableName, stream: string, log: Log): void {
  const where = `stream ${stream}: table ${schema}.${table}`;
  for (const step of steps) {
    if (step.kind === 'rename')
      log.warn(`${where}: column ${step.from} changed its type, its old values are kept as ${step.to}`);
    else if (step.kind === 'widen') log.info(`${where}: column ${step.name} is now ${sparkDialect.typeName(step.to)}`);
    else log.info(`${where}: added column ${step.name} ${sparkDialect.typeName(step.type)}`);
  }
}
