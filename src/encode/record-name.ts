// The record that an error is about → the values of its keys, by which a person finds the record at its source.
import { cutName } from '../errors/cut-name.ts';
import { shownKeyAt } from '../errors/shown-key.ts';
import { TargetError } from '../errors/target-error.ts';
import { slotKind } from '../json/slot-kind.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { RecordScanner } from './record-scanner.ts';

/** More keys than these only make the message longer. */
const MAX_KEYS = 5;

/**
 * The error with the record's keys, such as `id=17 and line=3`, as far as they were scanned before the error.
 * Where the message itself shows the key, as it does for a value of that key, the key is not repeated.
 */
export function namingRecord(error: unknown, bytes: Buffer, version: StreamVersion, scanner: RecordScanner): unknown {
  if (!(error instanceof TargetError)) return error;
  const record = recordName(bytes, version, scanner, error);
  return record === undefined ? error : error.at({ record });
}

function recordName(
  bytes: Buffer,
  { columns, keys }: StreamVersion,
  { kinds, starts, ends }: RecordScanner,
  { message }: TargetError,
): string | undefined {
  const readable = keys.flatMap((key) => {
    const kind = kinds[key]!;
    if (kind === slotKind.absent || kind === slotKind.null) return [];
    const value = shownKeyAt(bytes, starts[key]!, ends[key]!);
    return message.endsWith(` (the key is ${value})`) ? [] : [`${shownName(columns[key]!.path)}=${value}`];
  });
  if (readable.length === 0) return undefined;
  const more = readable.length > MAX_KEYS ? ` and ${readable.length - MAX_KEYS} more` : '';
  return readable.slice(0, MAX_KEYS).join(' and ') + more;
}

function shownName(path: readonly string[]): string {
  const name = cutName(path.join('.'));
  return /^[\p{L}\p{N}_.]+$/u.test(name) ? name : JSON.stringify(name);
}
