// S3 settings → a stage whose files are objects of one bucket: `{prefix}{run}/{stream}-{number}-{random}.csv.gz`.
import { randomBytes } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { type S3ConnectionSettings, s3Client } from '../aws/s3-client.ts';
import { type S3Place, s3Error, s3Reason, s3Status } from '../aws/s3-errors.ts';
import { objectProperties, partBytes, S3Upload, type UploadSettings } from '../aws/s3-upload.ts';
import { counted } from '../errors/counted.ts';
import type { Log } from '../errors/log.ts';
import { Secrets } from '../errors/secrets.ts';
import { TargetError } from '../errors/target-error.ts';
import type { StagedCompression } from '../formats/compress/compression.ts';
import type { StagedFile } from '../formats/staged-file.ts';
import { PartBuffers } from '../memory/part-buffer.ts';
import { type FileContent, fileNamer, keyPrefix, safeName } from './file-names.ts';
import { type Beating, heartbeatName, keepBeating, signOfLife } from './heartbeat.ts';
import type { Stage } from './store.ts';

export interface S3StageSettings extends S3ConnectionSettings, UploadSettings {
  readonly bucket: string;
  readonly keyPrefix?: string | undefined;
  /** How the destination's Spark calls S3. */
  readonly uriScheme: 's3a' | 's3';
  /** Decides the ending of the keys; the bytes come in that form already. */
  readonly compression: StagedCompression;
  /** `csv` when not set. */
  readonly content?: FileContent | undefined;
  /** Staged objects outlive their loads and the run. */
  readonly keepFiles: boolean;
  /** Name of this run's folder, which tells its keys from those of other runs. */
  readonly runFolder: string;
  /** How often an object beside the staged ones says that the run is alive; never when not set. */
  readonly heartbeatMs?: number | undefined;
}

/** The most that S3 removes at once. */
const removalBatch = 1000;
const checkTimeoutMs = 30_000;
const removalTimeoutMs = 60_000;
/** Fewer than the sockets that the client has: a stream each, and all of them closed at once, would be hundreds. */
const maxRequests = 16;

/** @throws TargetError CONFIG_INVALID when the key prefix can't be one, or a KMS key has no use */
export function s3Stage(settings: S3StageSettings, log: Log): Stage {
  const { bucket, keepFiles } = settings;
  if (settings.kmsKeyId && settings.sse !== 'aws:kms')
    throw new TargetError('CONFIG_INVALID', '"s3_kms_key_id" needs "s3_sse" to be "aws:kms"');
  const properties = objectProperties(settings);
  const prefix = `${keyPrefix(settings.keyPrefix)}${safeName(settings.runFolder)}/`;
  const { secrets = log.secrets ?? new Secrets() } = settings;
  const place: S3Place = { bucket, prefix, endpointUrl: settings.endpointUrl, secrets };
  const nextName = fileNamer(settings.compression, settings.content);
  const warn = (message: string) => log.warn(message);
  const unfinished = new Set<S3Upload>();
  const buffers = new PartBuffers(partBytes);
  const inTurn = pLimit(maxRequests);
  const heartbeat = { Bucket: bucket, Key: `${prefix}${heartbeatName}` };
  let beating: Beating | undefined;
  /** What this run has staged and not removed, by key. */
  const held = new Map<string, StagedFile>();
  /** Its probe must not outlive the run, whatever ends that. */
  let checking: Promise<void> | undefined;
  let client: Promise<S3> | undefined;
  const connect = () => {
    client ??= s3Client(settings, warn, secrets);
    return client;
  };

  return { check, create, remove, close };

  function check(): Promise<void> {
    checking = putAndDelete();
    return checking;
  }

  /** Before anything else is there of the run. */
  async function startBeating(deadline: AbortSignal): Promise<void> {
    const { heartbeatMs } = settings;
    if (heartbeatMs === undefined) return;
    const beat = async (abortSignal: AbortSignal = AbortSignal.timeout(checkTimeoutMs)) => {
      const s3 = await connect();
      await s3.putObject({ ...heartbeat, ...properties, Body: signOfLife() }, { abortSignal });
    };
    await beat(deadline);
    beating = keepBeating(beat, heartbeatMs, (error) =>
      warn(`The heartbeat "s3://${bucket}/${heartbeat.Key}" could not be renewed: ${s3Reason(error, secrets)}`),
    );
  }

  /** Last of all: without it the staged files would be nobody's. */
  async function stopBeating(): Promise<void> {
    if (!beating) return;
    await beating.stop();
    beating = undefined;
    try {
      const s3 = await connect();
      await s3.deleteObject(heartbeat, { abortSignal: AbortSignal.timeout(removalTimeoutMs) });
    } catch (error) {
      if (!keepFiles) warn(`"s3://${bucket}/${heartbeat.Key}" could not be removed: ${s3Reason(error, secrets)}`);
    }
  }

  async function putAndDelete(): Promise<void> {
    const probe = { Bucket: bucket, Key: `${prefix}probe-${randomBytes(6).toString('hex')}` };
    const deadline = AbortSignal.timeout(checkTimeoutMs);
    try {
      await startBeating(deadline);
      const s3 = await connect();
      await s3.putObject({ ...probe, ...properties, Body: new Uint8Array() }, { abortSignal: deadline });
      try {
        await s3.deleteObject(probe, { abortSignal: deadline });
      } catch (error) {
        // Whoever keeps all staged files needs no right to delete.
        if (!keepFiles) throw error;
        warn(`The probe "s3://${bucket}/${probe.Key}" could not be removed: ${s3Reason(error, secrets)}`);
      }
    } catch (error) {
      throw deadline.aborted ? unanswered() : s3Error(error, place);
    }
  }

  function unanswered(): TargetError {
    const server = settings.endpointUrl ? ` at ${settings.endpointUrl}` : '';
    return new TargetError('STAGE_FAILED', `S3${server} gave no answer within ${checkTimeoutMs / 1000} seconds`);
  }

  function create(name: string): S3Upload {
    const key = `${prefix}${nextName(name)}`;
    const location = `${settings.uriScheme}://${bucket}/${key}`;
    const upload = new S3Upload({
      ...place,
      key,
      location,
      properties,
      connect,
      warn,
      inTurn,
      buffers,
      ended: (file) => {
        unfinished.delete(upload);
        if (file) held.set(key, file);
      },
    });
    unfinished.add(upload);
    return upload;
  }

  /** What can't be removed now is tried again, and reported, by close(). */
  async function remove(files: readonly StagedFile[]): Promise<void> {
    if (keepFiles) return;
    for (const file of files) held.set(file.key, file);
    await removeHeld(files.map((file) => file.key));
  }

  async function close(): Promise<void> {
    await checking?.catch(() => {});
    await Promise.all([...unfinished].map((upload) => upload.abort()));
    if (keepFiles && held.size > 0)
      log.info(
        `Kept ${counted(held.size, `${settings.content === 'jsonl' ? 'dead-letter' : 'staged'} file`)} in "s3://${bucket}/${prefix}"`,
      );
    if (!keepFiles && held.size > 0) {
      const reason = await removeHeld([...held.keys()]);
      if (held.size > 0) {
        const stay = `${counted(held.size, 'staged file')} ${held.size === 1 ? 'stays' : 'stay'} in "s3://${bucket}/${prefix}"`;
        warn(`${stay}, as the removal failed: ${reason}`);
      }
    }
    await stopBeating();
    const opened = client;
    client = undefined;
    (await opened?.catch(() => undefined))?.destroy();
  }

  /** Never throws; returns why not all could be removed. */
  async function removeHeld(keys: readonly string[]): Promise<string | undefined> {
    let reason: string | undefined;
    for (let from = 0; from < keys.length; from += removalBatch) {
      const batch = keys.slice(from, from + removalBatch);
      try {
        const left = await removeBatch(batch);
        for (const key of batch) if (!left.has(key)) held.delete(key);
        reason = left.values().next().value ?? reason;
      } catch (error) {
        reason = s3Reason(error, secrets);
      }
    }
    return reason;
  }

  /** Returns the keys that are still there, and why. */
  async function removeBatch(keys: readonly string[]): Promise<Map<string, string>> {
    const s3 = await connect();
    const options = { abortSignal: AbortSignal.timeout(removalTimeoutMs) };
    try {
      const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
      const { Errors = [] } = await s3.deleteObjects({ Bucket: bucket, Delete }, options);
      return new Map(Errors.map((error) => [error.Key ?? '', `${error.Code}: ${error.Message}`]));
    } catch (error) {
      // Some S3-compatible servers know no removal of many, or want a checksum that the SDK no longer sends.
      if (![400, 405, 411, 501].includes(s3Status(error) ?? 0)) throw error;
      for (const Key of keys) await s3.deleteObject({ Bucket: bucket, Key }, options);
      return new Map();
    }
  }
}
