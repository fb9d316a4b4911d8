// An option's declaration → what its value must be, in words that complete "must be …".
import type { ValueSchema } from './option.ts';
import { declarationOf } from './option-names.ts';
import type { OptionName } from './options.ts';

export function expectation(name: OptionName): string {
  const { expects, schema } = declarationOf(name);
  return expects ?? inWords(schema);
}

/** What a value of the schema is, in words. */
export function inWords(schema: ValueSchema): string {
  if ('anyOf' in schema) return schema.anyOf.map(inWords).join(' or ');
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number${range(schema.minimum, schema.maximum)}`;
  if (schema.type === 'object') return 'an object';
  if (schema.type === 'array') return 'an array of strings';
  return schema.enum === undefined ? 'a string' : schema.enum.map((choice) => `"${choice}"`).join(' or ');
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return maximum === undefined ? '' : ` of at most ${maximum}`;
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}
