// The command line → what is asked for, and the options that were given as flags.
import { commandLine } from './command-line.ts';
import {
  type CommandFlag,
  type CommandWord,
  commandFlags,
  commandOf,
  commandWords,
  type Shell,
  shells,
} from './commands.ts';
import { helpTopics } from './help.ts';
import { invalidConfig } from './invalid-config.ts';
import { nearestName, suggestion } from './nearest-name.ts';
import { understoodNames } from './option-names.ts';
import { type Flag, parseBoolean } from './sources.ts';
import { strayArgument } from './stray-argument.ts';
import { flagIn, spelledOut, takesText, takesTruth } from './written-flags.ts';

export type AboutFormat = 'text' | 'json' | 'markdown';

export interface Arguments {
  readonly command: 'run' | CommandWord | 'help' | 'version';
  /** Paths of configuration files in their order; `ENV` stands for none. */
  readonly configFiles: readonly string[];
  /** Path of a file to read messages from, instead of stdin. */
  readonly input?: string | undefined;
  readonly aboutFormat: AboutFormat;
  /** `clean` and `reset` are to remove what they find. */
  readonly remove: boolean;
  /** Of `reset`. */
  readonly streams: readonly string[];
  /** Of `completion`. */
  readonly shell?: Shell | undefined;
  /** What help is asked for: a command, a group of options, or `all`; the first page when not set. */
  readonly topic?: string | undefined;
  readonly flags: readonly Flag[];
  /** What is wrong with a command line that asks for a run: to be reported together with the configuration's problems. */
  readonly problems: readonly string[];
}

/**
 * Both `--batch_size_rows` and `--batch-size-rows` are understood, with the value after a space or `=`; true/false flags
 * may do without, or begin with `--no-`. `--help` and `--version` are answered whatever else there is.
 * @param args what follows the program's name.
 * @throws TargetError CONFIG_INVALID when `about` comes with something that is not understood.
 */
export async function parseArguments(args: readonly string[]): Promise<Arguments> {
  const line = await commandLine();
  const argv = line.parseSync(spelledOut(args)) as Readonly<Record<string, unknown>>;
  const [first = '', ...following] = (argv._ as readonly unknown[]).map(String);
  const word = isOneOf(commandWords, first) ? first : undefined;
  const words = word === undefined ? [first, ...following].filter((text) => text !== '') : following;
  const given = textsOf(argv, args);
  const shell = word === 'completion' ? shells.find((name) => name === words[0]) : undefined;
  const strays = word === 'reset' ? [] : shell === undefined ? words : words.slice(1);
  const problems = [...given.problems, ...(await strayProblems(strays, args))];
  for (const written of unknownFlags(args)) problems.push(await unknownFlag(written));
  const command = commandFor(given.commands, word);
  const format = given.commands.format?.at(-1) || given.commands.about?.at(-1) || 'text';
  problems.push(...misplaced(given.commands, command));
  if (command === 'completion' && shell === undefined)
    problems.push(`completion needs the name of a shell: ${shells.join(', ')}`);
  if (command === 'reset' && words.length === 0)
    problems.push('reset needs the names of streams: target-iomete reset STREAM');
  if ((command === 'about' || command === 'completion') && problems.length > 0) throw invalidConfig(problems);
  return {
    command,
    configFiles: given.commands.config ?? [],
    input: given.commands.input?.at(-1),
    aboutFormat: format as AboutFormat,
    remove: given.commands.remove !== undefined,
    streams: command === 'reset' ? words : [],
    shell,
    topic: word ?? words.find((text) => helpTopics.includes(text)),
    flags: given.flags,
    problems,
  };
}

/** The texts that were given to each command flag; '' stands for a flag that was given alone. */
type CommandTexts = { readonly [Name in CommandFlag]?: readonly string[] };

/** What yargs has read, by flag; a text that is missing is a problem. */
function textsOf(argv: Readonly<Record<string, unknown>>, args: readonly string[]) {
  const commands: { [Name in CommandFlag]?: readonly string[] } = {};
  const flags: Flag[] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const arg of args.slice(0, endOfFlags(args))) {
    const flag = flagIn(arg);
    if (flag === undefined || seen.has(flag.name)) continue;
    seen.add(flag.name);
    const key = flag.option === undefined ? flag.name : flag.option.replaceAll('_', '-');
    const all = argv[key] === undefined ? [] : [argv[key]].flat().map(String);
    const lacking = all.includes('') ? lackingValue(flag.name, args) : undefined;
    const texts = lacking === undefined ? all : all.filter((text) => text !== '');
    if (lacking !== undefined) problems.push(`${lacking} needs a value`);
    if (flag.option !== undefined) {
      const written = args.findLast((other) => flagIn(other)?.name === flag.name)!.replace(/=.*/s, '');
      for (const text of texts) flags.push({ name: flag.option, text, written });
    } else if (Object.hasOwn(commandFlags, flag.name)) {
      const isOff = !takesText(flag) && parseBoolean(texts.at(-1) ?? '') === false;
      if (texts.length > 0 && !isOff) commands[flag.name as CommandFlag] = texts;
    }
  }
  return { commands, flags, problems };
}

/** A flag that ends the line or that another flag follows, as it was written. */
function lackingValue(name: string, args: readonly string[]): string | undefined {
  return args.find((arg, at) => {
    const flag = flagIn(arg);
    return flag?.name === name && flag.isAlone && takesText(flag) && args[at + 1] !== '';
  });
}

/** After it stand words only. */
const endOfFlags = (args: readonly string[]): number => (args.includes('--') ? args.indexOf('--') : args.length);

function unknownFlags(args: readonly string[]): string[] {
  const flags = args.slice(0, endOfFlags(args)).filter((arg) => /^-[^\d]/.test(arg));
  return flags.filter((arg) => flagIn(arg)?.isKnown !== true);
}

/** Words that yargs has found neither in a flag nor in a command. */
async function strayProblems(words: readonly string[], args: readonly string[]) {
  const problems: string[] = [];
  let from = 0;
  for (const text of words) {
    const at = args.findIndex((arg, index) => index >= from && arg === text && !isValue(text, args[index - 1]));
    from = at + 1;
    const before = at < 1 ? undefined : flagIn(args[at - 1]!);
    if (before?.isAlone && takesTruth(before) && !commandWords.some((name) => name === text))
      problems.push(`only true or false may follow ${args[at - 1]}, and argument ${at + 1} is something else`);
    else problems.push(await strayArgument(text, at + 1));
  }
  return problems;
}

function isValue(text: string, before: string | undefined): boolean {
  const flag = before === undefined ? undefined : flagIn(before);
  if (!flag?.isAlone) return false;
  return takesTruth(flag) ? parseBoolean(text) !== undefined : takesText(flag);
}

function commandFor({ help, version, about }: CommandTexts, word: CommandWord | undefined) {
  if (help) return 'help';
  if (version) return 'version';
  return about ? 'about' : (word ?? 'run');
}

/** Flags that do not go with the command. */
function misplaced(commands: CommandTexts, command: Arguments['command']): string[] {
  const { remove, 'dry-run': dryRun, format, input, about } = commands;
  const own: readonly CommandFlag[] = isOneOf(commandWords, command) ? commandOf(command).flags : [];
  const isAnswer = command === 'help' || command === 'version';
  const problems: string[] = [];
  if (format && !own.includes('format')) problems.push(`--format goes with ${thoseWith('format')} only`);
  const formats = isOneOf(commandWords, command) ? commandOf(command).formats : undefined;
  const asked = format?.at(-1) || about?.at(-1);
  if (formats !== undefined && asked && !formats.includes(asked))
    problems.push(`the format of ${command === 'about' ? '--about' : command} must be ${formats.join(', ')}`);
  if (input && isOneOf(commandWords, command) && command !== 'about') problems.push('--input goes with a run only');
  if ((remove || dryRun) && !own.includes('remove') && !isAnswer && command !== 'about')
    problems.push(`${remove ? '--remove' : '--dry-run'} goes with ${thoseWith('remove')} only`);
  if (remove && dryRun) problems.push('--remove and --dry-run exclude each other');
  return problems;
}

/** The commands that have the flag, in words. */
function thoseWith(flag: CommandFlag): string {
  const names = commandWords.filter((name) => commandOf(name).flags.includes(flag));
  const quoted = names.map((name) => (name === 'about' ? '--about' : `"${name}"`));
  return `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

const isOneOf = <Text extends string>(texts: readonly Text[], text: string): text is Text =>
  texts.some((one) => one === text);

/** Only a name is quoted, and of a short flag its letter: the rest may be a secret. */
async function unknownFlag(written: string): Promise<string> {
  const name = /^--[\w-]*|^-\w?/.exec(written)?.[0] ?? '-';
  const nearest = await nearestName(name.replace(/^-+/, '').replaceAll('-', '_'), [
    ...understoodNames,
    ...Object.keys(commandFlags),
  ]);
  const isNamed = name.startsWith('--') ? nearest : undefined;
  return `${name} is not an option${suggestion(isNamed && `--${isNamed.replaceAll('_', '-')}`)}`;
}
