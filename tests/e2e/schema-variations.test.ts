// However the same input is cut into batches and spread over threads, and however often it is loaded, it ends in one table.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { runCli } from '../support/cli.mjs';
import { duckdbWarehouse, loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';

type Settings = Readonly<Record<string, string | number | boolean>>;

const kinds = {
  integer: { schema: { type: ['null', 'integer'] }, values: [0, -1, 9007199254740991] },
  number: { schema: { type: ['null', 'number'] }, values: [0.5, 1e21, -2] },
  money: { schema: { type: ['null', 'number'], multipleOf: 0.01 }, values: [12.34, -0.1, 7] },
  string: { schema: { type: ['null', 'string'] }, values: ['', 'text', '1'] },
  boolean: { schema: { type: ['null', 'boolean'] }, values: [true, false] },
  time: { schema: { type: ['null', 'string'], format: 'date-time' }, values: ['2024-02-29T12:00:00Z', '2024-01-01'] },
  date: { schema: { type: ['null', 'string'], format: 'date' }, values: ['2024-02-29'] },
  json: { schema: { type: ['null', 'object', 'array'] }, values: [{ a: [1] }, [], {}] },
  mixed: { schema: {}, values: [1, 'a', null, { b: 2 }] },
} as const;
type Kind = keyof typeof kinds;

const properties = ['a', 'b', 'c', 'd', 'Mixed Case', 'e.f'];

interface Variation {
  readonly stream: string;
  readonly columns: Readonly<Record<string, Kind>>;
  readonly records: readonly object[];
}

/** @param typed which kinds a property may have, by its place in `properties` */
function variation(typed: (place: number) => readonly Kind[]): fc.Arbitrary<Variation> {
  const columns = fc.record(
    Object.fromEntries(properties.map((name, place) => [name, fc.constantFrom(...typed(place))])),
    { requiredKeys: [] },
  );
  return fc.tuple(fc.constantFrom('s', 't'), columns).chain(([stream, chosen]) => {
    const fields = Object.entries(chosen).map(
      ([name, kind]) => [name, fc.constantFrom(null, ...kinds[kind!].values)] as const,
    );
    const record = fc.record(
      {
        id: fc.integer({ min: 1, max: 9 }),
        ...Object.fromEntries(fields),
        // now and then a field that no schema declares, and a delete
        extra: fc.constantFrom(1, 2.5, 'x', true, null),
        _sdc_deleted_at: fc.constant('2024-01-01T00:00:00Z'),
      },
      { requiredKeys: ['id'] },
    );
    const records = fc.array(record, { minLength: 1, maxLength: 5 });
    return records.map((list) => ({ stream, columns: chosen as Variation['columns'], records: list.map(mostlyAlive) }));
  });
}

/** Deletes are rare, so that there is something to compare. */
function mostlyAlive<T extends { id: number; _sdc_deleted_at?: string }>(record: T, index: number): T {
  if (index === 2) return record;
  const { _sdc_deleted_at, ...alive } = record;
  return alive as T;
}

const messagesOf = (variations: readonly Variation[]) => [
  ...variations.flatMap(({ stream, columns, records }, index) => [
    {
      type: 'SCHEMA',
      stream,
      schema: {
        properties: {
          id: { type: 'integer' },
          ...Object.fromEntries(Object.entries(columns).map(([name, kind]) => [name, kinds[kind].schema])),
        },
      },
      key_properties: ['id'],
    },
    ...records.map((record) => ({ type: 'RECORD', stream, record })),
    { type: 'STATE', value: index },
  ]),
];

const anyKind = Object.keys(kinds) as Kind[];
/** Types of which one holds the other, whatever comes first: nothing has to be renamed. */
const climbing: readonly (readonly Kind[])[] = [
  ['string', 'mixed'],
  ['mixed', 'json'],
  ['integer'],
  ['money'],
  ['time'],
  ['number'],
];
const scenario = (count: number, typed: (place: number) => readonly Kind[]) =>
  fc.array(variation(typed), { minLength: count, maxLength: count }).map(messagesOf);

/** What says when a row was loaded. */
const ofTheRun = /^_sdc_(received_at|batched_at|sequence|sync_started_at)$/;

/**
 * Names of columns → names without the minute of their renaming, which differs from run to run. Renamed columns of one
 * name are numbered in the table's order: the number in their own name depends on the minute, too.
 */
function undated(names: readonly string[]): Map<string, string> {
  const renamed = new Map<string, number>();
  return new Map(
    names.map((name) => {
      const plain = name.replace(/_\d{8}_\d{4}(_\d+)?$/, '');
      if (plain === name) return [name, name];
      const place = (renamed.get(plain) ?? 0) + 1;
      renamed.set(plain, place);
      return [name, `${plain}_dated_${place}`];
    }),
  );
}

/** All of the tables, with the minute of a renaming left out. */
async function contents(warehouse: Warehouse) {
  const tables = [];
  for (const table of await warehouse.tables()) {
    const described = await warehouse.columns(table);
    const names = undated(described.map(([name]) => name));
    const columns = described.map(([name, type]) => `${names.get(name)} ${type}`);
    const rows = (await warehouse.rows(table)).map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([name]) => !ofTheRun.test(name))
          .map(([name, value]) => [names.get(name), value]),
      ),
    );
    tables.push({ table, columns, rows: rows.sort((a, b) => Number(a.id) - Number(b.id)) });
  }
  return tables;
}

async function loaded(open: () => Warehouse, messages: readonly object[], settings: Settings, times = 1) {
  const warehouse = open();
  const seen = [];
  try {
    for (let time = 0; time < times; time++) {
      await loadInto(warehouse, messages, { hard_delete: true, undeclared_fields: 'add', ...settings });
      seen.push(await contents(warehouse));
    }
    return seen;
  } finally {
    await warehouse.close();
  }
}

describe('50 schemas of one input, in DuckDB', () => {
  const cuts: readonly Settings[] = [
    { batch_size_rows: 1, parallelism: 1 },
    { batch_size_rows: 3, flush_all_streams: true },
    { batch_size_bytes: 200, parallelism: 1 },
  ];

  test('end in one table, whatever the batches', { timeout: 400_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        scenario(50, () => anyKind),
        async (messages) => {
          const [expected] = await loaded(duckdbWarehouse, messages, {});
          for (const settings of cuts) expect((await loaded(duckdbWarehouse, messages, settings))[0]).toEqual(expected);
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test('loaded again change nothing, where no column had to be renamed', { timeout: 400_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        scenario(50, (place) => climbing[place]!),
        async (messages) => {
          const [first, second] = await loaded(duckdbWarehouse, messages, { undeclared_fields: 'ignore' }, 2);
          expect(second).toEqual(first);
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  });

  test('loaded again make no further column, and from then on change nothing', { timeout: 400_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        scenario(50, () => anyKind),
        async (messages) => {
          const [first, second, third] = await loaded(duckdbWarehouse, messages, {}, 3);
          expect(second!.map(({ columns }) => columns)).toEqual(first!.map(({ columns }) => columns));
          expect(third).toEqual(second);
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test('end in one table, whatever the threads', { timeout: 400_000 }, async () => {
    const [messages] = fc.sample(
      scenario(50, () => anyKind),
      { numRuns: 1, seed: 7 },
    );
    // enough bytes for several slabs in several threads
    const input = messages!
      .flatMap((message) => {
        const line = JSON.stringify(message);
        return line.startsWith('{"type":"RECORD"')
          ? Array<string>(60).fill(line.replace('"record":{', `"record":{"f":"${'-'.repeat(900)}",`))
          : [line];
      })
      .join('\n');
    expect(input.length).toBeGreaterThan(6e6);
    const outcomes = [];
    for (const settings of [{ workers: 0 }, { workers: 2 }, { workers: 3, batch_size_rows: 137 }]) {
      const warehouse = duckdbWarehouse();
      const config = { ...warehouse.flags, hard_delete: true, undeclared_fields: 'add', ...settings };
      const { code, stderr } = await runCli({ config, input, patienceMs: 300_000 });
      expect(code, stderr).toBe(0);
      outcomes.push(await contents(warehouse));
      await warehouse.close();
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });
});

describeLakehouse('some schemas of one input, in Spark', (details) => {
  test('end in one table, whatever the batches, and loaded again in the same', { timeout: 900_000 }, async () => {
    const [messages] = fc.sample(
      scenario(10, (place) => climbing[place]!),
      { numRuns: 1, seed: 42 },
    );
    const settings = { undeclared_fields: 'ignore' };
    const [first, second] = await loaded(() => sparkWarehouse(details), messages!, settings, 2);
    expect(second).toEqual(first);
    const [cut] = await loaded(() => sparkWarehouse(details), messages!, {
      ...settings,
      batch_size_rows: 4,
      parallelism: 1,
    });
    expect(cut).toEqual(first);
  });
});
