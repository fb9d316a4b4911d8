// The schemas that options name → sentences about those that no table could be made in under that very name. Names of
// streams are mapped to names that a warehouse takes; a schema that somebody has written down is taken as written, or not.
import { quoteName, type Setting } from './sources.ts';

/** What `schema/names.ts` leaves as it is, but for letters in upper case. */
const takenAsWritten = /^[A-Za-z0-9_]{1,128}$/;

/** One sentence for each option that names such a schema. */
export function findUnfitSchemas(
  setting: (name: 'default_target_schema' | 'schema_mapping') => Setting | undefined,
): string[] {
  const fallback = setting('default_target_schema');
  const mapping = setting('schema_mapping');
  return [
    ...(fallback ? problemOf('"default_target_schema"', fallback.value, fallback) : []),
    ...(mapping ? mapped(mapping) : []),
  ];
}

function mapped(mapping: Setting): string[] {
  const entries = Object.entries(mapping.value as Record<string, { readonly target_schema: unknown }>);
  return entries.flatMap(([source, { target_schema: schema }]) =>
    problemOf(`"target_schema" of ${quoteName(source)} in "schema_mapping"`, schema, mapping),
  );
}

function problemOf(option: string, schema: unknown, { source }: Setting): string[] {
  const name = String(schema).trim();
  if (takenAsWritten.test(name)) return [];
  if (name.includes('.'))
    return [`${option} must be a schema's name without dots: a catalog before it belongs in "catalog" (${source})`];
  return [`${option} must be a name of 1 to 128 letters, digits and "_", not ${quoteName(name)} (${source})`];
}
