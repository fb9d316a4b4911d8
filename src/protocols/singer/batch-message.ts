// A BATCH message, as Meltano's SDK defines it → which files hold the stream's next records, and in which form.
import { TargetError } from '../../errors/target-error.ts';
import { QUOTE } from '../../json/ascii.ts';
import { type Member, stringAt } from '../../json/json-bytes.ts';
import type { FilesEvent, FilesFormat, Place } from '../front-end.ts';

const compressions: Readonly<Record<FilesFormat, readonly string[]>> = {
  jsonl: ['gzip', 'none'],
  parquet: ['brotli', 'gzip', 'lz4', 'none', 'snappy', 'uncompressed', 'zstd'],
};

/** @throws TargetError INPUT_MESSAGE_INVALID, INPUT_BATCH_ENCODING */
export function batchMessage(bytes: Buffer, members: ReadonlyMap<string, Member>, at: Place): FilesEvent {
  const name = members.get('stream');
  if (!name || bytes[name.start] !== QUOTE) throw invalid('a BATCH without a string "stream"');
  const stream = stringAt(bytes, name.start, name.end);
  try {
    const encoding = encodingOf(json(bytes, members.get('encoding')));
    const manifest = manifestOf(json(bytes, members.get('manifest')));
    const version = versionOf(bytes, members.get('version'));
    const timeExtracted = textOf(bytes, members.get('time_extracted'));
    if (timeExtracted !== undefined && !timeExtracted.startsWith('"'))
      throw invalid('the "time_extracted" of a BATCH must be a date-time');
    return { kind: 'files', stream, ...encoding, manifest, version, timeExtracted, ...at };
  } catch (error) {
    throw error instanceof TargetError ? error.at({ stream }) : error;
  }
}

function encodingOf(encoding: unknown): Pick<FilesEvent, 'format' | 'compression'> {
  if (typeof encoding !== 'object' || encoding === null || Array.isArray(encoding))
    throw invalid('a BATCH without an object "encoding"');
  const { format, compression = null } = encoding as { format?: unknown; compression?: unknown };
  if (format !== 'jsonl' && format !== 'parquet')
    throw new TargetError('INPUT_BATCH_ENCODING', `the files are in ${named('format', format)}`);
  if (compression === null) return { format, compression: 'none' };
  if (typeof compression !== 'string' || !compressions[format].includes(compression))
    throw new TargetError('INPUT_BATCH_ENCODING', `the ${format} files are in ${named('compression', compression)}`);
  return { format, compression: compression === 'gzip' ? 'gzip' : 'none' };
}

const named = (what: string, value: unknown): string =>
  value === undefined
    ? `no ${what}`
    : typeof value !== 'object'
      ? `the unknown ${what} ${JSON.stringify(value).slice(0, 40)}`
      : `a ${what} that is no string`;

function manifestOf(manifest: unknown): readonly string[] {
  if (!Array.isArray(manifest) || !manifest.every((name) => typeof name === 'string' && name !== ''))
    throw invalid('a BATCH whose "manifest" is not a list of files');
  return manifest;
}

function versionOf(bytes: Buffer, member: Member | undefined): string | undefined {
  const digits = textOf(bytes, member);
  if (digits === undefined) return undefined;
  if (!/^-?\d{1,19}$/.test(digits) || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits))
    throw invalid('the version of a BATCH must be a 64-bit integer');
  return digits;
}

/** JSON text; undefined for null. */
function textOf(bytes: Buffer, member: Member | undefined): string | undefined {
  const text = member && bytes.toString('utf8', member.start, member.end);
  return text === 'null' ? undefined : text;
}

function json(bytes: Buffer, member: Member | undefined): unknown {
  const text = textOf(bytes, member);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    throw invalid('a BATCH that holds NaN or Infinity');
  }
}

const invalid = (detail: string): TargetError => new TargetError('INPUT_MESSAGE_INVALID', detail);
