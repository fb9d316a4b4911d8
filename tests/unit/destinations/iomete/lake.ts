// A lakehouse → settings, sessions, staged files and schemas for one test file.
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { connect, type SparkClient } from '../../../../src/destinations/iomete/client.ts';
import type { Row } from '../../../../src/destinations/iomete/session.ts';
import { type IometeSettings, iometeWarehouse } from '../../../../src/destinations/iomete/warehouse.ts';
import type { Log } from '../../../../src/errors/log.ts';
import type { StagedFile } from '../../../../src/formats/staged-file.ts';
import type { LakehouseDetails } from '../../../setup/lakehouse.ts';

export const settings = ({ host, port, httpPath, user, password, caFile }: LakehouseDetails): IometeSettings => ({
  host,
  port,
  httpPath,
  user,
  password,
  tlsCaFile: caFile,
  tlsVerify: true,
  startupWaitSeconds: 60,
  database: 'default',
  catalog: 'spark_catalog',
  syncStartedAtMs: 1_700_000_000_123,
});

/** Keeps what was logged. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, info: (line) => lines.push(line), warn: (line) => lines.push(`warning: ${line}`) };
}

/** A schema and a staging prefix that no other test has, and a session to look at the outcome with. */
export async function openLake(details: LakehouseDetails, name: string) {
  const schema = `iom_${name}_${randomBytes(4).toString('hex')}`;
  const log = memoryLog();
  const client: SparkClient = await connect(settings(details), log);
  const session = await client.openSession();
  const destination = iometeWarehouse(settings(details), log);
  await destination.connect();
  const { s3 } = details;
  const store = new S3Client({ endpoint: s3.endpoint, region: s3.region, forcePathStyle: true, credentials: s3 });
  let files = 0;
  const leave = async () => {
    await session.close();
    await client.close();
    await destination.close();
    store.destroy();
  };
  return {
    schema,
    log,
    destination,
    sql: (sql: string): Promise<readonly Row[]> => session.run(sql),
    /** Writes rows of ready CSV fields as one staged file. */
    stage: async (rows: readonly (readonly string[])[], fileName = `${files++}.csv.gz`): Promise<StagedFile> => {
      const csv = rows.map((fields) => `${fields.join(',')}\n`).join('');
      return await put(store, s3.bucket, `${schema}/${fileName}`, csv);
    },
    /** Puts a staged file that is ready. */
    put: async (bytes: Buffer, fileName: string): Promise<StagedFile> => {
      const key = `${schema}/${fileName}`;
      await store.send(new PutObjectCommand({ Bucket: s3.bucket, Key: key, Body: bytes }));
      return { location: `s3a://${s3.bucket}/${key}`, key, bytes: bytes.length };
    },
    close: async () => {
      for (const { tableName } of await session.run(`SHOW TABLES IN ${schema}`).catch(() => []))
        await session.execute(`DROP TABLE IF EXISTS ${schema}.\`${tableName}\` PURGE`).catch(() => {});
      await session.execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).catch(() => {});
      await leave();
    },
    /** Ends the sessions, and leaves the schema. */
    leave,
  };
}

export type Lake = Awaited<ReturnType<typeof openLake>>;

/** Two gzip members, as the encoder writes them, so that a reader which stops after the first one is found out. */
async function put(store: S3Client, bucket: string, key: string, csv: string): Promise<StagedFile> {
  const bytes = Buffer.from(csv);
  const half = bytes.length >> 1;
  const body = key.endsWith('.gz')
    ? Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))])
    : bytes;
  await store.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return { location: `s3a://${bucket}/${key}`, key, bytes: body.length };
}

/** A text as the encoder writes it. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
