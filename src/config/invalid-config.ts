// All problems of a configuration → the one error that lists them.
import { onOneLine } from '../errors/plain-text.ts';
import { TargetError } from '../errors/target-error.ts';

/** @param problems sentences without a full stop, without values of secret options. */
export function invalidConfig(problems: readonly string[]): TargetError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new TargetError('CONFIG_INVALID', [`${count} in the configuration:`, ...problems.map(onOneLine)].join('\n- '));
}
