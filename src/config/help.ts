// Declared options → the answer to --help.
import { type CommandWord, commandDeclarations, commandFlags, commandOf, commandWords, flagUsage } from './commands.ts';
import { type OptionDeclaration, optionGroups, type ValueSchema } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';
import type { OptionName } from './options.ts';

const usage = `Usage: some-tap | target-iomete --config FILE
       target-iomete COMMAND --config FILE`;

const purpose = 'Loads what a Singer tap writes, and writes to stdout each state whose rows are safely loaded.';

const example = 'some-tap | target-iomete --destination duckdb --duckdb-path shop.duckdb';

/** What `--help` may be followed by. */
export const helpTopics: readonly string[] = [...Object.keys(optionGroups), 'all'];

const sources =
  'Options are keys in a configuration file, variables such as TARGET_IOMETE_BATCH_SIZE_ROWS, or flags such as --batch-size-rows 50000: flags win over the environment, the environment over files. Keep secrets off the command line.';

/** Longer lines are hard to read, however wide the window is. */
const maxWidth = 100;
const optionIndent = 6;
const commandIndent = 23;

/**
 * Without a line feed at its end. No word is broken, so one that is longer than a line stands out.
 * @param columns of the window, @param topic see {@link helpTopics}, or a command; the first page when not set
 */
export function helpText(columns: number, topic?: string): string {
  const width = Math.min(columns, maxWidth);
  if (topic === undefined) return firstPage(width);
  if (topic === 'all') return everything(width);
  if (topic in commandDeclarations) return commandPage(topic as CommandWord, width);
  return group(topic as keyof typeof optionGroups, width);
}

function firstPage(width: number): string {
  const words = commandWords.map((name) => entryLines(commandUsage(name), commandOf(name).summary, width));
  const flags = [
    entryLines(`-c, ${flagUsage('config')}`, commandFlags.config.text, width),
    entryLines(flagUsage('input'), commandFlags.input.text, width),
    entryLines(flagUsage('version'), commandFlags.version.text, width),
    entryLines('-h, --help [TOPIC]', `a command, an error code, or options: ${helpTopics.join(', ')}`, width),
  ];
  return [usage, wrap(purpose, width), [...words, ...flags].join('\n'), wrap(`Example: ${example}`, width)].join(
    '\n\n',
  );
}

const commandUsage = (name: CommandWord): string => [name, commandOf(name).words ?? []].flat().join(' ');

function everything(width: number): string {
  const commands = commandWords.map((name) => commandPage(name, width));
  const groups = (Object.keys(optionGroups) as (keyof typeof optionGroups)[]).map((name) => group(name, width));
  return [firstPage(width), ...commands, wrap(sources, width), ...groups].join('\n\n');
}

function commandPage(name: CommandWord, width: number): string {
  const { details, flags, formats } = commandOf(name);
  const takesConfig = name !== 'about' && name !== 'completion';
  const listed = flags.map((flag) => {
    const { text } = commandFlags[flag];
    return entryLines(flagUsage(flag), flag === 'format' ? `${text}: ${formats?.join(', ')}` : text, width);
  });
  const given = `Usage: target-iomete ${commandUsage(name)}${takesConfig ? ' --config FILE' : ''}`;
  return [given, wrap(details, width), listed.join('\n')].filter((part) => part !== '').join('\n\n');
}

function group(name: keyof typeof optionGroups, width: number): string {
  const entries = optionNames.filter((option) => declarationOf(option).group === name);
  return [`${optionGroups[name]}:`, ...entries.map((option) => entry(option, width))].join('\n');
}

/** The text stands beside the command or flag, or below where the window is narrow or the command long. */
function entryLines(command: string, text: string, width: number): string {
  const isNarrow = width < 3 * commandIndent || command.length + 4 > commandIndent;
  if (isNarrow) return `  ${command}\n${wrap(text, width, optionIndent)}`;
  return `  ${command}`.padEnd(commandIndent) + wrap(text, width, commandIndent).trimStart();
}

function entry(name: OptionName, width: number): string {
  const declaration = declarationOf(name);
  const text = `${declaration.description.replaceAll('`', '')} ${remarks(declaration)}`.trim();
  const flag = `--${name.replaceAll('_', '-')} ${placeholder(declaration)}`;
  return `${wrap(flag, width, 2)}\n${wrap(text, width, optionIndent)}`;
}

const placeholder = ({ schema }: OptionDeclaration): string => shape(schema);

function shape(schema: ValueSchema): string {
  if ('anyOf' in schema) return schema.anyOf.map(shape).join('|');
  if (schema.type === 'boolean') return '[true|false]';
  if (schema.type === 'integer') return 'NUMBER';
  if (schema.type === 'object' || schema.type === 'array') return 'JSON';
  return schema.enum === undefined ? 'TEXT' : schema.enum.join('|');
}

function remarks({ default: fallback, derivedDefault, required }: OptionDeclaration): string {
  if (fallback !== undefined) return `[default: ${fallback}]`;
  if (derivedDefault !== undefined) return `[default: ${derivedDefault}]`;
  if (required === undefined) return '';
  const otherwise = [required.from, required.unless].filter((name) => name !== undefined);
  return `[required for ${[required.destination, ...otherwise].join(', or ')}]`;
}

/** @param indent blanks before each line */
function wrap(text: string, width: number, indent = 0): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width - indent) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}
