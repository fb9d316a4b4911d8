// Whatever the records and however they are cut into loads, the table ends as if they had been applied one by one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeleteMode } from '../../../../src/schema/model.ts';
import { duckdbTable } from './duckdb-table.ts';
import { type StagedRecord, versionOf } from './staged-records.ts';

type Row = Record<'k1' | 'k2' | 'a' | 'b' | 'c' | 'deleted' | 'seq' | 'own' | 'origin', string | null>;

/** The meaning of a record, in the plainest words. */
function apply(rows: Map<string, Row>, { data, deletedAt }: StagedRecord, mode: DeleteMode, seq: number): void {
  const key = JSON.stringify([data.k1, data.k2]);
  if (mode === 'hard' && deletedAt !== undefined) {
    rows.delete(key);
    return;
  }
  const known = rows.get(key);
  const blank: Row = {
    k1: null,
    k2: null,
    a: null,
    b: null,
    c: null,
    deleted: null,
    seq: null,
    own: null,
    origin: 'new',
  };
  const given = known !== undefined && mode === 'soft' && deletedAt !== undefined ? {} : data;
  rows.set(key, { ...(known ?? blank), ...given, deleted: deletedAt ?? null, seq: String(seq) } as Row);
}

/** The last record of each key is what counts: all others have been updated by a later one. */
function tallyOf(batch: readonly StagedRecord[], mode: DeleteMode) {
  const last = new Map(batch.map((one) => [JSON.stringify([one.data.k1, one.data.k2]), one]));
  const markers = [...last.values()].filter(({ deletedAt }) => deletedAt !== undefined);
  return {
    rows: batch.length,
    deduplicated: batch.length - last.size,
    deleted: mode === 'ignore' ? 0 : markers.length,
  };
}

const others = [{ name: 'own' }, { name: 'origin', default: "'new'" }];
const value = fc.constantFrom('', 'x', 'y', ',', null);
const record = (mode: DeleteMode): fc.Arbitrary<StagedRecord> =>
  fc
    .record({
      key: fc.constantFrom(['p', 'q'], ['p', ''], ['p,q', '']),
      // `c` is in every record, so that loads have columns of both sorts
      data: fc.record({ a: value, b: value, c: value }, { requiredKeys: ['c'] }),
      deleted: mode === 'ignore' ? fc.constant(false) : fc.boolean(),
    })
    .map(({ key, data, deleted }) => ({
      data: { k1: key[0]!, k2: key[1]!, ...data },
      ...(deleted ? { deletedAt: '2024-01-01 00:00:00' } : {}),
    }));

test.each(['ignore', 'soft', 'hard'] as const)(
  'loads with deletes "%s" end as their records one by one',
  async (mode) => {
    const string = 'string' as const;
    const version = versionOf({
      columns: { a: string, k2: string, b: string, k1: string, c: string },
      keys: ['k1', 'k2'],
      metadata: true,
      deletes: mode,
    });
    const loads = fc.array(fc.array(record(mode), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(loads, fc.boolean(), async (batches, claimsMore) => {
        const table = await duckdbTable(version, { others });
        // of which the stream knows nothing: somebody else fills them after each load
        await table.query('ALTER TABLE main.orders ADD COLUMN own VARCHAR');
        await table.query("ALTER TABLE main.orders ADD COLUMN origin VARCHAR DEFAULT 'new'");
        const claims = claimsMore ? { mayRepeatKeys: true, absentColumns: new Set([0, 2, 4]), hasDeletes: true } : {};
        const rows = new Map<string, Row>();
        let seq = 0;
        try {
          for (const [index, batch] of batches.entries()) {
            expect(await table.load(batch, version, claims)).toEqual(tallyOf(batch, mode));
            for (const one of batch) apply(rows, one, mode, ++seq);
            if (index === batches.length - 1) break;
            await table.query("UPDATE main.orders SET own = coalesce(own, k1), origin = 'old'");
            for (const row of rows.values()) Object.assign(row, { own: row.own ?? row.k1, origin: 'old' });
          }
          const found = await table.rows('k1, k2, a, b, c, _sdc_deleted_at, _sdc_sequence, own, origin');
          const expected = [...rows.values()].map((row) => [
            row.k1,
            row.k2,
            row.a,
            row.b,
            row.c,
            row.deleted,
            row.seq,
            row.own,
            row.origin,
          ]);
          expect(new Set(found.map((row) => JSON.stringify(row)))).toEqual(
            new Set(expected.map((row) => JSON.stringify(row))),
          );
          expect(found.length).toBe(expected.length);
        } finally {
          table.close();
        }
      }),
      { numRuns: 60 },
    );
  },
);

test('loads that replace rows as wholes end as their records one by one', async () => {
  const string = 'string' as const;
  const version = versionOf({ columns: { a: string, k2: string, k1: string }, keys: ['k1', 'k2'] });
  const whole = fc
    .record({ key: fc.constantFrom(['p', 'q'], ['p', ''], ['p,q', ''], ['', 'p,q']), a: value })
    .map(({ key, a }): StagedRecord => ({ data: { k1: key[0]!, k2: key[1]!, a } }));
  const loads = fc.array(fc.array(whole, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(loads, async (batches) => {
      const table = await duckdbTable(version, { wholeRows: true });
      const rows = new Map<string, readonly unknown[]>();
      try {
        for (const batch of batches) {
          expect(await table.load(batch)).toEqual(tallyOf(batch, 'ignore'));
          for (const { data } of batch) rows.set(JSON.stringify([data.k1, data.k2]), [data.k1, data.k2, data.a]);
        }
        const found = await table.rows('k1, k2, a');
        expect(found.map((row) => JSON.stringify(row)).sort()).toEqual(
          [...rows.values()].map((row) => JSON.stringify(row)).sort(),
        );
      } finally {
        table.close();
      }
    }),
    { numRuns: 60 },
  );
});
