// A record of a version that still awaits its columns → why the record can't be loaded.
import { TargetError } from '../errors/target-error.ts';
import { slotKind } from '../json/slot-kind.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { RecordScanner } from './record-scanner.ts';

/** The record scanned last has brought no columns: it lacks its key, has one that can't be compared, or holds nothing. */
export function columnlessRecord({ awaitedKeys = [] }: StreamVersion, scanner: RecordScanner): TargetError {
  const kinds = awaitedKeys.map((_, index) => scanner.kinds[scanner.awaitedSlot(index)]!);
  const missing = kinds.findIndex((kind) => kind === slotKind.null || kind === slotKind.absent);
  if (missing >= 0)
    return new TargetError(
      'INPUT_KEY_MISSING',
      kinds[missing] === slotKind.null ? 'the key property is null' : 'the record lacks its key property',
      { column: awaitedKeys[missing] },
    );
  const structure = kinds.indexOf(slotKind.structure);
  if (structure >= 0)
    return new TargetError('INPUT_VALUE_INVALID', 'an object or array is no key: it can not be compared', {
      column: awaitedKeys[structure],
    });
  return new TargetError(
    'INPUT_VALUE_INVALID',
    'the record holds no value, and its stream has no columns yet: no row can be made of it',
  );
}
