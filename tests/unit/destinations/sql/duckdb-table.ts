// The statements of the sql room, run on a DuckDB in memory: one table, loads from staged records, its rows.
import { DuckDBInstance } from '@duckdb/node-api';
import type { Load } from '../../../../src/destinations/destination.ts';
import { tableReference } from '../../../../src/destinations/sql/dialect.ts';
import { duckdbDialect } from '../../../../src/destinations/sql/duckdb-dialect.ts';
import {
  deleteStatement,
  insertNewStatement,
  loadStatement,
  replacesWholeRows,
} from '../../../../src/destinations/sql/load-statements.ts';
import { tallyQuery } from '../../../../src/destinations/sql/load-tally.ts';
import { type OtherColumn, type TableColumn, wantedColumns } from '../../../../src/destinations/sql/table-columns.ts';
import { activateStatement, createTableStatements } from '../../../../src/destinations/sql/table-statements.ts';
import { stagedLayout, stagedName } from '../../../../src/formats/layout.ts';
import type { StreamVersion } from '../../../../src/schema/model.ts';
import { loadOf, type StagedRecord, stagedRow } from './staged-records.ts';

export async function duckdbTable(
  version: StreamVersion,
  options: {
    readonly create?: string;
    readonly columns?: readonly TableColumn[];
    readonly others?: readonly OtherColumn[];
    /** True for loads by DELETE and INSERT where these do. */
    readonly wholeRows?: boolean;
  } = {},
) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const table = tableReference(duckdbDialect, version.table);
  let columns: readonly (TableColumn | undefined)[] = options.columns ?? wantedColumns(version);
  let order = 0;
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  const made = createTableStatements(duckdbDialect, table, wantedColumns(version));
  for (const statement of options.create === undefined ? made : [options.create]) await query(statement);
  return {
    query,
    /** From now on the table's columns are these, for the version that loads next. */
    useColumns: (next: readonly (TableColumn | undefined)[]) => {
      columns = next;
    },
    /** One load of all records. @returns what the load would be told of them */
    load: async (records: readonly StagedRecord[], by: StreamVersion = version, claims: Partial<Load> = {}) => {
      const layout = stagedLayout(by);
      const rows = records.map((record) => {
        order += 1;
        const cells = stagedRow(by, record, order).map((text, position) => {
          const value = text === null ? 'NULL' : duckdbDialect.quoteText(text);
          return `CAST(${value} AS ${duckdbDialect.typeName(layout[position]!.type)})`;
        });
        return `(${cells.join(', ')})`;
      });
      const relation = `(VALUES ${rows.join(', ')}) staged_rows(${layout.map((_, i) => stagedName(i)).join(', ')})`;
      const load = { ...loadOf(by, records), ...claims };
      const others = options.others ?? [];
      const target = { load, table, columns, others, relation, syncStartedAtMs: 1_700_000_000_000 };
      const { statement, read } = tallyQuery(duckdbDialect, target);
      const tally = read((await connection.runAndReadAll(statement)).getRowObjects()[0]!);
      if (options.wholeRows && replacesWholeRows(target)) {
        await query(deleteStatement(duckdbDialect, target));
        await query(insertNewStatement(duckdbDialect, target));
      } else await query(loadStatement(duckdbDialect, target));
      return tally;
    },
    activate: async (tableVersion: bigint, now = new Date('2024-06-01T00:00:00Z')) => {
      const sql = activateStatement(duckdbDialect, table, version, columns, tableVersion, now);
      if (sql !== undefined) await query(sql);
    },
    rows: (select: string) => query(`SELECT ${select} FROM ${table} ORDER BY ALL`),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
