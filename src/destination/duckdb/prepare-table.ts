// A stream version → its table, there and with every column that the version wants.
import type { DuckDBConnection } from '@duckdb/node-api';
import { TargetError } from '../../errors/target-error.ts';
import { type ExistingColumn, planEvolution, type Step } from '../../schema/evolve.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import type { Log } from '../destination.ts';
import { tableReference } from '../sql/dialect.ts';
import { duckdbDialect } from '../sql/duckdb-dialect.ts';
import { type TableColumn, wantedColumns } from '../sql/table-columns.ts';
import { createSchemaStatement, createTableStatement, evolveStatements } from '../sql/table-statements.ts';
import { parseDuckdbType } from './duckdb-types.ts';

/**
 * To be called within a transaction: all steps are done or none.
 * @param name with the catalog: `a.b` is refused as ambiguous where file and schema have one name.
 * @returns for each of `wantedColumns(version)`, the table's column that holds it.
 * @throws TargetError TABLE_IS_VIEW, TABLE_KEY_TYPE
 */
export async function prepareTable(
  connection: DuckDBConnection,
  version: StreamVersion,
  name: TableName,
  log: Log,
): Promise<readonly TableColumn[]> {
  const wanted = wantedColumns(version);
  const table = tableReference(duckdbDialect, name);
  const kind = await kindOf(connection, name);
  if (kind === 'VIEW') throw new TargetError('TABLE_IS_VIEW', `${name.schema}.${name.table} is a view`);
  if (kind === undefined) {
    await connection.run(createSchemaStatement(schemaReference(name)));
    await connection.run(createTableStatement(duckdbDialect, table, wanted));
    return wanted;
  }
  const { steps, columns } = planEvolution(await columnsOf(connection, name), wanted, new Date());
  for (const statement of evolveStatements(duckdbDialect, table, steps)) await connection.run(statement);
  report(steps, name, version.stream, log);
  return columns;
}

/** `BASE TABLE`, `VIEW`, or undefined when nothing has this name. */
export async function kindOf(connection: DuckDBConnection, name: TableName): Promise<string | undefined> {
  const found = await connection.runAndReadAll(
    `SELECT table_type FROM information_schema.tables WHERE ${isNamed(name, 'table_catalog', 'table_schema')}`,
  );
  const kind = found.getRows()[0]?.[0];
  return kind === undefined ? undefined : String(kind);
}

export async function columnsOf(connection: DuckDBConnection, name: TableName): Promise<readonly ExistingColumn[]> {
  const found = await connection.runAndReadAll(
    `SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE ${isNamed(name, 'database_name', 'schema_name')} ORDER BY column_index`,
  );
  return found.getRows().map(([column, type, nullable]) => ({
    name: String(column),
    type: parseDuckdbType(String(type)),
    required: nullable === false,
  }));
}

/** DuckDB compares names without regard to case. */
function isNamed({ catalog, schema, table }: TableName, catalogColumn: string, schemaColumn: string): string {
  const same = (column: string, name: string) => `lower(${column}) = lower(${duckdbDialect.quoteText(name)})`;
  return [same(catalogColumn, catalog ?? ''), same(schemaColumn, schema), same('table_name', table)].join(' AND ');
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
