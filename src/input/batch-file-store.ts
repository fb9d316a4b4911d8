// Local files and S3 objects of other programs → sources to read, and places where a destination reads them.
import type { S3 } from '@aws-sdk/client-s3';
import { isS3Chosen } from '../aws/s3-chosen.ts';
import { retryPolicy, type S3ConnectionSettings, s3Client } from '../aws/s3-client.ts';
import { s3Reason } from '../aws/s3-errors.ts';
import { type RetryPolicy, retryBudget } from '../errors/retry-budget.ts';
import { Secrets } from '../errors/secrets.ts';
import { TargetError } from '../errors/target-error.ts';
import type { StagedFile } from '../formats/staged-file.ts';
import type { Stage } from '../stage/store.ts';
import { allowedFiles } from './allowed-files.ts';
import type { BatchFiles, PlacedFile } from './batch-files.ts';
import { type BatchLocation, batchLocation, withoutQuery } from './batch-location.ts';
import { batchSource } from './batch-source.ts';
import { parquetBytes, refuseNoParquet } from './parquet-ends.ts';
import { plainFile, plainFileBytes } from './plain-file.ts';

export interface BatchFileSettings extends S3ConnectionSettings {
  /** Which files the destination reads where they are. */
  readonly readable: 'local' | 's3';
  /** How the destination calls S3. */
  readonly uriScheme: 's3a' | 's3';
  /** Folders, and `s3://bucket/prefix`, that files may lie in. Any where undefined, and none where empty. */
  readonly sources?: readonly string[] | undefined;
}

type Bytes = AsyncGenerator<Uint8Array, void>;
type LocalLocation = Extract<BatchLocation, { kind: 'local' }>;
type S3Location = Extract<BatchLocation, { kind: 's3' }>;

/** @param copies where files are copied that the destination can't read; @param warn for what the S3 client has to say */
export function batchFiles(settings: BatchFileSettings, copies: Stage, warn: (message: string) => void): BatchFiles {
  const { secrets = new Secrets() } = settings;
  const allowed = allowedFiles({
    sources: settings.sources,
    // a destination that reads S3 can't do without
    isS3Chosen: settings.readable === 's3' || isS3Chosen(settings),
  });
  const copied = new Map<PlacedFile, StagedFile>();
  let client: Promise<S3> | undefined;
  const connect = () => {
    client ??= s3Client(settings, warn, secrets);
    return client;
  };

  return { open, place, release, close };

  async function open(name: string, compression: 'gzip' | 'none') {
    return coded(name, async () => {
      const source = await batchSource(await bytesOf(allowedLocation(name)), compression);
      return { read: () => coded(name, source.read), close: source.close };
    });
  }

  async function place(name: string): Promise<PlacedFile> {
    return coded(name, async () => {
      const location = allowedLocation(name);
      if (location.kind === settings.readable) {
        if (location.kind === 'local') return { name, location: await localPath(location) };
        if (isPlain(location)) return { name, location: `${settings.uriScheme}://${location.bucket}/${location.key}` };
      }
      const staged = await copy(location);
      const placed = { name, location: staged.location };
      copied.set(placed, staged);
      return placed;
    });
  }

  async function copy(location: BatchLocation): Promise<StagedFile> {
    const bytes = parquetBytes(location.kind === 's3' ? await bytesOf(location) : await localParquet(location));
    const writer = copies.create('batch');
    try {
      for await (const chunk of bytes) await writer.write(chunk);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return writer.close();
  }

  async function release(files: readonly PlacedFile[]): Promise<void> {
    const removed = files.flatMap((file) => copied.get(file) ?? []);
    for (const file of files) copied.delete(file);
    if (removed.length > 0) await copies.remove(removed);
  }

  async function close(): Promise<void> {
    await release([...copied.keys()]);
    await copies.close();
    const opened = client;
    client = undefined;
    (await opened?.catch(() => undefined))?.destroy();
  }

  function allowedLocation(name: string): BatchLocation {
    const location = batchLocation(name);
    allowed.check(location);
    return location;
  }

  async function localPath({ paths }: LocalLocation): Promise<string> {
    return allowed.localFile(await plainFile(paths));
  }

  async function localParquet(location: LocalLocation): Promise<Bytes> {
    const path = await localPath(location);
    await refuseNoParquet(path);
    return plainFileBytes(path);
  }

  async function bytesOf(location: BatchLocation): Promise<Bytes> {
    return location.kind === 's3'
      ? objectBytes(await connect(), location, retryPolicy(settings))
      : plainFileBytes(await localPath(location));
  }

  async function coded<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const file = withoutQuery(name);
      if (error instanceof TargetError) throw error.at({ file });
      throw new TargetError('INPUT_BATCH_FILE', `the file can't be read: ${s3Reason(error, secrets)}`, { file });
    }
  }
}

/** Spark takes a name with any of these for a pattern, and passes over one that begins with `_` or `.`. */
const isPlain = ({ key }: S3Location): boolean => !/[{}[\]*?\\:]|(^|\/)[_.][^/]*$/.test(key);

/** A connection that broke, or idled for too long while loads ran, is opened again where it ended. */
async function* objectBytes(s3: S3, { bucket, key }: S3Location, retry: RetryPolicy): Bytes {
  let at = 0;
  let size: number | undefined;
  let etag: string | undefined;
  for (let patient = retryBudget(retry); ; ) {
    const rest = at > 0 ? { Range: `bytes=${at}-`, IfMatch: etag } : {};
    const answer = await s3.getObject({ Bucket: bucket, Key: key, ...rest });
    if (at === 0) ({ ContentLength: size, ETag: etag } = answer);
    let failure: unknown = new Error('the connection ended before the object did');
    try {
      for await (const chunk of answer.Body as unknown as AsyncIterable<Uint8Array>) {
        // every byte more is a new beginning
        patient = retryBudget(retry);
        at += chunk.length;
        yield chunk;
      }
      if (size === undefined || at >= size) return;
    } catch (error) {
      if (at === size) return;
      failure = error;
    }
    if (!(await patient.wait())) throw failure;
  }
}
