// A pattern of `patternProperties` and the names of fields. Both come from outside, and a pattern may backtrack for years.
import { cutName } from '../errors/cut-name.ts';
import { TargetError } from '../errors/target-error.ts';
import { endsWithin } from './time-limit.ts';

const LIMIT_MS = 5_000;
/** A limit costs a tenth of a millisecond: a name that comes with every record is tested once. */
const MAX_NAMES = 1_000;

const tested = new WeakMap<RegExp, Map<string, boolean>>();

/**
 * @param limitMs milliseconds, of which a test waits for fewer
 * @throws TargetError INPUT_SCHEMA_INVALID when the pattern takes longer
 */
export function matchesName(pattern: RegExp, name: string, limitMs: number = LIMIT_MS): boolean {
  let names = tested.get(pattern);
  if (!names) {
    names = new Map();
    tested.set(pattern, names);
  }
  const known = names.get(name);
  if (known !== undefined) return known;
  let matches = false;
  const test = () => {
    matches = pattern.test(name);
  };
  if (!endsWithin(limitMs, test)) throw takesTooLong(pattern, name, limitMs);
  if (names.size >= MAX_NAMES) names.clear();
  names.set(name, matches);
  return matches;
}

function takesTooLong({ source }: RegExp, column: string, limitMs: number): TargetError {
  const detail = `the pattern ${JSON.stringify(cutName(source))} of "patternProperties" takes more than ${limitMs / 1000} s on the name of this field: write the pattern so that it does not backtrack`;
  return new TargetError('INPUT_SCHEMA_INVALID', detail, { column });
}
