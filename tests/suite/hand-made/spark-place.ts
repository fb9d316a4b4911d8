// Hand-made tables in the stand-in lakehouse. A table is made once; its other cells get it by its metadata file.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { connect } from '../../../src/destinations/iomete/client.ts';
import type { SparkSession } from '../../../src/destinations/iomete/session.ts';
import type { LakehouseDetails } from '../../setup/lakehouse.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import type { Cell } from './hand-made-table.ts';
import { byTable, type Place } from './place.ts';
import { plainText, type TableState } from './table-state.ts';

type Columns = TableState['columns'];

/** Spark has two cores in the stand-in. */
const sessionsAtOnce = 4;
/** One statement reads many tables: each statement costs far more than its rows. */
const tablesPerStatement = 12;

export async function sparkPlace(details: LakehouseDetails): Promise<Place> {
  const schema = `hand_made_${randomBytes(4).toString('hex')}`;
  const folder = join(details.runDir, schema);
  const { host, port, httpPath, user, password, caFile: tlsCaFile } = details;
  const settings = { host, port, httpPath, user, password, tlsCaFile, tlsVerify: true, startupWaitSeconds: 60 };
  const client = await connect(settings, { info: () => {}, warn: () => {} });
  const limit = pLimit(sessionsAtOnce);
  const inSession = <T>(work: (spark: SparkSession) => Promise<T>): Promise<T> =>
    limit(async () => {
      const spark = await client.openSession();
      try {
        return await work(spark);
      } finally {
        await spark.close().catch(() => {});
      }
    });
  const nameOf = ({ id }: Cell) => `${schema}.${id}`;
  await inSession((spark) => spark.execute(`CREATE SCHEMA ${schema}`));

  const makeFirst = (cell: Cell) =>
    inSession(async (spark) => {
      for (const statement of cell.table.make) {
        const sql = statement.replaceAll('$t', nameOf(cell)).replaceAll('$d', `file:${join(folder, cell.id)}`);
        await spark.execute(sql).catch((error: Error) => {
          throw new Error(`a table ${cell.table.name}: ${sql}: ${error.message.slice(0, 500)}`);
        });
      }
    });

  return {
    runsAtOnce: 3,
    flags: { ...lakehouseOptions(details, schema, `${schema}/`), port: String(port) },
    make: async (cells) => {
      const groups = byTable(cells);
      await Promise.all(groups.map(([first]) => makeFirst(first!)));
      const more = groups.filter((group) => group.length > 1);
      const files = await inSession((spark) =>
        metadataFiles(
          spark,
          more.map(([first]) => nameOf(first!)),
        ),
      );
      const copies = more.flatMap((group, index) => group.slice(1).map((cell) => [cell, files[index]!] as const));
      await Promise.all(
        copies.map(([cell, file]) =>
          inSession((spark) => spark.execute(`CALL spark_catalog.system.register_table('${nameOf(cell)}', '${file}')`)),
        ),
      );
    },
    states: async (cells) => {
      const described = await Promise.all(
        cells.map((cell) => inSession(async (spark) => [cell.id, await describe(spark, nameOf(cell))] as const)),
      );
      const descriptions = new Map(described);
      const rows = new Map<string, TableState['rows']>();
      const read = async (some: readonly Cell[]) => {
        const all = some.map((cell) => [cell.id, nameOf(cell), descriptions.get(cell.id)!.columns] as const);
        for (const [id, found] of await inSession((spark) => readRows(spark, all))) rows.set(id, found);
      };
      const readOrSay = (cell: Cell) =>
        read([cell]).catch((error: Error) => void rows.set(cell.id, error.message.slice(0, 300)));
      await Promise.all(
        chunks(cells, tablesPerStatement).map((some) => read(some).catch(() => Promise.all(some.map(readOrSay)))),
      );
      return new Map(cells.map(({ id }) => [id, { ...descriptions.get(id)!, rows: rows.get(id)! }]));
    },
    close: async () => {
      await inSession((spark) => spark.execute(`DROP SCHEMA ${schema} CASCADE`)).catch(() => {});
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The newest one of each table. */
async function metadataFiles(spark: SparkSession, tables: readonly string[]): Promise<readonly string[]> {
  if (tables.length === 0) return [];
  const newest = tables.map(
    (table, index) => `SELECT ${index} AS n, max(file) AS file FROM ${table}.metadata_log_entries`,
  );
  const rows = await spark.run(newest.join(' UNION ALL '));
  const files = new Map(rows.map(({ n, file }) => [Number(n), String(file)]));
  return tables.map((_, index) => files.get(index)!);
}

async function describe(spark: SparkSession, table: string): Promise<Omit<TableState, 'rows'>> {
  const rows = await spark.run(`DESCRIBE TABLE EXTENDED ${table}`);
  const end = rows.findIndex(({ data_type }) => !data_type);
  return {
    columns: rows.slice(0, end).map(({ col_name, data_type }) => [String(col_name), String(data_type)] as const),
    details: rows.map((row) => Object.values(row).join(' | ')).join('\n'),
  };
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

async function readRows(
  spark: SparkSession,
  tables: readonly (readonly [id: string, table: string, columns: Columns])[],
): Promise<ReadonlyMap<string, TableState['rows']>> {
  const parts = tables.map(([id, table, columns]) => {
    const values = columns.map(([name, type]) => `coalesce(hex(${asText(quote(name), type)}), '-')`);
    return `SELECT '${id}' AS t, concat_ws(',', ${values.join(', ')}) AS v FROM ${table}`;
  });
  const found = await spark.run(parts.join('\nUNION ALL '));
  return new Map(
    tables.map(([id, , columns]) => {
      const own = found.filter(({ t }) => t === id).map(({ v }) => String(v).split(','));
      const row = (cells: readonly string[]) =>
        Object.fromEntries(columns.map(([name], i) => [name, ofHex(cells[i]!)]));
      return [id, own.map(row)];
    }),
  );
}

function asText(name: string, type: string): string {
  if (/^(struct|map|array)/i.test(type)) return `to_json(${name})`;
  return type === 'binary' ? `hex(${name})` : `CAST(${name} AS STRING)`;
}

const ofHex = (hex: string): string | null => (hex === '-' ? null : plainText(Buffer.from(hex, 'hex').toString()));

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
