import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableColumnType } from '../../../src/schema/evolve.ts';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import type { Held } from './nested-cases.ts';
import { duckdbFile, load, recordMessage, schemaMessage, sparkSchema, type Warehouse } from './nested-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'nested-evolution-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const integer = { type: ['null', 'integer'] };
const text = { type: ['null', 'string'] };
const object = (properties: object) => ({ type: ['null', 'object'], properties });
const list = (items: object) => ({ type: ['null', 'array'], items });

/** `{a: bigint, b: [string]}` */
function short(type: TableColumnType | undefined): string {
  if (type?.kind === 'array') return `[${short(type.element.type)}]`;
  if (type?.kind === 'struct')
    return `{${type.fields.map((field) => `${field.name}: ${short(field.type)}`).join(', ')}}`;
  return type?.kind === 'other' ? type.sql.toLowerCase() : String(type?.kind);
}

/** As JSON has it, but all leaves are text. */
function plain(held: Held): unknown {
  if (held === null || typeof held === 'string') return held;
  if ('members' in held) return Object.fromEntries(held.members.map(([name, member]) => [name, plain(member)]));
  return held.map(plain);
}

const overwriting = { load_method: 'overwrite', overwrite_requires: 'eof' };

interface Words {
  struct(members: string): string;
  list(element: string): string;
  readonly text: string;
  readonly create: string;
}

function behaviours(open: () => Promise<Warehouse>, table: (name: string) => string, words: Words) {
  let warehouse: Warehouse;
  beforeAll(async () => {
    warehouse = await open();
  });
  afterAll(() => warehouse?.close());

  const send = async (stream: string, v: object, records: readonly string[], flags: Record<string, string> = {}) => {
    const lines = [
      schemaMessage(stream, { id: integer, v }),
      ...records.map((record) => recordMessage(stream, record)),
    ];
    return load(folder, lines, { ...warehouse.flags, ...flags });
  };
  const rows = async (stream: string) =>
    (await warehouse.rows(stream, ['v'])).map(([value]) => plain(value as Held)) as unknown[];
  const types = async (stream: string) =>
    Object.fromEntries([...(await warehouse.types(stream))].map(([name, type]) => [name, short(type)]));
  const create = (name: string, v: string) =>
    warehouse.execute(`CREATE TABLE ${table(name)} (id BIGINT, v ${v})${words.create}`);

  it('members are added in place, at any depth, and those that a version lacks are NULL', async () => {
    const first = object({ a: integer, b: object({ c: text }), l: list(object({ x: integer })) });
    await send('added', first, [
      '{"id":1,"v":{"a":1,"b":{"c":"one"},"l":[{"x":1},null]}}',
      '{"id":2,"v":null}',
      '{"id":3,"v":{"a":3,"b":{"c":"three"}}}',
    ]);
    const second = object({
      d: list(text),
      b: object({ e: integer, c: text }),
      l: list(object({ y: object({ z: text }), x: integer })),
      a: integer,
    });
    const record = '{"id":4,"v":{"d":["d"],"b":{"e":4,"c":"four"},"l":[{"y":{"z":"z"},"x":4}],"a":4}}';
    await send('added', second, [record]);
    expect((await types('added')).v).toBe(
      '{a: bigint, b: {c: string, e: bigint}, l: [{x: bigint, y: {z: string}}], d: [string]}',
    );
    expect((await send('added', second, [record])).logged.filter((line) => /column/.test(line))).toEqual([]);

    await send('added', object({ a: integer }), ['{"id":3,"v":{"a":33}}']);
    expect(await rows('added')).toEqual([
      { a: '1', b: { c: 'one', e: null }, l: [{ x: '1', y: null }, null], d: null },
      null,
      { a: '33', b: null, l: null, d: null },
      { a: '4', b: { c: 'four', e: '4' }, l: [{ x: '4', y: { z: 'z' } }], d: ['d'] },
    ]);
  });

  it('members are widened in place; case, order and further members of the table stay', async () => {
    await create('widened', words.list(words.struct('F FLOAT, A INT, extra DATE')));
    const wanted = list(object({ a: integer, f: { type: 'number' } }));
    await send('widened', wanted, ['{"id":1,"v":[{"a":9223372036854775807,"f":0.1},null]}', '{"id":2,"v":[]}']);
    expect((await types('widened')).v).toBe('[{F: double, A: bigint, extra: date}]');
    expect(await rows('widened')).toEqual([[{ F: '0.1', A: '9223372036854775807', extra: null }, null], []]);
  });

  it('a member that changes to what its type cannot hold makes another column, once', async () => {
    await send('changed', object({ a: integer, b: text }), ['{"id":1,"v":{"a":1,"b":"x"}}']);
    for (const id of [2, 3])
      await send('changed', object({ a: object({ n: integer }), b: text }), [
        `{"id":${id},"v":{"a":{"n":${id}},"b":"y"}}`,
      ]);
    const found = await types('changed');
    const dated = Object.keys(found).filter((name) => /^v_\d{8}_\d{4}$/.test(name));
    expect(dated).toHaveLength(1);
    expect([found.v, found[dated[0]!]]).toEqual(['{a: {n: bigint}, b: string}', '{a: bigint, b: string}']);
    expect(await rows('changed')).toEqual([null, { a: { n: '2' }, b: 'y' }, { a: { n: '3' }, b: 'y' }]);
  });

  it('a column that is text goes on as text, and gets the value as it was sent', async () => {
    const wanted = object({ a: { type: 'number' }, l: list(text) });
    const sent = '{"more": "not declared", "a": 1.50, "l": ["\\u00e9"]}';
    await create('texts', words.text);
    await send('texts', wanted, [`{"id":1,"v":${sent}}`, '{"id":2,"v":{"a":1,"l":null}}']);
    expect(await rows('texts')).toEqual([sent, '{"a":1,"l":null}']);
    expect(await types('texts')).toEqual({ id: 'bigint', v: 'string' });
    await send('texts', wanted, [`{"id":3,"v":${sent}}`], overwriting);
    expect(await rows('texts')).toEqual([sent]);
  });

  it('an overwrite fits its rows to the struct that is there', async () => {
    await send('overwritten', object({ a: integer, b: text, l: list(object({ x: integer, y: text })) }), [
      '{"id":1,"v":{"a":1}}',
    ]);
    const other = object({ l: list(object({ y: text, x: integer })), c: text, a: integer });
    await send(
      'overwritten',
      other,
      ['{"id":2,"v":{"a":2,"c":"c","l":[{"y":"y","x":2}]}}', '{"id":3,"v":null}'],
      overwriting,
    );
    expect((await types('overwritten')).v).toBe('{a: bigint, b: string, l: [{x: bigint, y: string}], c: string}');
    expect(await rows('overwritten')).toEqual([{ a: '2', b: null, l: [{ x: '2', y: 'y' }], c: 'c' }, null]);
  });

  it('a record that lacks the property keeps the value; one whose value is null does not', async () => {
    const wanted = object({ a: integer });
    await send('kept', wanted, ['{"id":1,"v":{"a":1}}', '{"id":2,"v":{"a":2}}', '{"id":3,"v":{"a":3}}']);
    await send('kept', wanted, ['{"id":1}', '{"id":2,"v":{"a":22}}', '{"id":2}', '{"id":3,"v":null}']);
    expect(await rows('kept')).toEqual([{ a: '1' }, { a: '22' }, null]);
  });

  it('a struct of many members is known again', async () => {
    const wide = object(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`m${index}`, integer])));
    await send('wide', wide, ['{"id":1,"v":{"m59":1}}']);
    const { logged } = await send('wide', wide, ['{"id":1,"v":{"m59":2}}']);
    expect(logged.filter((line) => /column/.test(line))).toEqual([]);
    expect(Object.keys(await types('wide'))).toEqual(['id', 'v']);
  });

  it('what members cannot hold is counted, and names the member where it ends the run', async () => {
    const wanted = object({ n: { type: 'number' }, at: list({ type: 'string', format: 'date-time' }) });
    const { notes } = await send('counted', wanted, [
      '{"id":1,"v":{"n":0.1234567890123456789}}',
      '{"id":2,"v":{"n":0.1234567890123456789,"at":["2024-01-01T00:00:00.1234567Z"]}}',
      '{"id":3,"v":{"n":0.5,"at":["2024-01-01T00:00:00.1234560Z"]}}',
    ]);
    expect(notes).toEqual([
      { what: 'inexact', column: 1, count: 2 },
      { what: 'cut', column: 1, count: 1 },
    ]);
    const bad = ['{"id":3,"v":{"at":["2024-01-01","soon"],"n":7}}'];
    await expect(send('counted', wanted, bad)).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { stream: 'counted', line: 2, column: 'v.at[]' },
    });
    const nulled = await send('counted', wanted, bad, { invalid_values: 'null' });
    expect(nulled.notes).toEqual([{ what: 'nulled', column: 1, count: 1 }]);
    expect((await rows('counted'))[2]).toEqual({ n: '7', at: ['2024-01-01T00:00:00.000000', null] });
  });
}

describe('nested columns of a DuckDB table', () => {
  const words = {
    struct: (members: string) => `STRUCT(${members})`,
    list: (element: string) => `${element}[]`,
    text: 'VARCHAR',
    create: '',
  };
  behaviours(
    async () => duckdbFile(folder, 'evolution'),
    (name) => name,
    words,
  );
});

describeLakehouse('nested columns of an Iceberg table', (details) => {
  const schema = `nested_evolution_${Date.now().toString(36)}`;
  const words = {
    struct: (members: string) => `STRUCT<${members}>`,
    list: (element: string) => `ARRAY<${element}>`,
    text: 'STRING',
    create: ' USING iceberg',
  };
  const open = async () => {
    const warehouse = await sparkSchema(details, schema);
    await warehouse.execute(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    return warehouse;
  };
  behaviours(open, (name) => `${schema}.${name}`, words);
});
