// A stream version → its table, there and with every column that the version wants.

import type { Log } from '../../errors/log.ts';
import { TargetError } from '../../errors/target-error.ts';
import type { Evolution, ExistingColumn, Step, Widen } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import { widened } from '../../schema/table-types.ts';
import { tableReference } from '../sql/dialect.ts';
import { keyTextCheck } from '../sql/key-texts.ts';
import { absentTable, evolvedTable, newColumns, newTable, type PreparedTable, planFor } from '../sql/prepared-table.ts';
import { sparkDialect, stagingProperty } from '../sql/spark-dialect.ts';
import { inTheWay } from '../sql/staging-table.ts';
import { createTableStatements, evolveStatements } from '../sql/table-statements.ts';
import { evolveMapped } from './mapped-columns.ts';
import { nameMappingProperty, readNameMapping } from './name-mapping.ts';
import { namesReservedIn, refuseReserved } from './reserved-names.ts';
import type { Schemas } from './schemas.ts';
import type { SparkSession } from './session.ts';
import { integersToWiden, refuseSmallKeys, smallIntegers } from './small-integers.ts';
import { isMissing, StatementError } from './statement-error.ts';
import { refuseDoubtful, refuseForeign, refuseSteps } from './table-checks.ts';
import { readDescription, type TableDescription, withQuotedMembers } from './table-description.ts';
import { tableProperties } from './table-properties.ts';

export interface PreparedLakeTable extends PreparedTable {
  /** As the table has them. */
  readonly properties: TableDescription['properties'];
}

export interface Preparing {
  /** Of the run. */
  readonly schemas: Schemas;
  readonly log: Log;
  /** Whether the table is a staging table: it is marked, and one that has no mark is refused. */
  readonly isStaging?: boolean;
}

/**
 * All that has to be done is known, and checked against the whole table, before the first step.
 * @throws TargetError TABLE_IS_VIEW, TABLE_NOT_ICEBERG, TABLE_UNSUPPORTED, TABLE_NAME_RESERVED, TABLE_PARTITION,
 * TABLE_IDENTIFIER, TABLE_NAME_MAPPING, TABLE_KEY_TYPE, SCHEMA_CONTRACT; StatementError
 */
export async function prepareTable(
  spark: SparkSession,
  version: StreamVersion,
  name: TableName,
  { schemas, log, isStaging = false }: Preparing,
): Promise<PreparedLakeTable> {
  const table = tableReference(sparkDialect, name);
  /** Former names of partition fields, which no statement tells. */
  const former = new Set<string>();
  let isNew = false;
  for (let round = 1; round <= maxRounds; round++) {
    const described = await describe(spark, table);
    if (described === undefined) {
      const absent = absentTable(version);
      if (absent) return { ...absent, properties: new Map() };
      await schemas.make(spark, name);
      // Another writer may make the table first, with other columns: look again.
      for (const statement of createTableStatements(
        sparkDialect,
        table,
        newColumns(version, namesReservedIn()),
        isStaging,
      ))
        await spark.execute(statement);
      isNew = true;
      continue;
    }
    if (isStaging && !isMarked(described)) throw inTheWay(name, version.stream);
    const found = withFormerPartitions(described, former);
    const free = isNew ? { ...version, contract: undefined } : version;
    const { prepared, properties } = await decided(spark, found, free, name);
    const { steps } = prepared;
    if (steps.length === 0) return { ...prepared, isNew, properties: found.properties };
    const hasMapping = properties.has(nameMappingProperty);
    try {
      const names = found.columns.map((column) => column.name);
      if (hasMapping) await evolveMapped(spark, table, steps, names);
      else await evolve(spark, table, steps);
    } catch (error) {
      const taken = partitionName(error);
      if (taken !== undefined) former.add(taken);
      if (round === maxRounds || (taken === undefined && !isBeaten(error))) throw error;
      await spark.execute(`REFRESH TABLE ${table}`);
      continue;
    }
    report(steps, name, version.stream, log);
    return { ...prepared, isNew, properties: found.properties };
  }
  throw new TargetError('LOAD_FAILED', `${name.schema}.${name.table} was made, and is gone again`);
}

const maxRounds = 4;

/**
 * What `prepareTable` would say of the table now, which is left as it is.
 * @throws TargetError as `prepareTable` does; StatementError
 */
export async function checkTable(spark: SparkSession, version: StreamVersion, name: TableName): Promise<PreparedTable> {
  const table = tableReference(sparkDialect, name);
  const found = await describe(spark, table);
  if (found === undefined) return absentTable(version) ?? newTable(version, namesReservedIn());
  return (await decided(spark, found, version, name, { areKeysAsked: false })).prepared;
}

interface Decision {
  readonly prepared: PreparedTable;
  /** Of the table, in full; none where there is nothing to be done. */
  readonly properties: ReadonlyMap<string, string>;
}

/**
 * What is to be done to a table, after every check that does not change the table.
 * @param spark undefined for a table that will be made: nothing is asked of it
 * @param found the table's description, as it is or as it will be
 * @param earlier steps that will have been done by then
 * @throws TargetError what `prepareTable` throws before its first step
 */
export async function decided(
  spark: SparkSession | undefined,
  found: TableDescription,
  version: StreamVersion,
  name: TableName,
  { areKeysAsked = true, earlier = [] }: { readonly areKeysAsked?: boolean; readonly earlier?: readonly Step[] } = {},
): Promise<Decision> {
  const table = tableReference(sparkDialect, name);
  const { evolution, properties } = await soundPlan(spark, found, version, name);
  const prepared = evolvedTable(version, evolution);
  const all = { ...evolution, steps: [...earlier, ...evolution.steps] };
  const keys = areKeysAsked ? keyTextCheck(sparkDialect, version, all, table) : undefined;
  if (spark !== undefined && keys !== undefined) keys.assert((await spark.run(keys.statement))[0]!);
  refuseSteps(evolution.steps, found, properties, table);
  return { prepared, properties };
}

interface SoundPlan {
  readonly evolution: Evolution;
  /** Of the table, in full; none where there is nothing to be done. */
  readonly properties: ReadonlyMap<string, string>;
}

/** A plan after which the table's files can be read. */
async function soundPlan(
  spark: SparkSession | undefined,
  found: TableDescription,
  version: StreamVersion,
  name: TableName,
): Promise<SoundPlan> {
  const evolution = planned(found, version, name);
  if (spark === undefined || evolution.steps.length === 0) return { evolution, properties: new Map() };
  const table = tableReference(sparkDialect, name);
  const properties = await tableProperties(spark, table);
  const mapping = properties.get(nameMappingProperty);
  const integers = integersToWiden(evolution.steps);
  if (mapping === undefined || integers.length === 0) return { evolution, properties };
  const small = await smallIntegers(spark, table, readNameMapping(mapping), integers);
  if (small.size === 0) return { evolution, properties };
  refuseSmallKeys(small, version, evolution);
  return { evolution: planned(found, version, name, small), properties };
}

/** @param fixed names of columns that can't be widened in place */
function planned(
  found: TableDescription,
  version: StreamVersion,
  name: TableName,
  fixed: ReadonlySet<string> = new Set(),
): Evolution {
  refuseForeign(found, name);
  refuseReserved(found, name, version);
  const widen: Widen = (column, wanted) => (fixed.has(column.name) ? undefined : widened(column.type, wanted));
  const evolution = planFor(version, existingColumns(found), { widen, reserved: namesReservedIn(found) });
  refuseDoubtful(found, version, evolution, name);
  return evolution;
}

/** Where a step fails, columns that have been renamed get their names back. */
async function evolve(spark: SparkSession, table: string, steps: readonly Step[]): Promise<void> {
  const { quoteName } = sparkDialect;
  const undos: string[] = [];
  try {
    for (const statement of evolveStatements(sparkDialect, table, steps)) {
      await spark.execute(statement);
      const renamed = steps.find((step) => step.kind === 'rename' && statement.includes(` TO ${quoteName(step.to)}`));
      if (renamed?.kind === 'rename')
        undos.unshift(`ALTER TABLE ${table} RENAME COLUMN ${quoteName(renamed.to)} TO ${quoteName(renamed.from)}`);
    }
  } catch (error) {
    if (error instanceof StatementError && error.outcome === 'failed' && !isBeaten(error))
      for (const undo of undos) await spark.execute(undo).catch(() => {});
    throw error;
  }
}

/** DESCRIBE does not tell which columns are NOT NULL, and dropping what is not there does no harm. */
const existingColumns = ({ columns }: TableDescription): readonly ExistingColumn[] =>
  columns.map((column) => ({ ...column, required: true }));

/** The names of members are looked up where they are quoted, should there be a doubt. */
export async function describe(spark: SparkSession, table: string): Promise<TableDescription | undefined> {
  try {
    const found = readDescription(await spark.run(`DESCRIBE TABLE EXTENDED ${table}`));
    if (found.kind !== 'iceberg' || !found.columns.some(({ isDoubtful }) => isDoubtful)) return found;
    const [row] = await spark.run(`SHOW CREATE TABLE ${table}`);
    return withQuotedMembers(found, String(row?.createtab_stmt));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether what was found is a staging table of some run. */
export const isMarked = ({ kind, properties }: TableDescription): boolean =>
  kind === 'iceberg' && properties.get(stagingProperty) === 'true';

const withFormerPartitions = (found: TableDescription, names: ReadonlySet<string>): TableDescription => ({
  ...found,
  partitions: [...found.partitions, ...[...names].map((name) => ({ name, text: name, column: name }))],
});

/** The name of a partition field for which Iceberg has refused a new column. */
const partitionName = (failure: unknown): string | undefined =>
  failure instanceof StatementError && failure.outcome === 'failed' ? failure.find(partitionConflict) : undefined;
const partitionConflict =
  /Cannot create (?:identity partition sourced from different field in schema|partition from name that exists in schema): ([^\n]+)/;

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
