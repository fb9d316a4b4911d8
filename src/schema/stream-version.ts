// A SCHEMA message and the options → the stream version that everything downstream works with.
import { isDeepStrictEqual } from 'node:util';
import { TargetError } from '../errors/target-error.ts';
import { columnsOf, type NestedChoice, reservedNames } from './columns.ts';
import type { SchemaContract } from './contract.ts';
import { isJsonObject } from './json-schema.ts';
import { keyColumns } from './key-columns.ts';
import { type LoadMethodOptions, loadMethodOf } from './load-method.ts';
import { undeclaredRule } from './member-rules.ts';
import type { Column, DeleteMode, LoadMethod, StreamVersion, UndeclaredRule, ValueType, Verdict } from './model.ts';
import { type TableNameOptions, tableNameOf } from './names.ts';
import type { NumberChoice } from './number-type.ts';
import { unknownTypes } from './unknown-types.ts';

/** What a source says of a stream, in a SCHEMA message or beforehand. Only `stream` is known to be right. */
export interface StreamDeclaration {
  readonly stream: string;
  readonly schema?: unknown;
  readonly key_properties?: unknown;
  readonly bookmark_properties?: unknown;
}

export interface StreamVersionOptions extends TableNameOptions, LoadMethodOptions {
  readonly addMetadataColumns: boolean;
  /** Turns the metadata columns on as well. */
  readonly hardDelete: boolean;
  /** How many levels of nested objects become columns of their own; 0 for none. */
  readonly flattenMaxLevel: number;
  /** The column of numbers that promise nothing; `double` when not set. */
  readonly numberType?: NumberChoice | undefined;
  /** What becomes of objects and arrays that are not flattened; `json` when not set. */
  readonly nestedColumns?: NestedChoice | undefined;
  readonly primaryKeyRequired: boolean;
  readonly validateRecords: boolean;
  /** Whether fields that the SCHEMA does not declare are ignored (when not set) or get columns. */
  readonly undeclaredFields?: 'ignore' | 'add' | undefined;
  /** Anything may be done to tables when it is not set. */
  readonly contract?: SchemaContract | undefined;
}

/** The name stands in each record, in messages and in names of files. */
const maxNameLength = 1024;

/**
 * @param id unique in the run, rising.
 * @param known the stream's columns so far: its SCHEMAs add up.
 * @throws TargetError INPUT_SCHEMA_INVALID, INPUT_KEY_REQUIRED, or CONFIG_INVALID when there is no schema to load into.
 */
export function streamVersion(
  message: StreamDeclaration,
  options: StreamVersionOptions,
  id: number,
  known: readonly Column[] = [],
): StreamVersion {
  const { stream } = message;
  if (stream.length > maxNameLength)
    throw new TargetError(
      'INPUT_SCHEMA_INVALID',
      `the name of the stream has ${stream.length} characters, of at most ${maxNameLength}`,
      { stream },
    );
  try {
    const metadata = options.addMetadataColumns || options.hardDelete;
    const undeclared = options.undeclaredFields === 'add' ? undeclaredRule(message.schema, options) : undefined;
    const declared = columnsOf(message.schema, {
      metadata,
      flattenMaxLevel: options.flattenMaxLevel,
      numberType: options.numberType,
      nestedColumns: options.nestedColumns,
      mayBeEmpty: undeclared !== undefined || known.length > 0,
    });
    const loadMethod = loadMethodOf(stream, options);
    const names = keyProperties(message, loadMethod, options);
    const reserved = reservedNames(metadata);
    const unknownType = (name: string) => unknownTypes(message.schema).find(({ property }) => property === name)?.type;
    return {
      id,
      stream,
      table: tableNameOf(stream, options),
      ...keyColumns(names, { declared, known, reserved, undeclared, unknownType }),
      loadMethod,
      metadata,
      deletes: deleteMode(options, names.length > 0),
      isWholeTable: isWholeTable(message),
      undeclared,
      contract: options.contract,
      validate: options.validateRecords ? (message.schema as object) : undefined,
    };
  } catch (error) {
    throw error instanceof TargetError ? error.at({ stream }) : error;
  }
}

/**
 * Whether a SCHEMA that came again changes nothing that matters: then the older version goes on, and nothing is flushed.
 * The order of properties, of members within them, and of keys doesn't matter.
 */
export function sameVersion(a: StreamVersion, b: StreamVersion): boolean {
  return isDeepStrictEqual(essence(a), essence(b));
}

function essence({ id: _, isWholeTable: __, columns, keys, undeclared, ...rest }: StreamVersion) {
  return {
    ...rest,
    columns: new Map(columns.map((column) => [JSON.stringify(column.path), { ...column, ...unordered(column) }])),
    keys: new Set(keys.map((key) => columns[key]?.name)),
    undeclared: undeclared && { ...undeclared, objects: essenceOf(undeclared.objects) },
  };
}

function essenceOf(objects: UndeclaredRule['objects']) {
  const plain = (verdict: Verdict) => (typeof verdict === 'object' ? unordered(verdict) : verdict);
  const rules = [...objects].map(([object, { patterns, others }]) => {
    const plainPatterns = patterns.map(({ pattern, verdict }) => ({ pattern, verdict: plain(verdict) }));
    return [object, { patterns: plainPatterns, others: plain(others) }] as const;
  });
  return new Map(rules);
}

/** With members by their properties: names follow from the order where they would clash. */
function unordered({ type, accepts }: ValueType): object {
  if (type.kind === 'array') return { accepts, type: { kind: type.kind, element: unordered(type.element) } };
  if (type.kind !== 'struct') return { accepts, type };
  return { accepts, type: new Map(type.fields.map((field) => [field.property, unordered(field)])) };
}

function keyProperties(
  { key_properties: given }: StreamDeclaration,
  loadMethod: LoadMethod,
  options: StreamVersionOptions,
): readonly string[] {
  const names = given ?? [];
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new TargetError(
      'INPUT_SCHEMA_INVALID',
      '"key_properties" must be a list of property names, empty for a stream without keys',
    );
  }
  if (loadMethod === 'append-only') return withoutKeys(options);
  if (names.length === 0 && options.primaryKeyRequired && loadMethod === 'upsert') {
    throw new TargetError('INPUT_KEY_REQUIRED', 'the stream has no key properties, and "primary_key_required" is on');
  }
  return [...new Set(names)];
}

/** Nothing is looked up by key. Delete markers can only be rows like all others, which "hard_delete" did not ask for. */
function withoutKeys(options: StreamVersionOptions): readonly string[] {
  if (options.hardDelete && options.primaryKeyRequired) {
    throw new TargetError(
      'INPUT_KEY_REQUIRED',
      'the stream is loaded append-only, where "hard_delete" can delete nothing, and "primary_key_required" is on',
    );
  }
  return [];
}

function isWholeTable({ schema, bookmark_properties: bookmarks }: StreamDeclaration): boolean {
  const hasBookmark = Array.isArray(bookmarks) && bookmarks.length > 0;
  const properties = isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
  return !hasBookmark && !Object.hasOwn(properties, '_sdc_deleted_at');
}

function deleteMode(options: StreamVersionOptions, hasKeys: boolean): DeleteMode {
  if (options.hardDelete) return hasKeys ? 'hard' : 'soft';
  return options.addMetadataColumns ? 'soft' : 'ignore';
}
