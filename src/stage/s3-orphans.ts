// A bucket's prefix → what killed runs have left below it: staged files, uploads that were never finished.
import type { CommonPrefix, MultipartUpload, S3, _Object as S3Object } from '@aws-sdk/client-s3';
import { type S3ConnectionSettings, s3Client } from '../aws/s3-client.ts';
import { s3Error, s3ErrorName, s3Reason } from '../aws/s3-errors.ts';
import { Secrets } from '../errors/secrets.ts';
import { isStagedName, keyPrefix } from './file-names.ts';
import { heartbeatName, isAlive } from './heartbeat.ts';
import { type Orphan, type Skipped, type StageOrphans, unknownName } from './orphan.ts';
import { type RunFolder, readRunFolder, runFolderName } from './run-id.ts';

export interface S3OrphanSettings extends S3ConnectionSettings {
  readonly bucket: string;
  readonly keyPrefix?: string | undefined;
}

export interface S3Orphans extends StageOrphans {
  /** Of the connection, by which things are removed. */
  close(): void;
}

const timeoutMs = 60_000;

/** @throws TargetError CONFIG_INVALID, STAGE_AUTH, STAGE_BUCKET_MISSING, STAGE_FAILED */
export async function s3Orphans(settings: S3OrphanSettings, warn: (message: string) => void): Promise<S3Orphans> {
  const prefix = keyPrefix(settings.keyPrefix);
  const { secrets = new Secrets() } = settings;
  const s3 = await s3Client(settings, warn, secrets);
  const search = new Search(s3, settings.bucket, prefix, (error) =>
    warn(`Uploads that were never finished can't be listed: ${s3Reason(error, secrets)}`),
  );
  try {
    return { ...(await search.run()), close: () => s3.destroy() };
  } catch (error) {
    s3.destroy();
    throw s3Error(error, { bucket: settings.bucket, prefix, endpointUrl: settings.endpointUrl, secrets });
  }
}

/** What is there of one run. */
interface Traces {
  readonly objects: { readonly folder: RunFolder; readonly object: S3Object }[];
  readonly uploads: MultipartUpload[];
}

class Search {
  private readonly s3: S3;
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly unlisted: (error: unknown) => void;
  /** The store's clock less ours, as its last answer tells. */
  private aheadMs = 0;

  constructor(s3: S3, bucket: string, prefix: string, unlisted: (error: unknown) => void) {
    this.s3 = s3;
    this.bucket = bucket;
    this.prefix = prefix;
    this.unlisted = unlisted;
    s3.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const { headers } = answer.response as { headers?: Record<string, string | undefined> };
        const date = Date.parse(headers?.date ?? '');
        if (!Number.isNaN(date)) this.aheadMs = date - Date.now();
        return answer;
      },
      { step: 'deserialize', name: 'clockOfTheStore' },
    );
  }

  async run(): Promise<StageOrphans> {
    const runs = new Map<string, Traces>();
    const tracesOf = ({ runId }: RunFolder): Traces => {
      const traces = runs.get(runId) ?? { objects: [], uploads: [] };
      runs.set(runId, traces);
      return traces;
    };
    for (const name of await this.folders()) {
      const folder = readRunFolder(name);
      // what was set aside is for a person to look into
      if (!folder || folder.part === 'dead-letters') continue;
      for (const object of await this.objects(name)) tracesOf(folder).objects.push({ folder, object });
    }
    for (const upload of await this.uploads()) {
      const [name = '', file = ''] = upload.Key!.slice(this.prefix.length).split('/');
      const folder = readRunFolder(name);
      if (folder && isStagedName(file)) tracesOf(folder).uploads.push(upload);
    }
    return await this.sorted(runs);
  }

  private async sorted(runs: ReadonlyMap<string, Traces>): Promise<StageOrphans> {
    const [things, last]: [Orphan[], Orphan[]] = [[], []];
    const skipped: Skipped[] = [];
    const deadRuns = new Set<string>();
    for (const [runId, traces] of runs) {
      if (await this.isAlive(traces)) {
        skipped.push({ place: `run ${runId}`, why: 'it is alive' });
        continue;
      }
      deadRuns.add(runId);
      for (const upload of traces.uploads) things.push(this.uploadOf(runId, upload));
      for (const { folder, object } of traces.objects) {
        const name = object.Key!.slice(object.Key!.lastIndexOf('/') + 1);
        const isDirect = object.Key === `${this.prefix}${runFolderName(folder)}/${name}`;
        if (isDirect && name === heartbeatName) last.push(this.objectOf(runId, object, 'heartbeat'));
        else if (!isDirect || !isStagedName(name)) skipped.push({ place: this.address(object.Key!), why: unknownName });
        else if (folder.part === 'staged') things.push(this.objectOf(runId, object, 'staged file'));
      }
    }
    return { things, last, skipped, deadRuns };
  }

  private async isAlive({ objects, uploads }: Traces): Promise<boolean> {
    const found = objects.find(({ object }) => object.Key!.endsWith(`/${heartbeatName}`))?.object;
    if (found) {
      const text = await this.text(found.Key!);
      return isAlive({ text, ageMs: this.age(found.LastModified) });
    }
    const times = [...objects.map(({ object }) => object.LastModified), ...uploads.map(({ Initiated }) => Initiated)];
    return isAlive({ ageMs: Math.min(...times.map((time) => this.age(time))) });
  }

  /** What has no time is new. */
  private age(time: Date | undefined): number {
    return time === undefined ? 0 : Date.now() + this.aheadMs - time.getTime();
  }

  private async text(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.s3.getObject({ Bucket: this.bucket, Key: key }, this.retryBudget());
      return await Body!.transformToString();
    } catch (error) {
      // its run has ended meanwhile
      if (s3ErrorName(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** Names between the prefix and the next slash. */
  private async folders(): Promise<readonly string[]> {
    const found: CommonPrefix[] = [];
    for (let token: string | undefined, isFirst = true; isFirst || token; isFirst = false) {
      const page = await this.s3.listObjectsV2(
        { Bucket: this.bucket, Prefix: this.prefix, Delimiter: '/', ContinuationToken: token },
        this.retryBudget(),
      );
      found.push(...(page.CommonPrefixes ?? []));
      token = page.NextContinuationToken;
    }
    return found.map(({ Prefix }) => Prefix!.slice(this.prefix.length, -1));
  }

  private async objects(folder: string): Promise<readonly S3Object[]> {
    const found: S3Object[] = [];
    for (let token: string | undefined, isFirst = true; isFirst || token; isFirst = false) {
      const page = await this.s3.listObjectsV2(
        { Bucket: this.bucket, Prefix: `${this.prefix}${folder}/`, ContinuationToken: token },
        this.retryBudget(),
      );
      found.push(...(page.Contents ?? []));
      token = page.NextContinuationToken;
    }
    return found;
  }

  /** Takes a right of its own, and not all servers know it. */
  private async uploads(): Promise<readonly MultipartUpload[]> {
    const found: MultipartUpload[] = [];
    try {
      for (let KeyMarker: string | undefined, UploadIdMarker: string | undefined, isMore = true; isMore; ) {
        const page = await this.s3.listMultipartUploads(
          { Bucket: this.bucket, Prefix: this.prefix, KeyMarker, UploadIdMarker },
          this.retryBudget(),
        );
        found.push(...(page.Uploads ?? []));
        isMore = page.IsTruncated === true && page.NextKeyMarker !== undefined;
        KeyMarker = page.NextKeyMarker;
        UploadIdMarker = page.NextUploadIdMarker;
      }
    } catch (error) {
      this.unlisted(error);
    }
    return found.filter(({ Key, UploadId }) => Key?.startsWith(this.prefix) && UploadId !== undefined);
  }

  private objectOf(runId: string, { Key, Size }: S3Object, what: string): Orphan {
    const remove = async () =>
      void (await this.s3.deleteObject({ Bucket: this.bucket, Key: Key! }, this.retryBudget()));
    return { what, place: this.address(Key!), bytes: Size, runId, remove };
  }

  private uploadOf(runId: string, { Key, UploadId }: MultipartUpload): Orphan {
    const remove = async () => {
      const upload = { Bucket: this.bucket, Key: Key!, UploadId: UploadId! };
      await this.s3.abortMultipartUpload(upload, this.retryBudget()).catch((error: unknown) => {
        if (s3ErrorName(error) !== 'NoSuchUpload') throw error;
      });
    };
    return { what: 'unfinished upload', place: this.address(Key!), runId, remove };
  }

  private address(key: string): string {
    return `s3://${this.bucket}/${key}`;
  }

  private retryBudget() {
    return { abortSignal: AbortSignal.timeout(timeoutMs) };
  }
}
