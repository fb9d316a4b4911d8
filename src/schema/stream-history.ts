// The SCHEMAs of one stream, one after the other → versions that have room for the records of all of them. Taps that send
// schemas by turns (A, B, A, B …) so come to rest: what A has and B lacks is absent from B's records, and needs no barrier.
import { createHash } from 'node:crypto';
import { columnNames } from './column-names.ts';
import { reservedNames } from './columns.ts';
import { accepts } from './evolve.ts';
import { isWithin } from './key-columns.ts';
import { verdictOf } from './member-rules.ts';
import { type Column, type ColumnType, isNested, type StreamVersion } from './model.ts';
import { foldCase } from './name-case.ts';
import { unitedType } from './nested-union.ts';
import { sameVersion } from './stream-version.ts';
import { decimalForBoth } from './table-types.ts';
import type { FoundField, Shape } from './undeclared.ts';

/** `version`: a barrier. `rules`: what its records must be like, and nothing else, has changed: it keeps the id of the one before. */
export interface Taken {
  readonly change: 'version' | 'rules';
  readonly version: StreamVersion;
}

export class StreamHistory {
  private inForce: StreamVersion | undefined;
  /** By path: every type that was ever asked for. */
  private readonly asked = new Map<string, Set<string>>();

  /** Paths that the SCHEMA in force declares. */
  private declared = new Set<string>();

  get current(): StreamVersion | undefined {
    return this.inForce;
  }

  /** @param next made of the SCHEMA alone. @returns undefined when nothing changes. */
  take(next: StreamVersion): Taken | undefined {
    const current = this.inForce;
    const version = current === undefined ? next : this.united(current, next);
    for (const { path, type } of next.columns) this.remember(path, type);
    this.declared = new Set(next.columns.map(pathKey));
    if (current === undefined || !sameVersion({ ...current, validate: undefined }, { ...version, validate: undefined }))
      return this.enforce('version', version);
    if (sameVersion(current, version)) return undefined;
    return this.enforce('rules', { ...current, validate: version.validate });
  }

  /** Indexes of columns that the SCHEMA in force says nothing of: their types follow the values. A key's type never does. */
  get loose(): readonly number[] {
    const { columns = [], keys = [], undeclared } = this.inForce ?? {};
    if (undeclared === undefined) return [];
    return [...columns.keys()].filter((index) => {
      const column = columns[index]!;
      const isSaid = this.declared.has(pathKey(column)) || verdictOf(undeclared, column.path) !== undefined;
      return !isSaid && !keys.includes(index);
    });
  }

  /** @param fields new columns, those of awaited keys among them, and other types for columns that are there. */
  addFields(fields: readonly FoundField[], id: number): StreamVersion {
    const current = this.inForce!;
    const found = new Map(fields.map((field) => [pathKey(field), field]));
    const kept = current.columns.map((column) => {
      const field = found.get(pathKey(column));
      return field === undefined ? column : { ...column, ...shapeOf(field) };
    });
    const known = new Set(kept.map(pathKey));
    const added = fields.filter((field) => !known.has(pathKey(field)));
    const names = namesBeside(kept, added, current);
    const columns = [...kept, ...added.map((field, index) => ({ ...field, name: names[index]! }))];
    for (const { path, type } of fields) this.remember(path, type);
    return this.enforce('version', { ...current, id, columns, ...keysOf(current, columns) }).version;
  }

  private enforce(change: Taken['change'], version: StreamVersion): Taken {
    this.inForce = version;
    return { change, version };
  }

  private united(current: StreamVersion, next: StreamVersion): StreamVersion {
    const kept = current.columns.filter(({ path }) => !next.columns.some((column) => isWithin(path, column.path)));
    const known = new Set(kept.map(pathKey));
    const added = next.columns.filter((column) => !known.has(pathKey(column)));
    const names = kept.length === 0 ? added.map(({ name }) => name) : namesBeside(kept, added, next);
    const isKey = new Set(next.keys.map((index) => pathKey(next.columns[index]!)));
    const declared = new Map(next.columns.map((column) => [pathKey(column), column]));
    const columns = [
      ...kept.map((column) => {
        const other = declared.get(pathKey(column));
        if (other === undefined) return column;
        return { ...column, ...(isKey.has(pathKey(column)) ? shapeOf(other) : this.climbed(column, other)) };
      }),
      ...added.map((column, index) => ({ ...column, name: names[index]! })),
    ];
    const places = new Map(columns.map((column, index) => [pathKey(column), index]));
    return { ...next, columns, keys: next.keys.map((index) => places.get(pathKey(next.columns[index]!))!) };
  }

  /**
   * What the column was stays where it holds the next; structs get the members of both. Else the next type takes its place, as it would in a later run;
   * a type that comes back when another has taken its place makes it text, which holds both from then on.
   */
  private climbed(column: Column, next: Column): Shape {
    const both = column.accepts | next.accepts;
    const united = isNested(column.type) && isNested(next.type) ? unitedType(column.type, next.type) : undefined;
    if (united !== undefined) return { type: united, accepts: both };
    if (accepts(column.type, next.type)) return { type: column.type, accepts: both };
    const number = numberForBoth(column.type, next.type);
    if (number !== undefined) return { type: number, accepts: both };
    if (!this.asked.get(pathKey(column))?.has(typeKey(next.type))) return shapeOf(next);
    return { type: { kind: 'string' }, accepts: both };
  }

  private remember(path: readonly string[], type: ColumnType): void {
    const key = pathKey({ path });
    const types = this.asked.get(key);
    if (types) types.add(typeKey(type));
    else this.asked.set(key, new Set([typeKey(type)]));
  }
}

/** By turns declared with another scale or fewer digits, a number needs no text. */
function numberForBoth(a: ColumnType, b: ColumnType): ColumnType | undefined {
  if (a.kind === 'decimal') return decimalForBoth(a, b);
  return a.kind === 'bigint' && b.kind === 'decimal' ? decimalForBoth(b, a) : undefined;
}

const shapeOf = ({ type, accepts }: Shape): Shape => ({ type, accepts });
const pathKey = ({ path }: Pick<Column, 'path'>): string => JSON.stringify(path);
/** Of a struct, which may gain a member with each SCHEMA, no more than a hash is kept. */
function typeKey(type: ColumnType): string {
  const text = JSON.stringify(Object.entries(type).sort());
  return isNested(type) ? createHash('sha256').update(text).digest('base64') : text;
}

/** With the awaited keys that have columns now. */
function keysOf(
  { keys, awaitedKeys = [] }: StreamVersion,
  columns: readonly Column[],
): Pick<StreamVersion, 'keys' | 'awaitedKeys'> {
  const places = new Map(columns.map((column, index) => [pathKey(column), index]));
  const placeOf = (name: string) => places.get(pathKey({ path: [name] }));
  const awaited = awaitedKeys.filter((name) => placeOf(name) === undefined);
  const found = awaitedKeys.map(placeOf).filter((place) => place !== undefined);
  return { keys: [...keys, ...found], awaitedKeys: awaited.length > 0 ? awaited : undefined };
}

/** Columns that are there keep their names, whatever names come later. */
function namesBeside(
  kept: readonly Column[],
  added: readonly Pick<Column, 'path'>[],
  version: StreamVersion,
): readonly string[] {
  const taken = new Set([...reservedNames(version.metadata), ...kept.map(({ name }) => foldCase(name))]);
  return columnNames(
    added.map(({ path }) => path),
    taken,
  );
}
