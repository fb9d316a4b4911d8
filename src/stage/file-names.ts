// A stream's name, or any other text → names of staged files and folders that every shell, S3 client and Spark reader takes as they are.
import { randomBytes } from 'node:crypto';
import { TargetError } from '../errors/target-error.ts';
import type { StagedCompression } from '../formats/compress/compression.ts';
import type { FormatName } from '../formats/format.ts';

/** What is in a file, which its name ends with: rows to be loaded, or records set aside for a person. */
export type FileContent = FormatName;

const maxHintLength = 80;

/**
 * Any text as one path segment of ASCII letters, digits, `-` and inner `_`.
 * Spark skips names that begin with `_` or `.` and expands glob characters, so neither can come out of here.
 * Different texts may give the same name: add something unique.
 */
export function safeName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .slice(0, maxHintLength)
    .replace(/^[-_]+|[-_]+$/g, '');
  return name === '' ? 'unnamed' : name;
}

/** Names for the files of one run: `orders-1-9f2c41d07a3b.csv.gz`. The number tells their order, the random part makes them unique for ever. */
export function fileNamer(compression: StagedCompression, content: FileContent = 'csv'): (hint: string) => string {
  // Parquet is compressed inside, if at all
  const ending = compression === 'gzip' && content !== 'parquet' ? `.${content}.gz` : `.${content}`;
  let count = 0;
  return (hint) => {
    count += 1;
    return `${safeName(hint)}-${count}-${randomBytes(6).toString('hex')}${ending}`;
  };
}

/** Whether a run may have given this name to one of its staged files, or to the probe before them. */
export const isStagedName = (name: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9_-]*-\d+-[0-9a-f]{12}\.(csv|csv\.gz|parquet|jsonl|jsonl\.gz)$/.test(name) ||
  /^probe-[0-9a-f]{12}$/.test(name);

/** Whether the files, all of one run, hold Parquet: their names say so. */
export const areParquet = (files: readonly { readonly location: string }[]): boolean =>
  files.some(({ location }) => location.endsWith('.parquet'));

/**
 * The user's key prefix as keys begin with it: '' or `some/folder/`, however many slashes it came with.
 * @throws TargetError CONFIG_INVALID where the readers of the stage would take the prefix for something else than its text
 */
export function keyPrefix(text: string | undefined): string {
  const segments = (text ?? '').split('/').filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..' || /[*?[\]{}\\\p{Cc}]/u.test(segment))) {
    throw new TargetError(
      'CONFIG_INVALID',
      '"s3_key_prefix" must not hold "." or ".." between slashes, any of * ? [ ] { } \\, or control characters',
    );
  }
  return segments.map((segment) => `${segment}/`).join('');
}
