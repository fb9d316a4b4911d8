// The command line → what is asked for, and the options that were given as flags.
import { errorCodes } from '../errors/codes.ts';
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
import { type PlacedFlag, readLine, spelledOut, takesText, takesTruth, type Word } from './written-flags.ts';

export type AboutFormat = 'text' | 'json' | 'markdown';

export interface Arguments {
  readonly command: 'run' | CommandWord | 'help' | 'version';
  /** Paths of configuration files in their order; `ENV` stands for none. */
  readonly configFiles: readonly string[];
  /** Path of a file to read messages from, instead of stdin. */
  readonly input?: string | undefined;
  /** Of `plan`: path of a tap's catalog, to be read instead of messages. */
  readonly tapCatalog?: string | undefined;
  readonly aboutFormat: AboutFormat;
  /** `clean` and `reset` are to remove what they find. */
  readonly remove: boolean;
  /** Of `reset`. */
  readonly streams: readonly string[];
  /** Of `completion`. */
  readonly shell?: Shell | undefined;
  /** What help is asked for: a command, a group of options, an error code, or `all`; the first page when not set. */
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
  const line = readLine(args);
  const argv = (await commandLine()).parseSync(spelledOut(line.flags)) as Readonly<Record<string, unknown>>;
  const [first] = line.words;
  const word = commandWords.find((name) => name === first?.text);
  const words = word === undefined ? line.words : line.words.slice(1);
  const shell = word === 'completion' ? shells.find((name) => name === words[0]?.text) : undefined;
  const strays = word === 'reset' ? [] : shell === undefined ? words : words.slice(1);
  const given = textsOf(argv, line.flags);
  const problems = [...given.problems];
  for (const stray of strays) problems.push(await strayProblem(stray, line.flags));
  for (const { written } of line.flags.filter(({ isKnown }) => !isKnown)) problems.push(await unknownFlag(written));
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
    tapCatalog: given.commands['tap-catalog']?.at(-1),
    aboutFormat: format as AboutFormat,
    remove: given.commands.remove !== undefined,
    streams: command === 'reset' ? words.map(({ text }) => text) : [],
    shell,
    topic: word ?? words.find(({ text }) => isTopic(text))?.text,
    flags: given.flags,
    problems,
  };
}

const isTopic = (text: string): boolean => helpTopics.includes(text) || Object.hasOwn(errorCodes, text);

/** The texts that were given to each command flag; '' stands for a flag that was given alone. */
type CommandTexts = { readonly [Name in CommandFlag]?: readonly string[] };

/** What yargs has read, by flag; a text that is missing is a problem. */
function textsOf(argv: Readonly<Record<string, unknown>>, flags: readonly PlacedFlag[]) {
  const commands: { [Name in CommandFlag]?: readonly string[] } = {};
  const options: Flag[] = [];
  const problems: string[] = [];
  const byName = new Map(flags.filter(({ isKnown }) => isKnown).map((flag) => [flag.name, flag]));
  for (const [name, last] of byName) {
    const all = [argv[name] ?? []].flat().map(String);
    const texts = all.filter((text) => text !== '').map((text) => text.slice('='.length));
    if (texts.length < all.length) problems.push(`${last.written} needs a value`);
    if (last.option !== undefined)
      for (const text of texts) options.push({ name: last.option, text, written: last.written });
    else if (texts.length > 0 && (takesText(last) || parseBoolean(texts.at(-1)!) !== false))
      commands[name as CommandFlag] = texts;
  }
  return { commands, flags: options, problems };
}

async function strayProblem({ text, at }: Word, flags: readonly PlacedFlag[]): Promise<string> {
  const before = flags.find((flag) => flag.at === at - 1 && flag.isAlone && takesTruth(flag));
  if (before === undefined || commandWords.some((name) => name === text)) return strayArgument(text, at + 1);
  return `only true or false may follow ${before.written}, and argument ${at + 1} is something else`;
}

function commandFor({ help, version, about }: CommandTexts, word: CommandWord | undefined) {
  if (help) return 'help';
  if (version) return 'version';
  return about ? 'about' : (word ?? 'run');
}

/** Flags that do not go with the command. */
function misplaced(commands: CommandTexts, command: Arguments['command']): string[] {
  const { remove, 'dry-run': dryRun, format, input, about, 'tap-catalog': catalog } = commands;
  const own: readonly CommandFlag[] = isOneOf(commandWords, command) ? commandOf(command).flags : [];
  const isAnswer = command === 'help' || command === 'version';
  const problems: string[] = [];
  if (format && !own.includes('format') && !isAnswer) problems.push(`--format goes with ${thoseWith('format')} only`);
  const formats = isOneOf(commandWords, command) ? commandOf(command).formats : undefined;
  const asked = format?.at(-1) || about?.at(-1);
  if (formats !== undefined && asked && !formats.includes(asked))
    problems.push(`the format of ${command === 'about' ? '--about' : command} must be ${formats.join(', ')}`);
  const takesInput = command === 'run' || command === 'about' || isAnswer || own.includes('input');
  if (input && !takesInput) problems.push('--input goes with a run and "plan" only');
  if (catalog && !isAnswer && !own.includes('tap-catalog')) problems.push('--tap-catalog goes with "plan" only');
  if (catalog && input) problems.push('--tap-catalog and --input exclude each other');
  const isMisplaced = !own.includes('remove') && !isAnswer && command !== 'about';
  if (remove && isMisplaced) problems.push(`--remove goes with ${thoseWith('remove')} only`);
  else if (dryRun && isMisplaced)
    problems.push(`--dry-run goes with ${thoseWith('dry-run')} only; "plan" says what a run would do`);
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
