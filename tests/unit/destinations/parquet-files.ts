// SQL → Parquet files, and the loads of them.
import { DuckDBInstance } from '@duckdb/node-api';
import type { ParquetFile, ParquetLoad } from '../../../src/destinations/destination.ts';
import type { StreamVersion } from '../../../src/schema/model.ts';
import { streamVersion } from '../../../src/schema/stream-version.ts';

export async function writeParquet(path: string, query: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
}

let lastVersionId = 0;

/** A version of the stream `orders`, made of a JSON Schema's properties; the key is `id`, when there is one. */
export function versionOfProperties(properties: object, schema = 'main', table = 'orders'): StreamVersion {
  const keys = 'id' in properties ? ['id'] : [];
  const options = {
    ...{ defaultTargetSchema: schema, addMetadataColumns: false, hardDelete: false, flattenMaxLevel: 0 },
    ...{ primaryKeyRequired: false, validateRecords: false },
  };
  const message = { stream: table, schema: { properties }, key_properties: keys };
  return streamVersion(message, options, ++lastVersionId);
}

export function parquetLoad(version: StreamVersion, ...locations: readonly string[]): ParquetLoad {
  const receivedAt = new Date('2024-03-01T00:00:00.500Z');
  const said = { receivedAt, tableVersion: undefined, extractedAt: undefined };
  const files: ParquetFile[] = locations.map((location, i) => ({ location, name: location, line: i + 2, ...said }));
  return { version, files, batchedAt: receivedAt };
}

/** As one text for all warehouses: no zeros at the end of a fraction of a second. */
export const plainTime = (text: string): string =>
  text.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.(\d*?)0*$/, (_, time, fraction) =>
    fraction ? `${time}.${fraction}` : time,
  );
