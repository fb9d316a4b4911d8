// Whatever way records come (RECORD messages, files of lines, Parquet files, and in whatever mixture), the same table comes of them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderStage } from '../../src/stage/folder-stage.ts';
import { batch } from '../support/command.ts';
import { schema, start, state } from '../support/scripted-run.ts';
import { stagedFolder } from '../unit/destinations/duckdb/staged-folder.ts';
import { writeParquet } from '../unit/destinations/parquet-files.ts';

interface Row {
  readonly id: number;
  readonly name?: string | null;
  readonly n?: number | null;
  readonly _sdc_deleted_at?: string;
}
interface Part {
  readonly form: 'records' | 'json' | 'json.gz' | 'parquet';
  readonly rows: readonly Row[];
}

const row: fc.Arbitrary<Row> = fc.record(
  {
    id: fc.nat(4),
    name: fc.option(fc.constantFrom('a', 'b\n"', '')),
    n: fc.option(fc.integer()),
    _sdc_deleted_at: fc.constant('2024-02-29T00:00:00Z'),
  },
  { requiredKeys: ['id'] },
);
const parts: fc.Arbitrary<Part[]> = fc.array(
  fc.record({
    form: fc.constantFrom('records', 'json', 'json.gz', 'parquet'),
    rows: fc.array(row, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const properties = {
  id: { type: 'integer' },
  name: { type: ['string', 'null'] },
  n: { type: ['integer', 'null'] },
};
/** Parquet has a value for every column of a row. */
const whole = ({ id, name = null, n = null, _sdc_deleted_at }: Row): Row => ({
  ...{ id, name, n },
  ...(_sdc_deleted_at !== undefined && { _sdc_deleted_at }),
});
const asRecord = (record: Row) => ({ type: 'RECORD', stream: 'a', record });
const text = (value: string | null | undefined) => (value == null ? 'NULL' : `'${value}'`);

test('records and batches of the same rows end in the same table', { timeout: 300_000 }, async () => {
  const folder = await stagedFolder();
  let files = 0;
  const log = { info: () => {}, warn: () => {} };

  async function messages({ form, rows }: Part): Promise<object[]> {
    if (form === 'records') return rows.map(asRecord);
    const file = join(folder.folder, `${files++}.${form}`);
    if (form === 'parquet') {
      const values = rows
        .map(whole)
        .map((r) => `(${r.id}, ${text(r.name)}, ${r.n}::BIGINT, ${text(r._sdc_deleted_at)})`);
      await writeParquet(file, `SELECT * FROM (VALUES ${values.join(', ')}) t(id, name, n, _sdc_deleted_at)`);
    } else {
      const lines = rows.map((r) => `${JSON.stringify(r)}\n`).join('');
      await writeFile(file, form === 'json' ? lines : gzipSync(lines));
    }
    return [batch('a', [file])];
  }
  async function loaded(input: readonly object[], settings: { hardDelete: boolean; maxRows: number }) {
    const path = join(folder.folder, `${files++}.duckdb`);
    const destination = folder.destination({ path });
    await destination.connect();
    const stage = folderStage({ folder: folder.folder, keepFiles: false, runFolder: 'r', compression: 'none' }, log);
    const limits = { maxRows: settings.maxRows, maxBytes: 1e9, maxAgeMs: undefined };
    const run = start({
      metadata: true,
      hardDelete: settings.hardDelete,
      limits,
      parts: { warehouse: destination, stage },
    });
    run.feed(schema('a', properties), ...input, state('end'));
    run.end();
    await run.done;
    await stage.close();
    await destination.close();
    expect(run.states.at(-1)).toBe('end');
    return folder.query('SELECT id, name, n, _sdc_deleted_at FROM s.a ORDER BY id', path);
  }

  try {
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), fc.constantFrom(2, 100), async (input, hardDelete, maxRows) => {
        const settings = { hardDelete, maxRows };
        const plain = input.flatMap(({ form, rows }) => (form === 'parquet' ? rows.map(whole) : rows).map(asRecord));
        const mixed = (await Promise.all(input.map(messages))).flat();
        expect(await loaded(mixed, settings)).toEqual(await loaded(plain, settings));
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 25), verbose: 1 },
    );
  } finally {
    await folder.remove();
  }
});
