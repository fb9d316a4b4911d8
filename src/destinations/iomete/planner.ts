// A lakehouse → what runs would do to its tables: tables are looked at, and what loads would make of them is kept in mind.
import type { Log } from '../../errors/log.ts';
import { sourceComment, sourceIn } from '../../schema/column-source.ts';
import type { Step } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Planner } from '../destination.ts';
import { type TableColumnType, tableReference } from '../sql/dialect.ts';
import { planTable, type Trial, type TriedTable } from '../sql/plan-table.ts';
import { absentTable, newColumns, newTable, type PreparedTable } from '../sql/prepared-table.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { createSchemaStatement, createTableStatements, evolveStatements } from '../sql/table-statements.ts';
import { type ConnectionSettings, connect, type SparkClient } from './client.ts';
import { tableError } from './load-errors.ts';
import { nameMappingProperty } from './name-mapping.ts';
import { checkTable, decided, describe } from './prepare-table.ts';
import { namesReservedIn } from './reserved-names.ts';
import { schemaReference } from './schemas.ts';
import type { SparkSession } from './session.ts';
import { isMissing, StatementError } from './statement-error.ts';
import type { TableDescription } from './table-description.ts';
import { type TableSession, tableSession } from './table-session.ts';
import { unfilledColumn } from './unfilled-column.ts';

/** @throws TargetError what connecting throws */
export async function lakehousePlanner(
  settings: ConnectionSettings & { readonly catalog: string },
  log: Log,
): Promise<Planner> {
  const client: SparkClient = await connect(settings, log);
  const session = tableSession(() => client);
  const schemas = new Set<string>();
  const close = async () => {
    await session.close();
    await client.close();
  };
  try {
    await session.use(async () => {});
  } catch (error) {
    await close();
    throw error;
  }
  return {
    plan: (versions) => {
      const [{ table, stream }] = versions as [StreamVersion];
      const name = { ...table, catalog: table.catalog ?? settings.catalog };
      return planTable(sparkDialect, versions, name, trialOn(session, stream, schemas));
    },
    close,
  };
}

/** A table as the statements so far would have left it. */
interface KnownTable {
  /** Undefined: there is none. */
  readonly description: TableDescription | undefined;
  /** False for one that was not there when the plan began: nothing can be asked of it. */
  readonly isThere: boolean;
  /** What was done to it. */
  readonly steps: readonly Step[];
}

/** @param schemas that are there, or would have been made by then */
function trialOn(session: TableSession, stream: string, schemas: Set<string>): Trial {
  const known = new Map<string, KnownTable>();
  const asked = async <T>(name: TableName, work: (spark: SparkSession) => Promise<T>): Promise<T> => {
    try {
      return await session.use(work);
    } catch (error) {
      throw tableError(error, { stream }, tableReference(sparkDialect, name));
    }
  };
  const find = async (spark: SparkSession, table: string): Promise<KnownTable> => {
    const before = known.get(table);
    if (before !== undefined) return before;
    const description = await describe(spark, table);
    return { description, isThere: description !== undefined, steps: [] };
  };
  const make = async (spark: SparkSession, version: StreamVersion, name: TableName): Promise<TriedTable> => {
    const absent = absentTable(version);
    if (absent) return { table: absent, statements: [] };
    const table = tableReference(sparkDialect, name);
    const reserved = namesReservedIn();
    const columns = newColumns(version, reserved);
    const statements = [
      ...(await schemaStatements(spark, name, schemas)),
      ...createTableStatements(sparkDialect, table, columns),
    ];
    known.set(table, { description: madeTable(columns), isThere: false, steps: [] });
    return { table: newTable(version, reserved), statements };
  };
  const tried = (version: StreamVersion, name: TableName): Promise<TriedTable> =>
    asked(name, async (spark) => {
      const table = tableReference(sparkDialect, name);
      const { description, isThere, steps: earlier } = await find(spark, table);
      if (description === undefined) return make(spark, version, name);
      const asks = isThere ? spark : undefined;
      const { prepared, properties } = await decided(asks, description, version, name, { earlier });
      const { steps } = prepared;
      known.set(table, { description: changedTable(description, steps), isThere, steps: [...earlier, ...steps] });
      const statements = evolveStatements(sparkDialect, table, steps);
      return { table: prepared, statements: properties.has(nameMappingProperty) ? mapped(statements) : statements };
    });
  return {
    prepare: async (version, name) => {
      const outcome = await tried(version, name);
      if (outcome.table.isNew) schemas.add(schemaReference(name));
      return outcome;
    },
    // the table itself comes after its staging table, and tells of the schema
    prepareSide: tried,
    check: (version, name) => asked(name, (spark) => checkTable(spark, version, name)),
    unfilled: (name, others) => asked(name, (spark) => unfilledColumn(spark, name, others)),
    columnsOf: async (name) => known.get(tableReference(sparkDialect, name))?.description?.columns ?? [],
    swap: (table, source, values) => [
      values.size === 0
        ? `INSERT OVERWRITE ${table} SELECT * FROM ${table} WHERE false`
        : `INSERT OVERWRITE ${table} (${quoted([...values.keys()])}) SELECT ${[...values.values()].join(', ')} FROM ${source}`,
    ],
  };
}

const quoted = (names: readonly string[]): string => names.map((name) => sparkDialect.quoteName(name)).join(', ');

/** A new column gets its own name last, so that no reader sees another column's values in it. */
const mapped = (statements: readonly string[]): readonly string[] =>
  statements.length === 0 ? [] : ['-- by way of temporary names: the table has a name mapping', ...statements];

/** The statement that makes the schema, where there is none and none was planned. */
async function schemaStatements(
  spark: SparkSession,
  name: TableName,
  schemas: Set<string>,
): Promise<readonly string[]> {
  const reference = schemaReference(name);
  if (schemas.has(reference)) return [];
  try {
    await spark.run(`DESCRIBE SCHEMA ${reference}`);
    schemas.add(reference);
    return [];
  } catch (error) {
    if (isMissing(error)) return [createSchemaStatement(reference)];
    // a user who may not look at it may have the right to use it
    if (error instanceof StatementError && error.outcome === 'failed') return [];
    throw error;
  }
}

/** As DESCRIBE would tell of it. */
function madeTable(columns: ReturnType<typeof newColumns>): TableDescription {
  return {
    kind: 'iceberg',
    provider: 'iceberg',
    columns: columns.map(describedColumn),
    partitions: [],
    metadataNames: [],
    properties: new Map(),
  };
}

function changedTable(description: TableDescription, steps: PreparedTable['steps']): TableDescription {
  const columns = [...description.columns];
  for (const step of steps) {
    const place = columns.findIndex(({ name }) => name === (step.kind === 'rename' ? step.from : step.name));
    if (step.kind === 'add') columns.push(describedColumn(step));
    // the comment stays, and says nothing under a dated name
    else if (step.kind === 'rename') columns[place] = { ...columns[place]!, name: step.to, source: undefined };
    else columns[place] = { ...columns[place]!, type: readAgain(step.to) };
  }
  return { ...description, columns };
}

function describedColumn({ name, type, source }: Pick<Extract<Step, { kind: 'add' }>, 'name' | 'type' | 'source'>) {
  const comment = source === undefined ? undefined : sourceComment(source, name);
  return { name, type: readAgain(type), source: comment === undefined ? undefined : sourceIn(comment, name) };
}

/** What a table holds tells less than the type that it was made with: JSON is text, and members have no properties. */
function readAgain(type: TableColumnType): TableColumnType {
  if (type.kind === 'json') return { kind: 'string' };
  if (type.kind === 'array') return { kind: 'array', element: { type: readAgain(type.element.type) } };
  if (type.kind !== 'struct') return type;
  return { kind: 'struct', fields: type.fields.map(({ name, type: member }) => ({ name, type: readAgain(member) })) };
}
