// What recorded versions left in a DuckDB file and in temp_dir, with today's code.
import { afterEach, describe, expect, test } from 'vitest';
import { duckdbPlace, type Signs } from './duckdb-place.ts';
import { afterAgain, afterOnward, comparable } from './expected.ts';
import { byMark, clean, isStagingTable, load, type Place, recordedPlaces, toldOf } from './place.ts';
import { type Contents, recordedFile, recordings } from './recordings.ts';

const places: Place[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
});

describe.each(recordings)('what version $label left in DuckDB', (recording) => {
  const { runs, overwrite } = recording;
  const before = recordedFile<Contents>(recording, 'duckdb', 'contents');
  const open = (signs?: Signs) => {
    const place = duckdbPlace(recording, signs);
    places.push(place);
    return place;
  };
  const sides = Object.keys(before).filter(isStagingTable);

  test('is read as it was', async () => {
    expect(sides).toHaveLength(1);
    expect(comparable(await open().contents(), [], 'duckdb')).toEqual(comparable(before, [], 'duckdb'));
  });

  test('is gone on with in the same columns, old rows the same and none twice, under a frozen contract too', async () => {
    const place = open();
    let due = before;
    for (const schema_contract of ['freeze', 'evolve']) {
      for (const { options, streams } of runs)
        await load(
          place,
          { ...options, schema_contract },
          streams.flatMap(({ again }) => again),
        );
      due = afterAgain(due, runs, 'duckdb');
      expect(comparable(await place.contents(), runs, 'duckdb')).toEqual(comparable(due, runs, 'duckdb'));
    }
  });

  test('takes new properties and wider types', async () => {
    const place = open();
    for (const { options, streams } of runs) {
      const lines = streams.flatMap(({ onward }) => onward?.messages ?? []);
      if (lines.length > 0) await load(place, options, lines);
    }
    const due = afterOnward(before, runs, 'duckdb');
    expect(due).not.toEqual(before);
    expect(comparable(await place.contents(), runs, 'duckdb')).toEqual(comparable(due, runs, 'duckdb'));
  });

  test.each<Signs>(['ended here', 'fell silent elsewhere'])('is found by clean: its runs %s', async (signs) => {
    const place = open(signs);
    const { own, unmarked } = byMark(recordedPlaces(recording, place));
    const staged = await place.staged();
    const { code, stderr, found, skipped } = await clean(place);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(toldOf(own, found)).toEqual(own);
    expect(found).toHaveLength(own.length);
    expect(unmarked).toHaveLength(1);
    expect(skipped).toContainEqual(expect.stringContaining(`${unmarked[0]}: it has the name of a staging table`));
    expect(await place.staged()).toEqual(staged);
  });

  test('is skipped by clean: its runs go on elsewhere', async () => {
    const place = open('go on elsewhere');
    const staged = await place.staged();
    const { code, removed, skipped } = await clean(place, '--remove');
    expect({ code, removed }).toEqual({ code: 0, removed: [] });
    const runsOf = staged.filter((name) => name.endsWith('/heartbeat'));
    expect(skipped).toHaveLength(runsOf.length + sides.length);
    expect(await place.staged()).toEqual(staged);
  });

  test('is removed by clean, but for tables, kept files and records set aside', async () => {
    const place = open();
    const { own } = byMark(recordedPlaces(recording, place));
    const staged = await place.staged();
    const { code, removed, failed } = await clean(place, '--remove');
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(toldOf(own, removed)).toEqual(own);
    const stays = staged.filter((name) => /^(kept|dead-letters)-/.test(name) && !name.endsWith('/heartbeat'));
    expect(stays).toHaveLength(2);
    expect(await place.staged()).toEqual(stays);
    expect(comparable(await place.contents(), [], 'duckdb')).toEqual(comparable(before, [], 'duckdb'));
    expect((await clean(place)).found).toEqual([]);
  });

  test('keeps its staging table, which has no mark, through an overwrite of the table', async () => {
    const place = open();
    await load(place, overwrite.options, overwrite.messages);
    const after = await place.contents();
    const boats = after['main.boats'];
    const due = { ...before, 'main.boats': boats! };
    expect(comparable(after, [], 'duckdb')).toEqual(comparable(due, [], 'duckdb'));
    expect(boats?.columns).toEqual(before['main.boats']?.columns);
    expect(boats?.rows.map(({ name }) => name)).toEqual(overwrite.rows);
  });
});
