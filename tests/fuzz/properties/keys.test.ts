// Pairs of keys that are easily taken for one another → tables in which none are merged, and none are split.
//
// TARGET_IOMETE_SEED repeats a run: it is printed with each load. TARGET_IOMETE_TEST_LONG=1 loads all pairs everywhere.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDestination } from '../../../scripts/acceptance/destination.mjs';
import { describeLakehouse, type LakehouseDetails } from '../../setup/lakehouse.ts';
import { isLong, testSeed } from '../../support/long-tests.ts';
import { runTarget } from '../../support/run-target.ts';
import type { Dice } from '../../unit/encode/spelling.ts';
import { identity, isHeld, type KeyKind, keySchemas } from './key-oracle.ts';
import { diceOf, keyPair } from './key-pairs.ts';

type Format = 'csv' | 'parquet';

/** The key columns of each stream, and how its files are staged where they are not staged both ways. */
const streams: readonly (readonly [keys: readonly KeyKind[], format: Format])[] = [
  [['integer'], 'parquet'],
  [['number'], 'csv'],
  [['decimal'], 'csv'],
  [['wide'], 'parquet'],
  [['instant'], 'csv'],
  [['text'], 'csv'],
  [['anyScalar'], 'csv'],
  [['integerOrText'], 'parquet'],
  [['integer', 'date'], 'csv'],
  [['integer', 'booleanOrText'], 'parquet'],
  [['text', 'number'], 'parquet'],
  [['instant', 'anyScalar', 'boolean'], 'parquet'],
  [['integer', 'decimal', 'text'], 'csv'],
];

const seed = testSeed();
const pairsInAll = isLong ? 100_000 : 20_000;
const folder = mkdtempSync(join(tmpdir(), 'keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface KeyRecord {
  readonly keys: readonly string[];
  /** Its number in the stream. */
  readonly v: number;
  readonly isMarker: boolean;
}

interface KeyStream {
  readonly name: string;
  readonly kinds: readonly KeyKind[];
  readonly runs: readonly (readonly KeyRecord[])[];
}

function keyStream(name: string, kinds: readonly KeyKind[], pairs: number, dice: Dice): KeyStream {
  const [first, later, second]: [KeyRecord[], KeyRecord[], KeyRecord[]] = [[], [], []];
  for (let n = 0; n < pairs; n++) {
    const [one, other] = pairOf(kinds, dice);
    first.push({ keys: one, v: n * 2, isMarker: false });
    const follower = { keys: other, v: n * 2 + 1, isMarker: n % 5 > 2 };
    // beside each other, far apart, in the next run; a marker beside the record, and one in the next run
    [first, later, second, first, second][n % 5]!.push(follower);
  }
  return { name, kinds, runs: [[...first, ...later], second] };
}

/** The keys differ in one column, or in all. */
function pairOf(kinds: readonly KeyKind[], dice: Dice): readonly [string[], string[]] {
  const pairs = kinds.map((kind) => keyPair(kind, dice));
  const [differs, inAll] = [dice.below(kinds.length), dice.oneIn(4)];
  return [pairs.map(([one]) => one), pairs.map(([one, other], at) => (inAll || at === differs ? other : one))];
}

function linesOf({ name, kinds }: KeyStream, records: readonly KeyRecord[]): string[] {
  const names = kinds.map((_, n) => `k${n}`);
  const properties = Object.fromEntries(kinds.map((kind, n) => [names[n], keySchemas[kind]]));
  const schema = { type: 'object', properties: { ...properties, v: { type: 'integer' } } };
  return [
    JSON.stringify({ type: 'SCHEMA', stream: name, schema, key_properties: names }),
    ...records.map(({ keys, v, isMarker }) => {
      const members = keys.map((key, n) => `"k${n}":${key}`).join(',');
      const marker = isMarker ? ',"_sdc_deleted_at":"2024-01-01T00:00:00Z"' : '';
      return `{"type":"RECORD","stream":"${name}","record":{${members},"v":${v}${marker}}}`;
    }),
  ];
}

/** The numbers of the records that are left, and how many can't be loaded: one record after the other. */
function expected({ kinds, runs }: KeyStream): { readonly rows: readonly number[]; readonly setAside: number } {
  const rows = new Map<string, number>();
  let setAside = 0;
  for (const { keys, v, isMarker } of runs.flat()) {
    const key = JSON.stringify(keys.map((json, n) => identity(kinds[n]!, json)));
    if (!keys.every((json, n) => isHeld(kinds[n]!, json))) setAside++;
    else if (isMarker) rows.delete(key);
    else rows.set(key, v);
  }
  return { rows: [...rows.values()].sort((a, b) => a - b), setAside };
}

async function load(
  all: readonly KeyStream[],
  format: Format,
  place: { readonly kind: 'duckdb' | 'iomete'; readonly lakehouse?: LakehouseDetails | undefined },
) {
  const own = mkdtempSync(join(folder, 'load-'));
  const destination = await openDestination({ ...place, folder: own }, () => {});
  const options = {
    ...destination.config,
    workers: 0,
    stage_format: format,
    hard_delete: true,
    invalid_values: 'dead_letter',
    // several loads of each stream where they cost little
    ...(place.kind === 'duckdb' && { batch_size_rows: Math.ceil(all[0]!.runs[0]!.length / 2) }),
  };
  const setAside = new Map<string, number>();
  for (const run of [0, 1]) {
    const lines = all.flatMap((stream) => linesOf(stream, stream.runs[run]!));
    const { error, counts } = await runTarget(options, join(own, `${run}.singer`), lines);
    expect(error && `seed ${seed}: ${error.message} ${JSON.stringify(error.context)}`).toBeUndefined();
    for (const [stream, count] of counts.setAside) setAside.set(stream, (setAside.get(stream) ?? 0) + count);
  }
  const reader = await destination.reader();
  try {
    const select = all.map(({ name }) => `SELECT '${name}' AS n, v FROM ${destination.schema}.${name}`);
    const found = new Map<string, number[]>(all.map(({ name }) => [name, []]));
    for (const [name, v] of await reader.query(select.join(' UNION ALL '))) found.get(String(name))!.push(Number(v));
    return { found, setAside };
  } finally {
    await reader.close();
  }
}

/** What went wrong with a pair is told by the pair. */
function differences(stream: KeyStream, found: readonly number[]): string[] {
  const due = new Set(expected(stream).rows);
  const seen = new Set<number>();
  const wrong = new Set(found.filter((v) => !due.has(v) || seen.size === seen.add(v).size));
  for (const v of due) if (!seen.has(v)) wrong.add(v);
  const records = new Map(stream.runs.flat().map((record) => [record.v, record]));
  const shown = (v: number) => `${records.get(v)!.keys.join(' ')}${records.get(v)!.isMarker ? ' (marker)' : ''}`;
  return [...wrong].map((v) => {
    const pair = v - (v % 2);
    return `${stream.name}: ${due.has(v) ? 'lacks' : 'has'} ${v} of ${shown(pair)} | ${shown(pair + 1)}`;
  });
}

function behaviours(kind: 'duckdb' | 'iomete', pairs: number, lakehouse?: LakehouseDetails) {
  const inBoth = kind === 'duckdb' || isLong;
  const share = Math.ceil(pairs / streams.length / (inBoth ? 2 : 1));
  it.each<Format>(['csv', 'parquet'])(
    `staged as %s, ${pairs} pairs in all`,
    async (format) => {
      console.log(`${kind}: ${format}, TARGET_IOMETE_SEED=${seed}`);
      const dice = diceOf(seed + (format === 'csv' ? 0 : 1));
      const all = streams.flatMap(([kinds, own], n) =>
        inBoth || own === format ? [keyStream(`keys_${n}`, kinds, share, dice)] : [],
      );
      const { found, setAside } = await load(all, format, { kind, lakehouse });
      const wrong = all.flatMap((stream) => differences(stream, found.get(stream.name)!));
      expect(wrong.slice(0, 20), `seed ${seed}: ${wrong.length} wrong`).toEqual([]);
      for (const stream of all) expect(setAside.get(stream.name) ?? 0, stream.name).toBe(expected(stream).setAside);
    },
    300_000,
  );
}

describe('keys in DuckDB are the same when their values are, and at no other time,', () =>
  behaviours('duckdb', pairsInAll));
describeLakehouse('keys in the lakehouse are the same when their values are, and at no other time,', (lakehouse) =>
  behaviours('iomete', pairsInAll, lakehouse),
);
