// Many cases, each a property with some values → few wide streams, so that a load of each checks hundreds of cases.
import fc from 'fast-check';
import { Dice, spell } from '../../unit/encode/spelling.ts';
import type { NumberType, Shape } from './shapes.ts';
import { shapes } from './shapes.ts';

export interface PropertyCase {
  readonly shape: Shape;
  /** What each record says of the property: JSON text, or undefined when it is absent. */
  readonly sent: readonly (string | undefined)[];
}

export interface Column extends PropertyCase {
  /** Of the property, from the record's root; objects on the way are flattened. */
  readonly path: readonly string[];
  /** In the table. */
  readonly name: string;
}

export interface WideStream {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly lines: readonly string[];
}

export const RECORDS = 8;
export const FLATTEN_LEVEL = 2;

export function propertyCases(numberType: NumberType): fc.Arbitrary<PropertyCase> {
  return shapes(numberType).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      sent: fc.array(
        fc.oneof(
          {
            weight: 8,
            arbitrary: fc.tuple(shape.values, fc.nat()).map(([doc, seed]) => spell(doc, new Dice(seed)).trim()),
          },
          { weight: 1, arbitrary: fc.constant('null') },
          { weight: 1, arbitrary: fc.constant(undefined) },
        ),
        { minLength: RECORDS, maxLength: RECORDS },
      ),
    }),
  );
}

/** @param nested whether two thirds of the properties stand in objects that are flattened */
export function wideStreams(
  cases: readonly PropertyCase[],
  columnsEach: number,
  nested: boolean,
): readonly WideStream[] {
  const streams: WideStream[] = [];
  for (let from = 0; from < cases.length; from += columnsEach) {
    const columns = cases.slice(from, from + columnsEach).map((one, index): Column => {
      const path = pathOf(index, nested);
      return { ...one, path, name: path.join('__') };
    });
    const name = `wide${streams.length}`;
    streams.push({ name, columns, lines: linesOf(name, columns) });
  }
  return streams;
}

function pathOf(index: number, nested: boolean): readonly string[] {
  const leaf = `p${index}`;
  return nested ? [[leaf], ['o', leaf], ['o', 'inner', leaf]][index % 3]! : [leaf];
}

function linesOf(stream: string, columns: readonly Column[]): readonly string[] {
  const definitions = Object.assign({}, ...columns.map(({ shape }) => shape.definitions));
  const properties = tree(
    columns,
    ({ shape }) => shape.schema,
    (inner) => ({ type: ['null', 'object'], properties: inner }),
  );
  const schema = { properties: { id: { type: 'integer' }, ...properties }, definitions, $defs: definitions };
  const records = Array.from({ length: RECORDS }, (_, id) => {
    const present = columns.filter(({ sent }) => sent[id] !== undefined);
    const members = tree(present, ({ sent }) => sent[id]!, objectText);
    return `{"type":"RECORD","stream":"${stream}","record":${objectText({ id: String(id), ...members })}}`;
  });
  return [JSON.stringify({ type: 'SCHEMA', stream, schema, key_properties: ['id'] }), ...records];
}

const objectText = (members: Record<string, unknown>): string =>
  `{${Object.entries(members)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(',')}}`;

/** Columns by their paths, innermost objects first. */
function tree(
  columns: readonly Column[],
  leafOf: (column: Column) => unknown,
  wrap: (members: Record<string, unknown>) => unknown,
  depth = 0,
): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const column of columns) {
    const name = column.path[depth]!;
    if (name in members) continue;
    if (column.path.length === depth + 1) members[name] = leafOf(column);
    else {
      const inside = columns.filter(({ path }) => path.length > depth + 1 && path[depth] === name);
      members[name] = wrap(tree(inside, leafOf, wrap, depth + 1));
    }
  }
  return members;
}
