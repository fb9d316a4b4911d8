// A tap's catalog → the streams that the tap will declare: those that are selected, with their selected properties.
//
// https://github.com/singer-io/getting-started/blob/master/docs/DISCOVERY_MODE.md says what a catalog is.
import { TargetError } from '../../errors/target-error.ts';
import { isJsonObject, type JsonObject, listOf } from '../../schema/json-schema.ts';
import type { StreamDeclaration } from '../../schema/stream-version.ts';

/**
 * All streams, where none is marked as selected or not: a catalog as a tap has discovered it.
 * @param text of the file, JSON
 * @throws TargetError CONFIG_INVALID for a text that is no catalog
 */
export function catalogStreams(text: string): readonly StreamDeclaration[] {
  const entries = entriesOf(text).map(readEntry);
  refuseTwice(entries.map(({ declaration }) => declaration.stream));
  const isSelecting = entries.some(({ isSelected }) => isSelected !== undefined);
  return entries.filter(({ isSelected }) => !isSelecting || isSelected === true).map(({ declaration }) => declaration);
}

function entriesOf(text: string): readonly JsonObject[] {
  const streams = parsed(text).streams;
  if (!Array.isArray(streams) || !streams.every(isJsonObject)) throw noCatalog('it has no list "streams" of objects');
  return streams;
}

function parsed(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noCatalog('it is not JSON');
  }
  if (!isJsonObject(value)) throw noCatalog('it is no JSON object');
  return value;
}

const noCatalog = (why: string): TargetError =>
  new TargetError('CONFIG_INVALID', `the file after --tap-catalog is no Singer catalog: ${why}`, {
    fix: 'Name a file with what your tap prints for --discover',
  });

/** Nobody can say what the tap calls them then. */
function refuseTwice(streams: readonly string[]): void {
  const twice = streams.find((stream, index) => streams.indexOf(stream) !== index);
  if (twice !== undefined)
    throw new TargetError(
      'CONFIG_INVALID',
      `the catalog has several streams that are called ${JSON.stringify(twice)}`,
      {
        fix: 'Give "plan" the messages of the tap in the place of its catalog',
      },
    );
}

interface CatalogEntry {
  readonly declaration: StreamDeclaration;
  /** Undefined where the catalog does not say. */
  readonly isSelected: boolean | undefined;
}

function readEntry(entry: JsonObject, index: number): CatalogEntry {
  const stream = entry.stream ?? entry.tap_stream_id;
  if (typeof stream !== 'string') throw noCatalog(`the entry ${index + 1} of "streams" has no name`);
  const marks = marksOf(entry);
  const whole = marks.get(placeOf([])) ?? {};
  const schema = isJsonObject(entry.schema) ? selectedPart(entry.schema, [], marks) : entry.schema;
  const bookmark = entry.replication_key ?? whole['replication-key'];
  const ofTable = [whole['table-key-properties'], whole['view-key-properties']];
  const marked = whole['is-view'] === true ? ofTable.reverse() : ofTable;
  const keys = [entry.key_properties, ...marked].find((names) => listOf(names).length > 0) ?? [];
  return {
    declaration: {
      stream,
      schema,
      key_properties: keys,
      ...(typeof bookmark === 'string' && { bookmark_properties: [bookmark] }),
    },
    isSelected: [whole.selected, isJsonObject(entry.schema) ? entry.schema.selected : undefined].find(isTruth),
  };
}

/** What the catalog says of a stream, at an empty breadcrumb, and of its properties. By breadcrumb, as JSON. */
function marksOf({ metadata }: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(
    listOf(metadata).flatMap((item) =>
      isJsonObject(item) && isJsonObject(item.metadata)
        ? [[placeOf(listOf(item.breadcrumb)), item.metadata] as const]
        : [],
    ),
  );
}

const placeOf = (breadcrumb: readonly unknown[]): string => JSON.stringify(breadcrumb);

/** The schema without properties that are not selected, in nested objects, too. */
function selectedPart(
  schema: JsonObject,
  breadcrumb: readonly string[],
  marks: ReadonlyMap<string, JsonObject>,
): JsonObject {
  if (!isJsonObject(schema.properties)) return schema;
  const kept = Object.entries(schema.properties).flatMap(([name, property]) => {
    const place = [...breadcrumb, 'properties', name];
    if (!isPropertySelected(marks.get(placeOf(place)), property)) return [];
    return [[name, isJsonObject(property) ? selectedPart(property, place, marks) : property] as const];
  });
  return { ...schema, properties: Object.fromEntries(kept) };
}

/** Taps select a property that nobody has spoken of; keys are `automatic`. */
function isPropertySelected(mark: JsonObject | undefined, property: unknown): boolean {
  const own = isJsonObject(property) ? property : {};
  const inclusion = mark?.inclusion ?? own.inclusion;
  if (inclusion === 'automatic') return true;
  if (inclusion === 'unsupported') return false;
  return [mark?.selected, own.selected, mark?.['selected-by-default']].find(isTruth) ?? true;
}

const isTruth = (value: unknown): value is boolean => typeof value === 'boolean';
