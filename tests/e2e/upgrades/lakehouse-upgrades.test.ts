// What recorded versions left in a lakehouse and in its stage, with today's code. Each test goes on where the one before
// it ended: to carry a recording out again takes as long as all of them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { afterAgain, afterOnward, comparable } from './expected.ts';
import { lakehousePlace } from './lakehouse-place.ts';
import { byMark, clean, isStagingTable, load, type Place, recordedPlaces, toldOf } from './place.ts';
import { type Contents, type RecordedRun, recordedFile, recordings } from './recordings.ts';

describeLakehouse('upgrades', (details) => {
  describe.each(recordings)('what version $label left in a lakehouse', (recording) => {
    const { runs, overwrite } = recording;
    const recorded = recordedFile<Contents>(recording, 'iomete', 'contents');
    const sides = Object.keys(recorded).filter(isStagingTable);
    let place: Place;
    let left: readonly string[];
    /** As the test before has found it. */
    let before = recorded;
    beforeAll(async () => {
      place = await lakehousePlace(recording, details);
    }, 300_000);
    afterAll(() => place?.close());
    const loadAll = async (lines: (stream: RecordedRun['streams'][number]) => readonly string[], options = {}) => {
      const withLines = runs.map((run) => ({ ...run, lines: run.streams.flatMap(lines) }));
      const needed = withLines.filter((run) => run.lines.length > 0);
      await Promise.all(needed.map((run) => load(place, { ...run.options, ...options }, run.lines)));
    };

    test('is read as it was, without what was never published', async () => {
      expect(sides).toHaveLength(1);
      expect(comparable(await place.contents(), [], 'iomete')).toEqual(comparable(recorded, [], 'iomete'));
      expect(await place.branches('fleet')).toHaveLength(1);
    });

    test('is found by clean', async () => {
      const { own, unmarked } = byMark(recordedPlaces(recording, place));
      left = await place.staged();
      const { code, stderr, found, skipped } = await clean(place);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(toldOf(own, found)).toEqual(own);
      expect(found).toHaveLength(own.length);
      expect(unmarked).toHaveLength(1);
      expect(skipped).toContainEqual(expect.stringContaining(`${unmarked[0]}: it has the name of a staging table`));
      expect(await place.staged()).toEqual(left);
    });

    test('is gone on with in the same columns, old rows the same and none twice, under a frozen contract', async () => {
      await loadAll(({ again }) => again, { schema_contract: 'freeze' });
      const due = afterAgain(before, runs, 'iomete');
      before = await place.contents();
      expect(comparable(before, runs, 'iomete')).toEqual(comparable(due, runs, 'iomete'));
    });

    test('takes new properties and wider types, and loses its branch by an overwrite', async () => {
      expect(await place.branches('boats')).toHaveLength(1);
      await Promise.all([
        loadAll(({ onward }) => onward?.messages ?? []),
        load(place, overwrite.options, overwrite.messages),
      ]);
      const { 'main.boats': boats, ...due } = afterOnward(before, runs, 'iomete');
      const { 'main.boats': overwritten, ...found } = await place.contents();
      expect(comparable(found, runs, 'iomete')).toEqual(comparable(due, runs, 'iomete'));
      expect(overwritten?.columns).toEqual(boats?.columns);
      expect(overwritten?.rows.map(({ name }) => name)).toEqual(overwrite.rows);
      expect(await place.branches('boats')).toEqual([]);
    });

    test('is removed by clean, but for tables, kept files and records set aside', async () => {
      const isOfOverwrite = (thing: string) => isStagingTable(thing) || thing.includes('target_overwrite_');
      const places = recordedPlaces(recording, place).filter((thing) => !isOfOverwrite(thing));
      const { code, removed, failed } = await clean(place, '--remove');
      expect({ code, failed }).toEqual({ code: 0, failed: [] });
      expect(toldOf(places, removed)).toEqual(places);
      expect(removed).toHaveLength(places.length);
      const stays = left.filter((name) => /^(kept|dead-letters)-/.test(name) && !name.endsWith('/heartbeat'));
      expect(stays).toHaveLength(2);
      expect(await place.staged()).toEqual(stays);
      expect(await place.branches('fleet')).toEqual([]);
    });
  });
});
