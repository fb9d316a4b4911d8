// Declared options → the answer to --help.
import { type OptionDeclaration, optionGroups, type ValueSchema } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';
import type { OptionName } from './options.ts';

const usage = `Usage: some-tap | target-iomete --config FILE
       target-iomete check --config FILE
       target-iomete clean --config FILE [--remove]
       target-iomete reset STREAM... --config FILE [--remove]`;

const purpose =
  'Reads Singer messages from stdin, loads them, and writes to stdout each state whose rows are safely loaded.';

const commands: readonly (readonly [string, string])[] = [
  ['-c, --config FILE', 'configuration as a JSON object; may be repeated, later files win; ENV: environment only'],
  ['--input FILE', 'read messages from a file instead of stdin'],
  ['--about', 'what this target is and can do; --format=text, json or markdown'],
  ['--version', 'name and version'],
  ['-h, --help', 'this text'],
  [
    'check',
    'instead of a run: do once all that a run needs, say what works and what does not, and undo it; --format=text or json',
  ],
  [
    'clean',
    'instead of a run: list what runs that were killed have left behind (staged files, uploads, staging tables); runs that are alive are skipped',
  ],
  ['reset STREAM...', 'instead of a run: list the tables of streams that are to be loaded anew'],
  [
    '--remove',
    'remove what clean lists, or drop the tables that reset lists; without it, or with --dry-run, nothing is changed',
  ],
];

const sources =
  'Options are keys in a configuration file, variables such as TARGET_IOMETE_BATCH_SIZE_ROWS, or flags such as --batch-size-rows 50000: flags win over the environment, the environment over files. Keep secrets off the command line.';

/** Longer lines are hard to read, however wide the window is. */
const maxWidth = 100;
const optionIndent = 6;
const commandIndent = 23;

/**
 * Without a line feed at its end. No word is broken, so one that is longer than a line stands out.
 * @param columns of the window
 */
export function helpText(columns: number): string {
  const width = Math.min(columns, maxWidth);
  const groups = Object.entries(optionGroups).map(([group, title]) => {
    const entries = optionNames.filter((name) => declarationOf(name).group === group);
    return [`${title}:`, ...entries.map((name) => entry(name, width))].join('\n');
  });
  const listed = commands.map(([command, text]) => commandLines(command, text, width)).join('\n');
  return [usage, wrap(purpose, width), listed, wrap(sources, width), ...groups].join('\n\n');
}

/** The text stands beside the command, or below where the window is narrow. */
function commandLines(command: string, text: string, width: number): string {
  const isNarrow = width < 3 * commandIndent;
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
