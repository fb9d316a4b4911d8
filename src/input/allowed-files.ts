// Where the files of a BATCH may lie → the files that a manifest may name.
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { TargetError } from '../errors/target-error.ts';
import type { BatchLocation } from './batch-location.ts';

export interface AllowedFileSettings {
  /** Folders, and `s3://bucket/prefix`. Any file where undefined, and none where empty. */
  readonly sources?: readonly string[] | undefined;
  /** Whether somebody has said how S3 is called. */
  readonly isS3Chosen: boolean;
}

type S3Location = Extract<BatchLocation, { kind: 's3' }>;

export interface AllowedFiles {
  /** Looks at nothing. @throws TargetError INPUT_BATCH_SOURCE for what may not be looked at */
  check(location: BatchLocation): void;
  /**
   * @param path of a file that is there
   * @returns the file's real path where sources are named: a link may lead out of them
   * @throws TargetError INPUT_BATCH_SOURCE
   */
  localFile(path: string): Promise<string>;
}

interface Prefix {
  readonly bucket: string;
  /** Without `/` at its end; '' for the whole bucket. */
  readonly prefix: string;
}

/** @throws TargetError CONFIG_INVALID for a source that is neither a folder nor on S3 */
export function allowedFiles({ sources, isS3Chosen }: AllowedFileSettings): AllowedFiles {
  const prefixes = (sources ?? []).flatMap((source) => s3Prefix(source) ?? []);
  const folders = (sources ?? []).filter((source) => s3Prefix(source) === undefined).map(folderPath);

  return {
    check: (location) => {
      if (sources?.length === 0) throw refused('"batch_sources" is empty, so no file is read');
      if (location.kind === 'local') return;
      if (sources === undefined && !isS3Chosen)
        throw refused('the file is on S3, and no option of S3 is set: set "s3_region_name", "aws_profile" or the keys');
      if (sources !== undefined && !prefixes.some((prefix) => isBelow(location, prefix))) throw notNamed();
    },
    localFile: async (path) => {
      if (sources === undefined) return path;
      const real = await realpath(path);
      for (const folder of folders) if (isWithin(real, await realFolder(folder))) return real;
      throw notNamed();
    },
  };
}

const refused = (why: string): TargetError => new TargetError('INPUT_BATCH_SOURCE', why);
const notNamed = (): TargetError => refused('the file lies in none of the places that "batch_sources" names');

function s3Prefix(source: string): Prefix | undefined {
  const [, bucket, prefix = ''] = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/is.exec(source) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix: prefix.replace(/\/+$/, '') };
}

function folderPath(source: string): string {
  if (/^file:\/\//i.test(source)) return source.slice('file://'.length);
  const scheme = /^[a-z][a-z0-9+.-]+:\/\//i.exec(source)?.[0];
  if (source.trim() !== '' && scheme === undefined) return source;
  throw new TargetError(
    'CONFIG_INVALID',
    `"batch_sources" must name folders and s3://bucket/prefix, not ${scheme === undefined ? 'an empty text' : `${scheme}…`}`,
  );
}

/** Readers of S3 go up at `..`, as in a folder. */
function isBelow({ bucket, key }: S3Location, source: Prefix): boolean {
  if (bucket !== source.bucket || key.split('/').some((part) => part === '.' || part === '..')) return false;
  return source.prefix === '' || key === source.prefix || key.startsWith(`${source.prefix}/`);
}

/** It may come to be while the run lasts: nothing is in it until then. */
const realFolder = (folder: string): Promise<string | undefined> => realpath(folder).catch(() => undefined);

const isWithin = (path: string, folder: string | undefined): boolean =>
  folder !== undefined && (path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
