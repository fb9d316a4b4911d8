// Stream name and options → the table's catalog, schema and name.
//
// Hive's metastore takes letters a-z, digits and `_` in names of schemas and tables (measured: everything else is refused
// by Spark 3.5 with "not a valid name" or "Invalid Hive object"; a leading digit is fine). Names become lower case and
// every other ASCII character `_`, as pipelinewise does with `.` and `-`. A character beyond ASCII becomes `_` as well, and
// the name then ends in a hash of the whole, so that two names in one script don't become one; the same when a name is cut.
// Blanks at both ends are cut; what is then empty is called `unnamed`. A table's name that a staging table could have ends in
// the hash as well.
import { createHash } from 'node:crypto';
import { TargetError } from '../errors/target-error.ts';
import type { TableName } from './model.ts';

export interface TableNameOptions {
  readonly defaultTargetSchema?: string | undefined;
  /** From the schema part of a stream's name to a target schema, written plainly or as pipelinewise does. */
  readonly schemaMapping?: Readonly<Record<string, string | { readonly target_schema: string }>> | undefined;
  readonly catalog?: string | undefined;
}

/** MySQL holds Hive's metastore names in VARCHAR(128). */
const maxNameLength = 128;

/**
 * `table`, `schema-table` and `catalog-schema-table` as pipelinewise reads them: the schema part is what `schemaMapping` is
 * looked up by, the catalog part is not used, and further `-` become `_`.
 * @throws TargetError CONFIG_INVALID when the options name no schema for the stream.
 */
export function tableNameOf(stream: string, options: TableNameOptions): TableName {
  const { schemaPart, tablePart } = splitStreamName(stream);
  const schema = mappedSchema(schemaPart, options) ?? options.defaultTargetSchema?.trim();
  if (!schema) throw noSchema(stream, schemaPart);
  return { catalog: options.catalog, schema: safeIdentifier(schema), table: tableIdentifier(tablePart) };
}

/** The twelve digits of the run that made a staging table; undefined for a name that no staging table has. */
export const stagingTableId = (table: string): string | undefined => /.__overwrite_([0-9a-f]{12})$/.exec(table)?.[1];

/** What `schemaMapping` is looked up by; undefined for a stream's name of one part. */
export const schemaPartOf = (stream: string): string | undefined => splitStreamName(stream).schemaPart;

function splitStreamName(stream: string): { schemaPart?: string | undefined; tablePart: string } {
  const parts = stream.split('-');
  if (parts.length === 1) return { tablePart: stream };
  if (parts.length === 2) return { schemaPart: parts[0], tablePart: parts[1] as string };
  return { schemaPart: parts[1], tablePart: parts.slice(2).join('_') };
}

/** An entry that names no schema is an error rather than a reason to load elsewhere: the result is then empty. */
function mappedSchema(schemaPart: string | undefined, { schemaMapping }: TableNameOptions): string | undefined {
  if (schemaPart === undefined || !schemaMapping || !Object.hasOwn(schemaMapping, schemaPart)) return undefined;
  const entry = schemaMapping[schemaPart];
  const schema: unknown = typeof entry === 'object' ? entry?.target_schema : entry;
  return typeof schema === 'string' ? schema.trim() : '';
}

function tableIdentifier(name: string): string {
  const safe = safeIdentifier(name);
  return stagingTableId(safe) === undefined ? safe : withHash(safe, name.trim().toLowerCase());
}

function safeIdentifier(name: string): string {
  const lower = name.trim().toLowerCase();
  const safe = Array.from(lower, (character) => (/^[a-z0-9_]$/.test(character) ? character : '_')).join('');
  if (safe === '') return 'unnamed';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (safe.length <= maxNameLength && /^[\u0000-\u007f]*$/.test(lower)) return safe;
  return withHash(safe, lower);
}

/** @param whole what the hash is made of */
function withHash(safe: string, whole: string): string {
  const suffix = `_${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`;
  return safe.slice(0, maxNameLength - suffix.length) + suffix;
}

function noSchema(stream: string, schemaPart: string | undefined): TargetError {
  const entry = schemaPart === undefined ? '' : `, or an entry "${schemaPart}" in "schema_mapping"`;
  return new TargetError('CONFIG_INVALID', `no schema to load the stream into: set "default_target_schema"${entry}`, {
    stream,
  });
}
