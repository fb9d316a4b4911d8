// The command line as people write it → its flags and words, and one spelling of the flags in which yargs loses no text. Left
// alone, yargs takes any value of a true/false flag for true or false and a value that begins with a dash for a flag, and
// takes quotes away.
import { type CommandFlag, commandFlags } from './commands.ts';
import { declarationOf, optionOf } from './option-names.ts';
import type { OptionName } from './options.ts';
import { parseBoolean } from './sources.ts';

interface WrittenFlag {
  /** Of a command flag or an option; else as it was written. */
  readonly name: string;
  readonly option?: OptionName | undefined;
  readonly isKnown: boolean;
  /** No value follows it after `=`. */
  readonly isAlone: boolean;
  /** It is `--no-` and the name. */
  readonly isNegated: boolean;
}

const shortFlags: Readonly<Record<string, CommandFlag>> = { c: 'config', h: 'help' };

/** A flag where it stands. */
export interface PlacedFlag extends WrittenFlag {
  /** As it was written, without a value. */
  readonly written: string;
  /** Index of the argument. */
  readonly at: number;
  /** From behind `=`, or what follows; undefined where there is neither. */
  readonly value: string | undefined;
}

/** An argument that belongs to no flag. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

export function readLine(args: readonly string[]): {
  readonly flags: readonly PlacedFlag[];
  readonly words: readonly Word[];
} {
  const flags: PlacedFlag[] = [];
  const words: Word[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--') {
      words.push(...args.slice(at + 1).map((text, index) => ({ text, at: at + 1 + index })));
      break;
    }
    const flag = flagIn(arg);
    if (flag === undefined) words.push({ text: arg, at });
    else if (takesNext(flag, args[at + 1])) flags.push({ ...flag, written: arg, at, value: args[++at] });
    else flags.push({ ...flag, ...splitAt(arg, flag), at });
  }
  return { flags, words };
}

/**
 * For yargs: each flag with its value after `=`, and one more `=` before the value, which keeps the quotes of the value and
 * tells an empty value from none. Flags that nobody knows are left out: yargs stumbles over names such as `constructor`.
 */
export const spelledOut = (flags: readonly PlacedFlag[]): string[] =>
  flags.filter(({ isKnown }) => isKnown).map(spelling);

function spelling(flag: PlacedFlag): string {
  const implied = flag.isNegated ? 'false' : takesTruth(flag) ? 'true' : takesText(flag) ? undefined : '';
  const value = flag.value ?? implied;
  return `--${flag.name}=${value === undefined ? '' : `=${value}`}`;
}

/** Of an argument that holds a flag and perhaps its value. */
function splitAt(arg: string, { isAlone }: WrittenFlag): Pick<PlacedFlag, 'written' | 'value'> {
  if (isAlone) return { written: arg, value: undefined };
  const end = arg.startsWith('--') ? arg.indexOf('=') : 2;
  return { written: arg.slice(0, end), value: arg.slice(arg.startsWith('--') ? end + 1 : end) };
}

/** Whether what follows the flag is its value. */
function takesNext(flag: WrittenFlag, next: string | undefined): next is string {
  if (!flag.isAlone || next === undefined) return false;
  if (takesTruth(flag)) return parseBoolean(next) !== undefined;
  return takesText(flag) && !next.startsWith('--') && (flag.isKnown || flagIn(next) === undefined);
}

/** Undefined for what does not begin as a flag does. */
function flagIn(arg: string): WrittenFlag | undefined {
  const [, long, letter] = /^--([^=]+)|^-([A-Za-z])/s.exec(arg) ?? [];
  if (long === undefined && letter === undefined) return undefined;
  const isAlone = long === undefined ? arg.length === 2 : !arg.includes('=');
  const written = long ?? (letter === 'c' || isAlone ? shortFlags[letter!] : undefined) ?? letter!;
  const own = isCommandFlag(written) ? { name: written, isKnown: true } : optionNamed(written);
  if (own) return { ...own, isAlone, isNegated: false };
  const positive = isAlone && written.startsWith('no-') ? written.slice('no-'.length) : undefined;
  const negated = positive === undefined ? undefined : negatable(positive);
  return { ...(negated ?? { name: written, isKnown: false }), isAlone, isNegated: negated !== undefined };
}

function optionNamed(written: string) {
  const option = optionOf(written.replaceAll('-', '_'));
  return option === undefined ? undefined : { name: option, option, isKnown: true };
}

function negatable(name: string) {
  if (isCommandFlag(name)) return 'placeholder' in commandFlags[name] ? undefined : { name, isKnown: true };
  const named = optionNamed(name);
  return named !== undefined && isTruth(named.option) ? named : undefined;
}

const isCommandFlag = (name: string): name is CommandFlag => Object.hasOwn(commandFlags, name);

function isTruth(name: OptionName): boolean {
  const { schema } = declarationOf(name);
  return 'type' in schema && schema.type === 'boolean';
}

/** Its value may be left out. */
export const takesTruth = ({ option, isNegated }: WrittenFlag): boolean =>
  option !== undefined && !isNegated && isTruth(option);

/** It can't do without a value. */
export function takesText({ name, option, isKnown, isNegated }: WrittenFlag): boolean {
  if (isNegated) return false;
  if (!isKnown) return true;
  return option === undefined ? 'placeholder' in commandFlags[name as CommandFlag] : !isTruth(option);
}
