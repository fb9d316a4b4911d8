// Declared options → JSON Schema: of all values, for checking them, and of the whole configuration, for people and tools.
import type { OptionDeclaration } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';
import { optionDeclarations } from './options.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Checks each value by itself: types, ranges, choices, patterns. */
export function valuesSchema(): JsonSchema {
  const properties = Object.fromEntries(optionNames.map((name) => [name, declarationOf(name).schema]));
  return { type: 'object', properties };
}

/** The configuration as `--about` publishes it, with descriptions, defaults, and what each destination requires. */
export function configSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: Object.fromEntries(optionNames.map((name) => [name, describedSchema(declarationOf(name))])),
    allOf: optionDeclarations.destination.schema.enum.flatMap(requirementsOf),
  };
}

function describedSchema(declaration: OptionDeclaration): JsonSchema {
  const { schema, description, derivedDefault, secret } = declaration;
  return {
    ...schema,
    description: derivedDefault === undefined ? description : `${description} Default: ${derivedDefault}.`,
    ...(declaration.default === undefined ? {} : { default: declaration.default }),
    ...(secret ? { writeOnly: true } : {}),
  };
}

function requirementsOf(destination: string): JsonSchema[] {
  const rules = optionNames.flatMap((name) => {
    const { required } = declarationOf(name);
    if (required?.destination !== destination) return [];
    const choices = [name, required.from, required.unless].filter((choice) => choice !== undefined);
    return choices.length === 1 ? { required: choices } : { anyOf: choices.map((choice) => ({ required: [choice] })) };
  });
  if (rules.length === 0) return [];
  // A missing "destination" means its default, so the default's rules hold whenever no other destination is named.
  const named = destination === optionDeclarations.destination.default ? {} : { required: ['destination'] };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return [{ if: { properties: { destination: { const: destination } }, ...named }, then: { allOf: rules } }];
}
