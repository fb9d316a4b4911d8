// What a source declares of its streams, and the options → versions of streams; and a warning of types that nobody knows.
import type { ResolvedOptions } from '../config/index.ts';
import { assertValidates } from '../encode/validate.ts';
import { cutName } from '../errors/cut-name.ts';
import type { Log } from '../errors/log.ts';
import { Streams } from '../pipeline/streams.ts';
import { contractOf } from '../schema/contract.ts';
import { type StreamDeclaration, type StreamVersionOptions, streamVersion } from '../schema/stream-version.ts';
import { unknownTypes, unknownTypeText } from '../schema/unknown-types.ts';
import { tableNameOptions } from './table-name-options.ts';

const MAX_TYPE_WARNINGS = 100;

/** The streams of one input. A schema that can't validate records is INPUT_SCHEMA_INVALID where `validate_records` is on. */
export function streamsOf(options: ResolvedOptions, log: Log): Streams {
  const warnOfTypes = typeWarnings(log);
  const settings = versionOptions(options);
  return new Streams((declaration, id, known) => {
    const version = streamVersion(declaration, settings, id, known);
    assertValidates(version);
    warnOfTypes(declaration);
    return version;
  });
}

/** A warning of each odd type, once. */
function typeWarnings(log: Log): (declaration: StreamDeclaration) => void {
  const told = new Set<string>();
  return ({ stream, schema }) => {
    for (const unknown of unknownTypes(schema)) {
      const text = `stream ${cutName(String(stream))}: ${unknownTypeText(unknown)}`;
      if (told.has(text) || told.size >= MAX_TYPE_WARNINGS) continue;
      told.add(text);
      log.warn(text);
    }
  };
}

const versionOptions = (options: ResolvedOptions): StreamVersionOptions => ({
  ...tableNameOptions(options),
  addMetadataColumns: options.add_metadata_columns,
  hardDelete: options.hard_delete,
  loadMethod: options.load_method,
  streamLoadMethods: options.stream_load_methods,
  flattenMaxLevel: options.data_flattening_max_level,
  numberType: options.number_type,
  nestedColumns: options.nested_columns,
  primaryKeyRequired: options.primary_key_required,
  validateRecords: options.validate_records,
  undeclaredFields: options.undeclared_fields,
  contract: contractOf(options.schema_contract),
});
