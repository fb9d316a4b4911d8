// A recording → its statements carried out again in schemas of their own, and its objects below a prefix of their own.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { contentsOf } from '../../../scripts/upgrades/contents.mjs';
import { connect, type SparkClient } from '../../../src/destinations/iomete/client.ts';
import type { LakehouseDetails } from '../../setup/lakehouse.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import { ofDeadProcess } from './heartbeats.ts';
import type { Place } from './place.ts';
import { type Recording, recordedFile } from './recordings.ts';

/** One run, whose sessions went on side by side. */
interface RecordedStatements {
  readonly name: string;
  readonly killed: boolean;
  readonly sessions: readonly (readonly string[])[];
}

interface RecordedStage {
  /** Keys below the prefix of what was there in the end. */
  readonly left: readonly string[];
  readonly uploads: readonly string[];
}

const sessionsAtOnce = 4;

export async function lakehousePlace(recording: Recording, details: LakehouseDetails): Promise<Place> {
  const main = `upgrades_${randomBytes(4).toString('hex')}`;
  const schemas = { main, other: `${main}_other` };
  const { bucket } = details.s3;
  const fill = (text: string) =>
    text
      .replaceAll('<main>', schemas.main)
      .replaceAll('<other>', schemas.other)
      .replaceAll('<bucket>', bucket)
      .replaceAll('<prefix>', main);
  const stage = stageBelow(details, `${main}/`);
  const { host, port, httpPath, user, password, caFile: tlsCaFile } = details;
  const settings = { host, port, httpPath, user, password, tlsCaFile, tlsVerify: true, startupWaitSeconds: 60 };
  const client = await connect(settings, { info: () => {}, warn: () => {} });
  const session = await client.openSession();
  const query = async (sql: string) => (await session.run(sql)).map((row) => Object.values(row));

  const { left, uploads } = recordedFile<RecordedStage>(recording, 'iomete', 'stage');
  const objects = objectsOf(join(recording.folder, 'iomete', 'stage'));
  await stage.put(objects);
  for (const schema of Object.values(schemas)) await session.execute(`CREATE SCHEMA ${schema}`);
  const runs = recordedFile<readonly RecordedStatements[]>(recording, 'iomete', 'statements');
  for (const killed of [false, true]) {
    const sessions = runs.filter((run) => run.killed === killed).flatMap((run) => run.sessions);
    await carryOut(client, sessions, fill);
  }
  await stage.remove([...objects.keys()].filter((key) => !left.includes(key)));
  await stage.begin(uploads);

  return {
    kind: 'iomete',
    config: {
      ...lakehouseOptions(details, schemas.main, `${main}/`),
      workers: 0,
      schema_mapping: { shop: { target_schema: schemas.other } },
    },
    fill,
    contents: async () => {
      // one that was there before would show tables as it has seen them
      const fresh = await client.openSession();
      const rowsOf = async (sql: string) => (await fresh.run(sql)).map((row) => Object.values(row));
      return contentsOf('iomete', rowsOf, schemas).finally(() => fresh.close());
    },
    branches: async (table) => {
      const refs = await query(`SELECT name FROM ${schemas.main}.\`${table}\`.refs`);
      return refs.map(([name]) => String(name)).filter((name) => name !== 'main');
    },
    staged: stage.list,
    close: async () => {
      for (const schema of Object.values(schemas)) {
        for (const [, table] of await query(`SHOW TABLES IN ${schema}`))
          await session.execute(`DROP TABLE ${schema}.\`${table}\` PURGE`);
        await session.execute(`DROP SCHEMA ${schema}`);
      }
      await session.close();
      await client.close();
      await stage.close();
    },
  };
}

/** Each session's statements in their order; sessions side by side, as none of them needs what another makes. */
async function carryOut(
  client: SparkClient,
  sessions: readonly (readonly string[])[],
  fill: (text: string) => string,
): Promise<void> {
  const inTurn = pLimit(sessionsAtOnce);
  const inSession = async (statements: readonly string[]) => {
    const spark = await client.openSession();
    for (const statement of statements) {
      const sql = fill(statement);
      // the snapshot that the table shows, which has another number here
      const [, table] = /^ALTER TABLE (\S+) .* AS OF VERSION <current>$/.exec(sql) ?? [];
      const [row] = table ? await spark.run(`SELECT snapshot_id FROM ${table}.refs WHERE name = 'main'`) : [];
      await spark.execute(sql.replace('<current>', String(row?.snapshot_id)));
    }
    await spark.close();
  };
  await Promise.all(sessions.map((statements) => inTurn(() => inSession(statements))));
}

/** By key below the prefix. */
function objectsOf(folder: string): ReadonlyMap<string, Buffer | string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath ?? file.path, file.name);
      const bytes = readFileSync(path);
      return [relative(folder, path), file.name === 'heartbeat' ? ofDeadProcess(bytes.toString()) : bytes];
    }),
  );
}

function stageBelow({ s3: { bucket: Bucket, endpoint, region, ...credentials } }: LakehouseDetails, prefix: string) {
  const s3 = new S3({ endpoint, region, credentials, forcePathStyle: true });
  const objects = async () => (await s3.listObjectsV2({ Bucket, Prefix: prefix })).Contents ?? [];
  const uploads = async () => (await s3.listMultipartUploads({ Bucket, Prefix: prefix })).Uploads ?? [];
  const remove = async (keys: readonly string[]) =>
    void (await Promise.all(keys.map((key) => s3.deleteObject({ Bucket, Key: prefix + key }))));
  const list = async () =>
    [...(await objects()), ...(await uploads())].map(({ Key }) => Key!.slice(prefix.length)).sort();
  return {
    list,
    remove,
    put: async (files: ReadonlyMap<string, Buffer | string>) =>
      void (await Promise.all([...files].map(([key, Body]) => s3.putObject({ Bucket, Key: prefix + key, Body })))),
    begin: async (keys: readonly string[]) => {
      for (const key of keys) await s3.createMultipartUpload({ Bucket, Key: prefix + key });
    },
    close: async () => {
      for (const { Key, UploadId } of await uploads()) await s3.abortMultipartUpload({ Bucket, Key, UploadId });
      await remove((await objects()).map(({ Key }) => Key!.slice(prefix.length)));
      s3.destroy();
    },
  };
}
