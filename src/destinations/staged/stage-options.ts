// The options of stages, and the stages that they stand for.
import type { S3ConnectionSettings } from '../../aws/s3-client.ts';
import type { RowFormat, StageFormat } from '../../formats/format.ts';
import { batchFiles } from '../../input/batch-file-store.ts';
import type { BatchFiles } from '../../input/batch-files.ts';
import type { FileContent } from '../../stage/file-names.ts';
import { type FolderStage, folderStage } from '../../stage/folder-stage.ts';
import { heartbeatMs } from '../../stage/heartbeat.ts';
import { runFolderName } from '../../stage/run-id.ts';
import { s3Stage } from '../../stage/s3-stage.ts';
import type { Stage } from '../../stage/store.ts';
import type { RunInfo } from '../destination.ts';

export interface S3Options {
  readonly s3_endpoint_url?: string | undefined;
  readonly s3_region_name?: string | undefined;
  readonly aws_access_key_id?: string | undefined;
  readonly aws_secret_access_key?: string | undefined;
  readonly aws_session_token?: string | undefined;
  readonly aws_profile?: string | undefined;
  readonly retry_max_seconds: number;
  readonly s3_uri_scheme: 's3a' | 's3';
}

export interface BucketOptions extends S3Options {
  readonly s3_bucket: string;
  readonly s3_key_prefix?: string | undefined;
  readonly s3_acl?: string | undefined;
  readonly s3_sse?: 'AES256' | 'aws:kms' | undefined;
  readonly s3_kms_key_id?: string | undefined;
}

export interface StageOptions {
  readonly temp_dir: string;
  readonly stage_format: StageFormat;
  readonly keep_staged_files: boolean;
  readonly batch_sources?: readonly string[] | undefined;
  readonly no_compression: boolean;
}

/** The stages of one run. */
export interface Stages<Of extends Stage = Stage> {
  readonly stage: Of;
  readonly deadLetters: Stage;
  readonly files: BatchFiles;
}

/** How S3 is called. */
export const s3Connection = (options: S3Options): S3ConnectionSettings => ({
  endpointUrl: options.s3_endpoint_url,
  region: options.s3_region_name,
  accessKeyId: options.aws_access_key_id,
  secretAccessKey: options.aws_secret_access_key,
  sessionToken: options.aws_session_token,
  profile: options.aws_profile,
  retryMaxSeconds: options.retry_max_seconds,
});

/** The bucket, and what every upload asks for. */
export const bucketOf = (options: BucketOptions) => ({
  ...s3Connection(options),
  bucket: options.s3_bucket,
  keyPrefix: options.s3_key_prefix,
  acl: options.s3_acl,
  sse: options.s3_sse,
  kmsKeyId: options.s3_kms_key_id,
});

/** A folder of this machine, for a destination in this process. Compressing its files costs more than it saves. */
export function folderStages(options: StageOptions & S3Options, run: RunInfo): Stages<FolderStage> {
  return stagesOf(options, run, 'local', (use) =>
    folderStage({ folder: options.temp_dir, compression: 'none', ...use }, run.log),
  );
}

/** A prefix of a bucket, for a destination that reads S3 by itself. */
export function s3Stages(options: StageOptions & BucketOptions, run: RunInfo): Stages {
  const { compression } = s3Format(options);
  return stagesOf(options, run, 's3', (use) =>
    s3Stage(
      {
        ...bucketOf(options),
        uriScheme: options.s3_uri_scheme,
        compression: use.content === 'parquet' ? 'none' : compression,
        ...use,
      },
      run.log,
    ),
  );
}

export const folderFormat = ({ stage_format: format }: StageOptions): RowFormat => ({ format, compression: 'none' });

export const s3Format = ({ stage_format: format, no_compression: isPlain }: StageOptions): RowFormat => ({
  format,
  compression: isPlain ? 'none' : 'gzip',
});

interface StageUse {
  readonly runFolder: string;
  readonly content: FileContent;
  readonly keepFiles: boolean;
  readonly heartbeatMs?: number;
}

function stagesOf<Of extends Stage>(
  options: StageOptions & S3Options,
  { runId, log }: RunInfo,
  readable: 'local' | 's3',
  open: (use: StageUse) => Of,
): Stages<Of> {
  const { keep_staged_files: keepFiles, stage_format: content } = options;
  const runFolder = runFolderName({ runId, part: keepFiles ? 'kept' : 'staged' });
  const deadLetterFolder = runFolderName({ runId, part: 'dead-letters' });
  const copies = open({ runFolder, content: 'parquet', keepFiles });
  const { s3_uri_scheme: uriScheme, batch_sources: sources } = options;
  const settings = { ...s3Connection(options), readable, uriScheme, sources, secrets: log.secrets } as const;
  return {
    // one stage of a run is enough to say that it is alive
    stage: open({ runFolder, content, keepFiles, heartbeatMs }),
    deadLetters: open({ runFolder: deadLetterFolder, content: 'jsonl', keepFiles: true }),
    files: batchFiles(settings, copies, (message) => log.warn(message)),
  };
}
