// Declared options → their documentation as Markdown tables, one for each group.
import { type OptionDeclaration, optionGroups, type ValueSchema } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';
import type { OptionName } from './options.ts';

/** Headings are of the second level. */
export function optionTable(): string {
  return Object.entries(optionGroups)
    .map(([group, title]) => {
      const rows = optionNames.filter((name) => declarationOf(name).group === group).map(row);
      return [`## ${title}`, '', '| Option | Type | Default | Description |', '|---|---|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}

function row(name: OptionName): string {
  const declaration = declarationOf(name);
  const cells = [`\`${name}\``, typeText(declaration), defaultText(declaration), description(declaration)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const typeText = ({ schema }: OptionDeclaration): string => typeOf(schema);

function typeOf(schema: ValueSchema): string {
  if ('anyOf' in schema) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type !== 'string' || schema.enum === undefined) return schema.type;
  return schema.enum.map((choice) => `\`${choice}\``).join(' or ');
}

function defaultText(declaration: OptionDeclaration): string {
  if (declaration.derivedDefault !== undefined) return declaration.derivedDefault;
  return declaration.default === undefined ? '' : `\`${declaration.default}\``;
}

function description({ description: text, secret, alias, required }: OptionDeclaration): string {
  const otherwise = [required?.from, required?.unless]
    .filter((name) => name !== undefined)
    .map((name) => `\`${name}\``);
  return [
    ...(required
      ? [`**Required for ${required.destination}**${otherwise.length > 0 ? `, or ${otherwise.join(' or ')}` : ''}.`]
      : []),
    text,
    ...(secret ? ['Secret.'] : []),
    ...(alias ? [`Also \`${alias}\`.`] : []),
  ].join(' ');
}
