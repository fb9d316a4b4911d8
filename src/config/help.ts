// Declared options → the answer to --help.
import { type OptionDeclaration, optionGroups, type ValueSchema } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';
import type { OptionName } from './options.ts';

const usage = `Usage: some-tap | target-iomete --config config.json
       target-iomete clean --config config.json [--remove]

Reads Singer messages from stdin, loads them, and writes to stdout each state whose rows are safely loaded.

  -c, --config FILE    configuration as a JSON object; may be repeated, later files win; ENV: environment only
  --input FILE         read messages from a file instead of stdin
  --about              what this target is and can do; --format=text, json or markdown
  --version            name and version
  -h, --help           this text
  clean                instead of a run: list what runs that were killed have left behind (staged files, uploads,
                       staging tables), or, with --remove, remove it; runs that are alive are skipped

Options are keys in a configuration file, variables such as TARGET_IOMETE_BATCH_SIZE_ROWS, or flags such as
--batch-size-rows 50000: flags win over the environment, the environment over files. Keep secrets off the command line.`;

const textWidth = 100;
const indent = '      ';

/** Without a line feed at its end. */
export function helpText(): string {
  const groups = Object.entries(optionGroups).map(([group, title]) => {
    const entries = optionNames.filter((name) => declarationOf(name).group === group).map(entry);
    return [`${title}:`, ...entries].join('\n');
  });
  return [usage, ...groups].join('\n\n');
}

function entry(name: OptionName): string {
  const declaration = declarationOf(name);
  const text = `${declaration.description.replaceAll('`', '')} ${remarks(declaration)}`.trim();
  return [`  --${name.replaceAll('_', '-')} ${placeholder(declaration)}`, ...wrap(text)].join('\n');
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

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = indent.trimEnd();
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > textWidth) {
      lines.push(line);
      line = indent.trimEnd();
    }
    line = line.trim() === '' ? indent + word : `${line} ${word}`;
  }
  return [...lines, line];
}
