// The command line → what is asked for, and the options that were given as flags.
import { parseArgs } from 'node:util';
import { invalidConfig } from './invalid-config.ts';
import { nearestName, suggestion } from './nearest-name.ts';
import { declarationOf, optionOf, understoodNames } from './option-names.ts';
import type { OptionName } from './options.ts';
import { type Flag, parseBoolean } from './sources.ts';
import { strayArgument } from './stray-argument.ts';

const aboutFormats = ['text', 'json', 'markdown'] as const;
export type AboutFormat = (typeof aboutFormats)[number];

/** What may be asked for in the place of a run, by a word. */
const commandWords = ['check', 'clean', 'reset'] as const;
type CommandWord = (typeof commandWords)[number];

export interface Arguments {
  readonly command: 'run' | CommandWord | 'help' | 'version' | 'about';
  /** Paths of configuration files in their order; `ENV` stands for none. */
  readonly configFiles: readonly string[];
  /** Path of a file to read messages from, instead of stdin. */
  readonly input?: string | undefined;
  readonly aboutFormat: AboutFormat;
  /** `clean` and `reset` are to remove what they find. */
  readonly remove: boolean;
  /** Of `reset`. */
  readonly streams: readonly string[];
  readonly flags: readonly Flag[];
  /** What is wrong with a command line that asks for a run: to be reported together with the configuration's problems. */
  readonly problems: readonly string[];
}

/**
 * Both `--batch_size_rows` and `--batch-size-rows` are understood, with the value after a space or `=`; true/false flags
 * may do without. `--help` and `--version` are answered whatever else there is.
 * @param args what follows the program's name.
 * @throws TargetError CONFIG_INVALID when `--about` comes with something that is not understood.
 */
export async function parseArguments(args: readonly string[]): Promise<Arguments> {
  const { commands, words, flags, unknown, problems } = readTokens(args);
  const { command: word, streams, strays } = asWords(words);
  for (const { text, position } of strays) problems.push(await strayArgument(text, position));
  for (const written of unknown) problems.push(await unknownFlag(written));
  const command = commandOf(commands, word);
  const format = commands.format?.at(-1) || commands.about?.at(-1) || 'text';
  if (!isAboutFormat(format)) problems.push(`the format of --about must be ${aboutFormats.join(', ')}`);
  problems.push(...misplaced(commands, command));
  if (command === 'reset' && streams.length === 0)
    problems.push('reset needs the names of streams: target-iomete reset STREAM');
  if (command === 'about' && problems.length > 0) throw invalidConfig(problems);
  return {
    command,
    configFiles: commands.config ?? [],
    input: commands.input?.at(-1),
    aboutFormat: isAboutFormat(format) ? format : 'text',
    remove: commands.remove !== undefined,
    streams,
    flags,
    problems,
  };
}

function commandOf({ help, version, about }: CommandTexts, word: CommandWord | undefined): Arguments['command'] {
  if (help) return 'help';
  if (version) return 'version';
  return about ? 'about' : (word ?? 'run');
}

/** The first word that is a command is the one. What else stands there is the names of streams, or belongs to nothing. */
function asWords(words: readonly Word[]) {
  const command = commandWords.find((name) => words[0]?.text === name);
  const rest = command === undefined ? words : words.slice(1);
  if (command === 'reset') return { command, streams: rest.map(({ text }) => text), strays: [] };
  return { command, streams: [], strays: rest };
}

/** Flags that do not go with the command. */
function misplaced(commands: CommandTexts, command: Arguments['command']): string[] {
  const { remove, 'dry-run': dryRun, format, input } = commands;
  const isWord = commandWords.some((word) => word === command);
  const problems: string[] = [];
  if (format && !['about', 'check'].includes(command)) problems.push('--format goes with --about and "check" only');
  if (command === 'check' && format?.at(-1) === 'markdown') problems.push('the format of check must be text, json');
  if (input && isWord) problems.push('--input goes with a run only');
  if ((remove || dryRun) && ['run', 'check'].includes(command))
    problems.push(`${remove ? '--remove' : '--dry-run'} goes with "clean" and "reset" only`);
  if (remove && dryRun) problems.push('--remove and --dry-run exclude each other');
  return problems;
}

const commandFlags = {
  config: { type: 'string', short: 'c' },
  input: { type: 'string' },
  format: { type: 'string' },
  about: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  remove: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const;

type CommandFlag = keyof typeof commandFlags;

/** The texts that were given to each command flag; '' stands for a flag that was given alone. */
type CommandTexts = { readonly [Name in CommandFlag]?: readonly string[] };

/** An argument that belongs to no flag, and where it stands: the first is 1. */
interface Word {
  readonly text: string;
  readonly position: number;
}

interface ReadTokens {
  readonly commands: CommandTexts;
  readonly words: readonly Word[];
  readonly flags: readonly Flag[];
  /** Flags that nobody knows, as they were written. */
  readonly unknown: readonly string[];
  readonly problems: string[];
}

type Token = ReturnType<typeof tokenize>[number];
type FlagToken = Extract<Token, { kind: 'option' }>;

function readTokens(args: readonly string[]): ReadTokens {
  const commands: { [Name in CommandFlag]?: string[] } = {};
  const flags: Flag[] = [];
  const unknown: string[] = [];
  const words: Word[] = [];
  const problems: string[] = [];
  const tokens = tokenize(args).filter((token, at, all) => token.index !== all[at - 1]?.index);
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'positional') {
      if (belongsToFlag(token, tokens[at - 1])) continue;
      const before = tokens[at - 1];
      const isCommand = commandWords.some((word) => word === token.value);
      if (!isCommand && before?.kind === 'option' && isBooleanOption(before) && !before.inlineValue)
        problems.push(
          `only true or false may follow ${before.rawName}, and argument ${token.index + 1} is something else`,
        );
      else words.push({ text: token.value, position: token.index + 1 });
    } else if (token.kind === 'option') {
      const text = textOf(token, tokens[at + 1]);
      const option = optionOf(token.name.replaceAll('-', '_'));
      if (option === undefined && !isCommandFlag(token.name)) unknown.push(token.rawName);
      else if (text === undefined) problems.push(`${token.rawName} needs a value`);
      else if (isCommandFlag(token.name)) commands[token.name] = [...(commands[token.name] ?? []), text];
      else if (option !== undefined) flags.push({ name: option, text, written: token.rawName });
    }
  }
  return { commands, words, flags, unknown, problems };
}

/** Not strict: what is wrong is collected, not thrown one by one, and never quoted, as it may hold a secret. */
function tokenize(args: readonly string[]) {
  const optionFlags = understoodNames.flatMap((name) => {
    const type = isBoolean(optionOf(name)!) ? 'boolean' : 'string';
    return [name, name.replaceAll('_', '-')].map((written) => [written, { type }] as const);
  });
  const options = { ...Object.fromEntries(optionFlags), ...commandFlags };
  return parseArgs({ args, options, strict: false, tokens: true }).tokens;
}

/** A flag's value; undefined when it lacks one. */
function textOf(token: FlagToken, next: Token | undefined): string | undefined {
  if (token.inlineValue) return token.value;
  if (isBooleanOption(token)) return next?.kind === 'positional' && isBooleanText(next) ? next.value : 'true';
  if (takesNoValue(token)) return '';
  return token.value?.startsWith('--') ? undefined : token.value;
}

/** The text after a true/false flag is its value when it is one; what follows a mistaken flag is no second mistake. */
function belongsToFlag(token: Token, before: Token | undefined): boolean {
  if (before?.kind !== 'option') return false;
  if (before.value !== undefined && !before.value.startsWith('--')) return false;
  return isBooleanOption(before) ? isBooleanText(token) : !takesNoValue(before);
}

const isBooleanText = (token: Token): boolean => token.kind === 'positional' && parseBoolean(token.value) !== undefined;

function isBooleanOption(token: FlagToken): boolean {
  const option = optionOf(token.name.replaceAll('-', '_'));
  return option !== undefined && isBoolean(option);
}

const takesNoValue = (token: FlagToken): boolean =>
  isCommandFlag(token.name) && commandFlags[token.name].type === 'boolean';

const isCommandFlag = (name: string): name is CommandFlag => Object.hasOwn(commandFlags, name);

const isAboutFormat = (text: string): text is AboutFormat => (aboutFormats as readonly string[]).includes(text);

async function unknownFlag(written: string): Promise<string> {
  const name = /^-+[\w-]*/.exec(written)?.[0] ?? '-';
  const nearest = await nearestName(name.replace(/^-+/, '').replaceAll('-', '_'), [
    ...understoodNames,
    ...Object.keys(commandFlags),
  ]);
  return `${name} is not an option${suggestion(nearest && `--${nearest.replaceAll('_', '-')}`)}`;
}

function isBoolean(name: OptionName): boolean {
  const { schema } = declarationOf(name);
  return 'type' in schema && schema.type === 'boolean';
}
