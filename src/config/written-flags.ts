// Flags as people write them → one spelling in which yargs loses no text: it would take any value of a true/false flag for
// true or false, and `--no-compression` for the opposite of an option "compression".
import { type CommandFlag, commandFlags } from './commands.ts';
import { declarationOf, optionOf } from './option-names.ts';
import type { OptionName } from './options.ts';
import { parseBoolean } from './sources.ts';

export interface WrittenFlag {
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

/** Undefined for what does not begin as a flag does. */
export function flagIn(arg: string): WrittenFlag | undefined {
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

/** Each flag that may stand alone gets the value that this means. */
export function spelledOut(args: readonly string[]): string[] {
  const spelled: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--') return [...spelled, ...args.slice(at)];
    const flag = flagIn(arg);
    const next = args[at + 1];
    const [text, isNextTaken] = flag === undefined ? [arg, false] : spelling(arg, flag, next);
    spelled.push(text);
    if (isNextTaken) at++;
  }
  return spelled;
}

function spelling(arg: string, flag: WrittenFlag, next: string | undefined): readonly [string, boolean] {
  const { name, isAlone, isNegated } = flag;
  if (!isAlone) return [arg.startsWith('-c') ? `--config=${arg.slice(2)}` : arg, false];
  if (isNegated) return [`--${name}=false`, false];
  if (takesText(flag)) return [arg, false];
  const isTaken = next !== undefined && takesTruth(flag) && parseBoolean(next) !== undefined;
  const alone = takesTruth(flag) ? 'true' : '';
  return [`--${name}=${isTaken ? next : alone}`, isTaken];
}
