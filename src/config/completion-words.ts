// Declared commands and options → what a shell completes.
import { type CommandFlag, commandFlags, commandOf, commandWords } from './commands.ts';
import type { ValueSchema } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';

interface CompletedFlag {
  /** Without its dashes before. */
  readonly name: string;
  /** One sentence or part of one. */
  readonly text: string;
  /** What its value may be; empty where anything may be. */
  readonly values: readonly string[];
  readonly takesValue: boolean;
}

export interface CompletionWords {
  readonly commands: readonly { readonly name: string; readonly text: string }[];
  readonly flags: readonly CompletedFlag[];
}

export function completionWords(): CompletionWords {
  const commands = commandWords.map((name) => ({ name, text: commandOf(name).summary }));
  const formats = [...new Set(commandWords.flatMap((name) => commandOf(name).formats ?? []))];
  const own = (Object.keys(commandFlags) as CommandFlag[]).map((name) => ({
    name,
    text: commandFlags[name].text,
    values: name === 'format' ? formats : [],
    takesValue: 'placeholder' in commandFlags[name],
  }));
  const options = optionNames.map((option) => {
    const { schema, description } = declarationOf(option);
    const [sentence = ''] = description.replaceAll('`', '').split(/(?<=\.) /);
    return { name: option.replaceAll('_', '-'), text: sentence, values: valuesOf(schema), takesValue: true };
  });
  return { commands, flags: [...own, ...options] };
}

function valuesOf(schema: ValueSchema): readonly string[] {
  if ('anyOf' in schema) return schema.anyOf.flatMap(valuesOf);
  if (schema.type === 'boolean') return ['true', 'false'];
  return schema.type === 'string' ? (schema.enum ?? []) : [];
}
