import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TargetError } from '../../../src/errors/target-error.ts';
import { columnNames } from '../../../src/schema/column-names.ts';
import { sourceComment, sourceIn } from '../../../src/schema/column-source.ts';
import { type ContractOption, contractOf } from '../../../src/schema/contract.ts';
import {
  accepts,
  type ExistingColumn,
  planEvolution,
  type Step,
  type TableColumnType,
  type WantedColumn,
} from '../../../src/schema/evolve.ts';
import type { ColumnType } from '../../../src/schema/model.ts';

const now = new Date('2026-11-05T23:07:59.999Z');
const decimal = (precision: number, scale: number): ColumnType => ({ kind: 'decimal', precision, scale });
const other = (sql: string): TableColumnType => ({ kind: 'other', sql });
const of = (kind: 'boolean' | 'bigint' | 'double' | 'string' | 'timestamp' | 'date' | 'json'): ColumnType => ({ kind });

const plan = (existing: TableColumnType, wanted: ColumnType, key = false) =>
  planEvolution([{ name: 'c', type: existing }], [{ name: 'c', type: wanted, key }], now);

describe('a column that can hold what is wanted stays as it is', () => {
  const holds: readonly (readonly [ColumnType, ColumnType])[] = [
    ...(['boolean', 'bigint', 'double', 'timestamp', 'date', 'json', 'string'] as const).map(
      (kind) => [of('string'), of(kind)] as const,
    ),
    [of('json'), of('bigint')],
    [of('string'), decimal(38, 10)],
    [of('timestamp'), of('date')],
    [of('double'), of('bigint')],
    [of('double'), decimal(38, 10)],
    [decimal(38, 2), decimal(10, 2)],
    [decimal(12, 4), decimal(10, 2)],
    [decimal(19, 0), of('bigint')],
    [decimal(38, 19), of('bigint')],
    [of('bigint'), of('bigint')],
    [of('boolean'), of('boolean')],
    [of('date'), of('date')],
  ];

  it.each(holds)('%j holds %j', (existing, wanted) => {
    expect(plan(existing, wanted)).toMatchObject({ steps: [], columns: [{ name: 'c', type: existing }] });
  });
});

describe('a column that can be promoted is widened in place', () => {
  const promotions: readonly (readonly [TableColumnType, ColumnType, ColumnType])[] = [
    [other('int'), of('bigint'), of('bigint')],
    [other('SMALLINT'), of('bigint'), of('bigint')],
    [other('float'), of('bigint'), of('double')],
    [decimal(10, 2), decimal(12, 2), decimal(12, 2)],
    [decimal(10, 4), decimal(12, 2), decimal(14, 4)],
    [decimal(10, 2), of('bigint'), decimal(21, 2)],
  ];

  it.each(promotions)('%j for %j becomes %j', (existing, wanted, to) => {
    expect(plan(existing, wanted)).toMatchObject({
      steps: [{ kind: 'widen', name: 'c', from: existing, to }],
      columns: [{ name: 'c', type: to }],
    });
    expect(plan(existing, wanted, true).steps).toHaveLength(1);
  });

  it.each([of('double'), decimal(10, 2)])('a FLOAT for %j becomes a DOUBLE, but never in a key', (wanted) => {
    const float = other('float');
    expect(plan(float, wanted).steps).toEqual([{ kind: 'widen', name: 'c', from: float, to: of('double') }]);
    expect(() => plan(float, wanted, true)).toThrow(expect.objectContaining({ code: 'TABLE_KEY_TYPE' }));
  });
});

describe('a column that cannot hold what is wanted', () => {
  const incompatible: readonly (readonly [TableColumnType, ColumnType])[] = [
    [of('bigint'), of('double')],
    [of('bigint'), decimal(38, 0)],
    [of('bigint'), of('string')],
    [of('boolean'), of('bigint')],
    [of('date'), of('timestamp')],
    [of('timestamp'), of('json')],
    [of('double'), of('string')],
    [decimal(10, 2), decimal(10, 4)],
    [decimal(38, 30), of('bigint')],
    [decimal(10, 2), of('double')],
    [other('int'), of('double')],
    [other('array<string>'), of('json')],
  ];

  it.each(incompatible)('is kept under a dated name: %j for %j', (existing, wanted) => {
    expect(plan(existing, wanted)).toMatchObject({
      steps: [
        { kind: 'rename', from: 'c', to: 'c_20261105_2307', dropNotNull: false },
        { kind: 'add', name: 'c', type: wanted },
      ],
      columns: [{ name: 'c', type: wanted }],
    });
  });

  it.each(incompatible)('is an error when it is a key: %j for %j', (existing, wanted) => {
    expect(() => plan(existing, wanted, true)).toThrow(
      expect.objectContaining({ code: 'TABLE_KEY_TYPE', context: { column: 'c' } }) as Error,
    );
  });

  it('gets a dated name that no other column has', () => {
    const existing: ExistingColumn[] = [
      { name: 'C', type: of('boolean'), required: true },
      { name: 'c_20261105_2307', type: of('date') },
    ];
    const wanted: WantedColumn[] = [
      { name: 'c', type: of('bigint'), key: false },
      { name: 'C_20261105_2307_2', type: of('bigint'), key: false },
    ];
    expect(planEvolution(existing, wanted, now).steps[0]).toEqual({
      kind: 'rename',
      from: 'C',
      to: 'C_20261105_2307_3',
      dropNotNull: true,
    });
  });

  it('makes text of a column whose type goes to and fro, so that it is renamed twice at most', () => {
    let table: ExistingColumn[] = [{ name: 'c', type: of('bigint') }];
    const types = [of('boolean'), of('bigint'), of('boolean'), of('bigint'), of('timestamp')];
    types.forEach((type, minute) => {
      const later = new Date(now.getTime() + minute * 60_000);
      table = apply(table, planEvolution(table, [{ name: 'c', type, key: false }], later).steps);
    });
    expect(table.map(({ type }) => type.kind)).toEqual(['bigint', 'boolean', 'string']);
  });
});

describe('columns are matched', () => {
  it('without regard to case, so that tables in upper case go on being loaded', () => {
    const existing = [{ name: 'C_PK', type: of('bigint') }];
    expect(planEvolution(existing, [{ name: 'c_pk', type: of('bigint'), key: true }], now)).toMatchObject({
      steps: [],
      columns: existing,
    });
  });

  it('by exact case first', () => {
    const existing = [
      { name: 'C', type: of('bigint') },
      { name: 'c', type: of('string') },
    ];
    expect(planEvolution(existing, [{ name: 'c', type: of('date'), key: false }], now).columns).toEqual([existing[1]]);
  });

  it('and those that the stream lacks are left alone', () => {
    expect(planEvolution([{ name: 'old', type: of('bigint'), required: true }], [], now).steps).toEqual([]);
  });
});

describe('a column that was made for a property', () => {
  const wish = (name: string, ...source: string[]): WantedColumn => ({ name, type: of('string'), key: false, source });
  const made = (name: string, ...source: string[]): ExistingColumn => ({ name, type: of('string'), source });
  const unmarked = (name: string): ExistingColumn => ({ name, type: of('string') });
  const placesIn = (existing: readonly ExistingColumn[], wanted: readonly WantedColumn[]) => {
    const { steps, columns } = planEvolution(existing, wanted, now);
    return { added: steps.map((step) => 'name' in step && step.name), held: columns.map((column) => column?.name) };
  };

  it('stays its own when another property comes that has the name by the rules', () => {
    const both = [wish('foo_1c3c', 'Foo'), wish('foo', 'foo')];
    const { added, held } = placesIn([made('foo', 'Foo')], both);
    expect(held[0]).toBe('foo');
    expect(added).toEqual([held[1]]);
    expect(held[1]).toMatch(/^foo_[0-9a-f]{4}$/);
    // and the other one has its own from then on, alone or not
    const table = [made('foo', 'Foo'), made(held[1]!, 'foo')];
    expect(placesIn(table, both)).toEqual({ added: [], held });
    expect(placesIn(table, [wish('foo', 'foo')])).toEqual({ added: [], held: [held[1]] });
    expect(placesIn(table, [wish('foo', 'Foo')])).toEqual({ added: [], held: [held[0]] });
  });

  it('gives way to no other that is wanted alone', () => {
    expect(placesIn([made('a_b', 'a,b')], [wish('a_b', 'a;b')]).held[0]).toMatch(/^a_b_[0-9a-f]{4}$/);
    expect(placesIn([made('a__b', 'a', 'b')], [wish('a__b', 'a__b')]).held[0]).toMatch(/^a__b_[0-9a-f]{4}$/);
  });

  it('is told by its whole path', () => {
    expect(placesIn([made('a__b__c', 'a', 'b__c')], [wish('a__b__c', 'a__b', 'c')]).added).toHaveLength(1);
    expect(placesIn([made('a__b__c', 'a', 'b__c')], [wish('a__b__c', 'a', 'b__c')]).added).toEqual([]);
  });

  it('is found under the name that it got beside others', () => {
    expect(placesIn([unmarked('foo'), made('foo_1c3c', 'Foo')], [wish('foo', 'Foo')]).held).toEqual(['foo_1c3c']);
  });

  it('keeps its name when its type changes', () => {
    const table = [unmarked('foo'), { ...made('foo_1c3c', 'Foo'), type: of('bigint') }];
    const { steps } = planEvolution(table, [wish('foo', 'Foo')], now);
    expect(steps).toEqual([
      { kind: 'rename', from: 'foo_1c3c', to: 'foo_1c3c_20261105_2307', dropNotNull: false },
      { kind: 'add', name: 'foo_1c3c', type: of('string'), source: ['Foo'] },
    ]);
  });

  it('is not one of the target itself, which go by their names', () => {
    const own = { name: '_sdc_sequence', type: of('string'), key: false, metadata: true };
    const table = [made('_sdc_sequence', '_SDC_SEQUENCE ')];
    const { held } = placesIn(table, [wish('_sdc_sequence_1234', '_SDC_SEQUENCE '), own]);
    expect(held).toEqual(['_sdc_sequence_1234', '_sdc_sequence']);
  });

  it('is found by its name where nothing was kept, as in older tables and those in upper case', () => {
    expect(placesIn([unmarked('FOO')], [wish('foo', 'Foo')])).toEqual({ added: [], held: ['FOO'] });
    expect(placesIn([unmarked('foo')], [wish('foo_1c3c', 'Foo'), wish('foo', 'foo')])).toEqual({
      added: ['foo_1c3c'],
      held: ['foo_1c3c', 'foo'],
    });
    const displaced = placesIn([made('foo', 'Foo')], [wish('foo', 'foo')]).held[0]!;
    expect(placesIn([made('foo', 'Foo'), unmarked(displaced)], [wish('foo', 'foo')]).added).toEqual([]);
  });
});

it('an empty table gets every column, in the order wanted', () => {
  const wanted = [
    { name: 'b', type: of('bigint'), key: true },
    { name: 'a', type: of('json'), key: false },
  ];
  expect(planEvolution([], wanted, now).steps).toEqual([
    { kind: 'add', name: 'b', type: of('bigint') },
    { kind: 'add', name: 'a', type: of('json') },
  ]);
});

describe('for any table and any wish', () => {
  const columnType: fc.Arbitrary<ColumnType> = fc.oneof(
    fc.constantFrom(...(['boolean', 'bigint', 'double', 'string', 'timestamp', 'date', 'json'] as const).map(of)),
    fc
      .integer({ min: 1, max: 38 })
      .chain((precision) => fc.integer({ min: 0, max: precision }).map((scale) => decimal(precision, scale))),
  );
  const tableType = fc.oneof(columnType, fc.constantFrom('int', 'float', 'binary', 'array<int>').map(other));
  const name = fc.constantFrom('a', 'b', 'B', 'c', 'A_20261105_2307', 'b_20261105_2307', 'b_20261105_2307_2');
  const selector = (column: { name: string }) => column.name.toLowerCase();
  const tables = fc.uniqueArray(fc.record({ name, type: tableType, required: fc.boolean() }), { selector });
  const wishes = fc.uniqueArray(fc.record({ name, type: columnType, key: fc.constant(false) }), { selector });

  it('doing the steps and planning again gives no steps, and the table is as it was promised', () => {
    fc.assert(
      fc.property(tables, wishes, (table, wanted) => {
        const { steps, columns } = planEvolution(table, wanted, now);
        const evolved = apply(table, steps);
        expect(planEvolution(evolved, wanted, new Date(now.getTime() + 9e6))).toMatchObject({ steps: [], columns });
        columns.forEach((column, index) => {
          expect(evolved.find((found) => found.name === column!.name)?.type).toEqual(column!.type);
          expect(accepts(column!.type, (wanted[index] as WantedColumn).type)).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('no column is lost, and no name is used twice', () => {
    fc.assert(
      fc.property(tables, wishes, (table, wanted) => {
        const evolved = apply(table, planEvolution(table, wanted, now).steps);
        expect(evolved.length).toBeGreaterThanOrEqual(table.length);
        expect(new Set(evolved.map(selector)).size).toBe(evolved.length);
      }),
      { numRuns: 500 },
    );
  });

  it('each property has a column of its own, the same in whichever order and whatever else is wanted, now or later', () => {
    const path = fc.constantFrom(...['foo', 'Foo', 'FOO', 'a,b', 'a;b', 'a_b', 'a__b', 'A__b'].map((one) => [one]), [
      'a',
      'b',
    ]);
    const run = fc.uniqueArray(path, { selector: String, minLength: 1 });
    const runs = fc.array(fc.tuple(run, fc.boolean()), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(runs, (all) => {
        let table: ExistingColumn[] = [];
        const columnOf = new Map<string, string>();
        for (const [minute, [some, isText]] of all.entries()) {
          // nothing is kept of a property that is called as its column: a person's table may have one like it
          const plain = [...columnOf].filter(([source, name]) => source === JSON.stringify([name]));
          const missing = plain
            .map(([, name]) => [name])
            .filter(([name]) => !some.some((path) => path.join() === name));
          const paths = [...some, ...missing];
          const names = columnNames(paths, new Set());
          const type = of(isText ? 'string' : 'bigint');
          const wanted = paths.map((source, index) => ({ name: names[index]!, type, key: false, source }));
          const later = new Date(now.getTime() + minute * 60_000);
          const { steps, columns } = planEvolution(table, wanted, later);
          const turned = planEvolution(table, wanted.toReversed(), later);
          expect(turned.columns.toReversed()).toEqual(columns);
          table = apply(table, steps);
          columns.forEach((column, index) => {
            const source = JSON.stringify(paths[index]);
            expect(column!.name).toBe(columnOf.get(source) ?? column!.name);
            columnOf.set(source, column!.name);
          });
          expect(new Set(columnOf.values()).size).toBe(columnOf.size);
          expect(planEvolution(table, wanted, now).steps).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a key is held, widened or refused, never renamed', () => {
    fc.assert(
      fc.property(tableType, columnType, (existing, wanted) => {
        try {
          expect(plan(existing, wanted, true).steps.filter(({ kind }) => kind !== 'widen')).toEqual([]);
        } catch (error) {
          if (!(error instanceof TargetError)) throw error;
        }
      }),
    );
  });
});

/** What is read from the comment that the step's column gets. */
function keptOf({ name, source }: Extract<Step, { kind: 'add' }>) {
  const comment = source && sourceComment(source, name);
  return comment === undefined ? undefined : sourceIn(comment, name);
}

/** What a warehouse does with the steps. */
function apply(table: readonly ExistingColumn[], steps: readonly Step[]): ExistingColumn[] {
  const columns = [...table];
  const indexOf = (name: string) => columns.findIndex((column) => column.name === name);
  const change = (name: string, changes: Partial<ExistingColumn>) => {
    columns[indexOf(name)] = { ...(columns[indexOf(name)] as ExistingColumn), ...changes };
  };
  for (const step of steps) {
    if (step.kind === 'add') columns.push({ name: step.name, type: step.type, source: keptOf(step) });
    if (step.kind === 'widen') change(step.name, { type: step.to });
    if (step.kind === 'rename') change(step.from, { name: step.to, source: undefined });
  }
  return columns;
}

describe('a contract', () => {
  const table: readonly ExistingColumn[] = [
    { name: 'id', type: { kind: 'bigint' } },
    { name: 'n', type: { kind: 'other', sql: 'int' } },
    { name: 'own', type: { kind: 'string' } },
  ];
  const wanted: readonly WantedColumn[] = [
    { name: 'id', type: { kind: 'bigint' }, key: true },
    { name: 'n', type: { kind: 'bigint' }, key: false },
    { name: 'more', type: { kind: 'date' }, key: false },
  ];

  it('that discards leaves columns out, widened ones too, and plans no step', () => {
    const plan = planEvolution(table, wanted, now, contractOf('discard'));
    expect(plan).toMatchObject({ steps: [], columns: [{ name: 'id' }, undefined, undefined] });
    expect(plan.others.map(({ name }) => name)).toEqual(['n', 'own']);
    expect(plan.breaches.map(({ name, of, mode }) => `${mode} ${of} ${name}`)).toEqual([
      'discard types n',
      'discard columns more',
    ]);
  });

  it('speaks of columns and of types apart', () => {
    const plan = planEvolution(table, wanted, now, contractOf({ columns: 'freeze' }));
    expect(plan.steps).toMatchObject([{ kind: 'widen', name: 'n', to: { kind: 'bigint' } }]);
    expect(plan.breaches.map(({ name, mode }) => `${mode} ${name}`)).toEqual(['freeze more']);
  });

  it('never discards a key or a metadata column', () => {
    const needed = wanted.map((column) => ({ ...column, key: column.name === 'n', metadata: column.name === 'more' }));
    const { breaches } = planEvolution(table, needed, now, contractOf('discard'));
    expect(breaches.map(({ mode }) => mode)).toEqual(['freeze', 'freeze']);
  });
});

describe('what a contract has no room for', () => {
  const struct = (members: Readonly<Record<string, TableColumnType>>): TableColumnType => ({
    kind: 'struct',
    fields: Object.entries(members).map(([name, type]) => ({ name, type })),
  });
  const wantedStruct = (members: Readonly<Record<string, ColumnType>>): ColumnType => ({
    kind: 'struct',
    fields: Object.entries(members).map(([name, type]) => ({ name, property: name, type, accepts: 1 })),
  });
  const breachOf = (existing: TableColumnType | undefined, wanted: ColumnType, option: ContractOption = 'freeze') => {
    const table = existing === undefined ? [] : [{ name: 'C', type: existing }];
    const column = { name: 'c', type: wanted, key: false };
    const { breaches } = planEvolution(table, [column], now, contractOf(option));
    expect(breaches).toHaveLength(1);
    return breaches[0];
  };

  it.each<[TableColumnType | undefined, ColumnType, 'columns' | 'types', string]>([
    [undefined, of('bigint'), 'columns', 'it is not there, to hold bigint'],
    [undefined, decimal(10, 2), 'columns', 'it is not there, to hold decimal(10,2)'],
    [other('int'), of('bigint'), 'types', 'it is int, and would have to hold bigint'],
    [of('boolean'), of('date'), 'types', 'it is boolean, and would have to hold date'],
    [decimal(10, 2), decimal(12, 2), 'types', 'it is decimal(10,2), and would have to hold decimal(12,2)'],
    [struct({ a: of('bigint') }), of('date'), 'types', 'it is struct, and would have to hold date'],
    [struct({ a: of('bigint') }), wantedStruct({ b: of('bigint') }), 'columns', 'it lacks the member "b"'],
    [struct({ a: other('int') }), wantedStruct({ a: of('bigint') }), 'types', 'its member "a" would need a wider type'],
    [
      struct({ o: struct({ a: of('bigint') }) }),
      wantedStruct({ o: wantedStruct({ b: of('bigint') }) }),
      'columns',
      'it lacks the member "o.b"',
    ],
  ])('is told: %j for %j', (existing, wanted, of, what) => {
    expect(breachOf(existing, wanted)).toEqual({ index: 0, name: 'c', of, mode: 'freeze', what });
  });

  it('ends the run before anything is discarded', () => {
    const existing = struct({ a: other('int') });
    const wanted = wantedStruct({ a: of('bigint'), b: of('date') });
    const freezing = (option: ContractOption) => breachOf(existing, wanted, option);
    expect(freezing({ types: 'discard', columns: 'freeze' })).toMatchObject({ of: 'columns', mode: 'freeze' });
    expect(freezing({ types: 'freeze', columns: 'discard' })).toMatchObject({ of: 'types', mode: 'freeze' });
    expect(freezing({ types: 'discard' })).toMatchObject({ of: 'types', mode: 'discard' });
    expect(freezing({ columns: 'discard' })).toMatchObject({ of: 'columns', mode: 'discard' });
  });
});

describe('columns that a stream does not fill', () => {
  it('are told under their names after the steps; one that was renamed may be NULL', () => {
    const table = [
      { name: 'c', type: of('boolean'), required: true },
      { name: 'own', type: of('date'), required: true },
      { name: 'free', type: of('date') },
      { name: 'id', type: of('bigint') },
    ];
    const wanted = [
      { name: 'c', type: of('bigint'), key: false },
      { name: 'id', type: of('bigint'), key: true },
    ];
    expect(planEvolution(table, wanted, now).others).toEqual([
      { name: 'c_20261105_2307', type: of('boolean'), required: false },
      { name: 'own', type: of('date'), required: true },
      { name: 'free', type: of('date'), required: undefined },
    ]);
  });
});

describe('a column takes the place of one that was renamed', () => {
  const successor = (...kept: [name: string, type: ColumnType][]) => {
    const table = [{ name: 'c', type: of('boolean') }, ...kept.map(([name, type]) => ({ name, type }))];
    const step = planEvolution(table, [{ name: 'c', type: of('bigint'), key: false }], now).steps.at(-1);
    return step?.kind === 'add' ? step.type.kind : undefined;
  };

  it.each(['c_20261104_0000', 'C_20261104_0000', 'c_20261104_0000_2', 'c_20261104_0000_12'])(
    'as text when its type has been there before, in %s',
    (name) => {
      expect(successor([name, of('bigint')])).toBe('string');
    },
  );

  it.each(['d_20261104_0000', 'c_x', 'c_x20261104_0000', 'c_20261104_0000_x', 'c_20261104_0000x', 'c20261104_0000'])(
    'as wanted where %s is a column of its own',
    (name) => {
      expect(successor([name, of('bigint')])).toBe('bigint');
    },
  );

  it('as wanted where what was kept could not hold it', () => {
    expect(successor(['c_20261104_0000', of('date')])).toBe('bigint');
  });
});

it('a key of another type is refused with both types', () => {
  expect(() => plan(decimal(10, 2), of('date'), true)).toThrow(
    'the key column is decimal(10,2) in the table and cannot hold date',
  );
  expect(() => plan(other('array<int>'), of('bigint'), true)).toThrow(/is array<int> in the table/);
});
