// A name that somebody wrote → the option that it stands for; an option → its declaration.
import type { OptionDeclaration } from './option.ts';
import { type OptionName, type Options, optionDeclarations } from './options.ts';

export const optionNames = Object.keys(optionDeclarations) as OptionName[];

/** The declaration, as the general shape that code which treats all options alike needs. */
export const declarationOf = (name: OptionName): OptionDeclaration => optionDeclarations[name];

const nameByAlias = new Map(
  optionNames.flatMap((name) => {
    const { alias } = declarationOf(name);
    return alias === undefined ? [] : [[alias, name] as const];
  }),
);

/** Every name that is understood, aliases included. */
export const understoodNames: readonly string[] = [...optionNames, ...nameByAlias.keys()];

/** The option that a name or alias stands for. */
export function optionOf(name: string): OptionName | undefined {
  return Object.hasOwn(optionDeclarations, name) ? (name as OptionName) : nameByAlias.get(name);
}

/** The values that nobody may see. */
export function secretsOf(options: Options): readonly string[] {
  const values = optionNames.filter((name) => declarationOf(name).secret).map((name) => options[name]);
  return values.filter((value) => typeof value === 'string');
}
