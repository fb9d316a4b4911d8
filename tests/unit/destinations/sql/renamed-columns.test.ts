import { expect, test } from 'vitest';
import { sayRenamedColumns } from '../../../../src/destinations/sql/renamed-columns.ts';
import type { TableColumn } from '../../../../src/destinations/sql/table-columns.ts';
import { type ColumnType, jsonKind, type StreamVersion } from '../../../../src/schema/model.ts';
import { versionOf } from './staged-records.ts';

const string = { kind: 'string' } as const;
const bigint = { kind: 'bigint' } as const;

function said(version: StreamVersion, ...tables: (readonly (TableColumn | undefined)[])[]): string[] {
  const lines: string[] = [];
  const say = sayRenamedColumns('a', { info: () => {}, warn: (message) => lines.push(message) });
  for (const columns of tables) say(version, columns);
  return lines;
}

test('a person is told once which column holds a property that is called otherwise', () => {
  const version = versionOf({ columns: { id: 'bigint', name: 'string' }, metadata: true });
  const columns = [
    { name: 'ID', type: bigint },
    { name: 'name_1234', type: string },
  ];
  expect(said(version, columns, columns)).toEqual(['stream a: the property "name" is the column "name_1234"']);
  expect(said(version, [undefined, undefined])).toEqual([]);
});

test('members are told by their paths, as the table has them', () => {
  const struct = (...names: [property: string, name: string][]): ColumnType => ({
    kind: 'struct',
    fields: names.map(([property, name]) => ({ property, name, type: bigint, accepts: jsonKind.number })),
  });
  const list: ColumnType = { kind: 'array', element: { type: struct(['x-y', 'x_y'], ['z', 'z']), accepts: 8 } };
  const version = versionOf({ columns: { o: struct(['A', 'a'], ['b-c', 'b_c']), l: list } });
  const own = version.columns.map(({ name, type }) => ({ name, type }));
  expect(said(version, own)).toEqual([
    'stream a: the property "o.b-c" is the column "o.b_c"',
    'stream a: the property "l.x-y" is the column "l.x_y"',
  ]);
  const fields = (...names: string[]) =>
    ({ kind: 'struct', fields: names.map((name) => ({ name, type: bigint })) }) as const;
  const theirs = [
    { name: 'o', type: fields('b-c', 'A') },
    { name: 'l', type: { kind: 'array', element: { type: fields('Z') } } },
  ] as const;
  expect(said(version, theirs)).toEqual(['stream a: the property "l.x-y" is the column "l.x_y"']);
  const elements = { name: 'l', type: { kind: 'array', element: { type: fields('x-y') } } } as const;
  expect(said(version, [theirs[0], elements])).toEqual([]);
  const turned = [
    { name: 'o', type: elements.type },
    { name: 'l', type: fields('x-y') },
  ];
  expect(said(version, turned)).toEqual(said(version, own));
  const texts = [
    { name: 'o', type: string },
    { name: 'l', type: string },
  ];
  expect(said(version, texts)).toEqual(said(version, own));
});
