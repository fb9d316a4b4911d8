// Tables beside those that once went wrong, each as somebody made it, loaded twice into the lakehouse and read back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TargetError } from '../../src/errors/target-error.ts';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { isLong } from '../support/long-tests.ts';
import { loadInto, sparkWarehouse, type Warehouse } from '../support/warehouse.ts';
import { filesWithoutIds } from './further/lake-files.ts';
import { integer, type LakeInput, type LakeInputs } from './further/lake-input.ts';
import { members } from './further/lake-members.ts';
import { partitionNames, refused, reservedNames } from './further/lake-names.ts';
import { repeats } from './further/lake-repeats.ts';

type Options = Parameters<typeof loadInto>[2];

const flattened = { undeclared_fields: 'add', data_flattening_max_level: 2, hard_delete: true };
const asStructs = { nested_columns: 'struct', hard_delete: true };
const appends = ({ method }: LakeInput) => method === 'append-only';
const some = (inputs: LakeInputs, are: (input: LakeInput) => boolean): LakeInputs =>
  Object.fromEntries(Object.entries(inputs).filter(([, input]) => are(input)));
const tables = { ...reservedNames, ...partitionNames, ...filesWithoutIds, ...repeats };
const together = [
  { inputs: some(tables, (input) => !appends(input)), options: flattened },
  { inputs: some(tables, appends), options: { ...flattened, hard_delete: false } },
  { inputs: members, options: asStructs },
];
const PATIENCE_MS = 1_200_000;

function messages(inputs: LakeInputs, run: number): object[] {
  const sent = Object.entries(inputs).flatMap(([stream, { keys = ['id'], records, ...input }]) => {
    const declared = (run > 0 && input.later) || input.properties;
    const properties = keys.includes('id') ? { id: integer, ...declared } : declared;
    return [
      { type: 'SCHEMA', stream, schema: { properties }, key_properties: keys },
      ...(records[run] ?? []).map((record) => ({ type: 'RECORD', stream, record })),
    ];
  });
  return [...sent, { type: 'STATE', value: run }];
}

const methodsOf = (inputs: LakeInputs) =>
  JSON.stringify(Object.fromEntries(Object.entries(inputs).map(([name, { method = 'upsert' }]) => [name, method])));

const load = (warehouse: Warehouse, inputs: LakeInputs, run: number, options: Options) =>
  loadInto(warehouse, messages(inputs, run), { ...options, stream_load_methods: methodsOf(inputs) });

async function make(warehouse: Warehouse, inputs: LakeInputs) {
  for (const [name, { made = [] }] of Object.entries(inputs))
    for (const statement of made) await warehouse.execute(statement.replaceAll('$T', `$t.${name}`));
}

async function found(warehouse: Warehouse, table: string): Promise<string[]> {
  const own = (name: string) => !name.startsWith('_sdc_');
  const names = (await warehouse.columns(table)).map(([name]) => name).filter(own);
  const rows = (await warehouse.rows(table)).map((row) => names.map((name) => row[name] ?? 'null').join('|'));
  return [names.map((name) => name.replace(/_\d{8}_\d{4}(_\d+)?$/, '_<dated>')).join('|'), ...rows.sort()];
}

// So many tables take minutes: the ordinary suite has some of each kind in `lakehouse-tables.test.ts`.
if (isLong)
  describeLakehouse('further tables', (details) => {
    const warehouse = sparkWarehouse(details);
    afterAll(() => warehouse.close());
    beforeAll(async () => {
      for (const { inputs, options } of together) {
        await make(warehouse, inputs);
        for (const run of [0, 1]) await load(warehouse, inputs, run, options);
      }
    }, PATIENCE_MS);

    const all: LakeInputs = Object.assign({}, ...together.map(({ inputs }) => inputs));
    test.each(Object.entries(all))('%s', async (name, { rows }) => {
      expect(await found(warehouse, name)).toEqual(rows);
    });

    test.each(Object.entries(refused))('%s is refused, and left as it was', async (name, input: LakeInput) => {
      await make(warehouse, { [name]: input });
      const ended = await load(warehouse, { [name]: input }, 0, { ...asStructs, hard_delete: !appends(input) }).catch(
        (error: unknown) => error,
      );
      expect(ended).toBeInstanceOf(TargetError);
      expect(ended).toMatchObject({ code: input.error });
      expect(await found(warehouse, name)).toEqual(input.rows);
    });
  });

test('are ten or more of each kind', () => {
  const kinds = [reservedNames, partitionNames, filesWithoutIds, members, repeats];
  for (const kind of kinds) expect(Object.keys(kind).length).toBeGreaterThanOrEqual(10);
});
