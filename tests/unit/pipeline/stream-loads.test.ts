import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Destination, LoadPace, StreamSink } from '../../../src/destinations/destination.ts';
import { TargetError } from '../../../src/errors/target-error.ts';
import type { BatchFiles } from '../../../src/input/batch-files.ts';
import { Loads } from '../../../src/pipeline/loads.ts';
import { loadParquet, ParquetBatch } from '../../../src/pipeline/parquet-batch.ts';
import { StreamLoads } from '../../../src/pipeline/stream-loads.ts';
import type { StreamVersion } from '../../../src/schema/model.ts';
import { batchOf, deadLettersAt, Files, NotingSink, notedEvents, versionOf } from './parts.ts';

let files: Files;
let sink: NotingSink;
let noted: ReturnType<typeof notedEvents>;
beforeEach(() => {
  files = new Files();
  sink = new NotingSink();
  noted = notedEvents();
});

const version = versionOf('a', { deletes: 'hard' });
const largest: LoadPace = { maxLoadRows: 1000 };
const slots = <T>(job: () => Promise<T>) => job();
const loadsOf = (pace = largest, of: StreamSink = sink) => new StreamLoads('a', of, slots, pace, noted.events);
const load = async (...segments: Parameters<typeof batchOf>[2][]) =>
  ({ kind: 'load', batch: await batchOf(files, version, ...segments) }) as const;

/** Adds them all before the first of them can begin. */
async function addAll(loads: StreamLoads, ...works: ReturnType<typeof load>[]) {
  for (const work of await Promise.all(works)) loads.add(work);
}

const released: string[] = [];
const placed: BatchFiles = {
  open: () => Promise.reject(new Error('no test asks for it')),
  place: async (name) => ({ name, location: `/${name}` }),
  release: async (list) => {
    released.push(...list.map(({ name }) => name));
  },
  close: async () => {},
};
const parquet = (manifest: readonly string[], of: StreamVersion = version, more: object = {}) => {
  const message = { kind: 'files', stream: 'a', format: 'parquet', compression: 'none', line: 3, offset: 0 } as const;
  const said = { manifest, version: undefined, timeExtracted: undefined, ...more };
  return { kind: 'parquet', batch: new ParquetBatch({ ...message, ...said }, of, placed, 9) } as const;
};

describe('batches of a stream', () => {
  it('that wait go into one load, which says what they hold together', async () => {
    const loads = loadsOf();
    const digests = () => Uint32Array.of(1, 2);
    await addAll(
      loads,
      load({ rows: 2, absent: [1], digests: digests() }),
      load({ rows: 3, hasDeletes: true, digests: digests() }),
    );
    await loads.idle();
    expect(sink.loads).toHaveLength(1);
    const [one] = sink.loads;
    expect(one).toMatchObject({ version, rows: 5, mayRepeatKeys: true, repeats: 1, hasDeletes: true });
    expect([...one!.absentColumns]).toEqual([1]);
    expect(one!.files.map(({ key }) => key)).toEqual(['a 0', 'a 1']);
    expect(noted.said).toEqual([
      'loading a 5',
      'loaded a {"loaded":5,"deduplicated":0,"deleted":0,"marked":0} soon',
      'durable a@0 a@0',
    ]);
  });

  it('without repeats and deletes say so', async () => {
    const loads = loadsOf();
    loads.add(await load({ rows: 2, digests: Uint32Array.of(1, 2, 3, 4) }));
    await loads.idle();
    expect(sink.loads[0]).toMatchObject({ mayRepeatKeys: false, repeats: 0, hasDeletes: false });
  });

  it.each([
    [{ maxLoadRows: 5 }, ['commit 5', 'commit 3']],
    [{ maxLoadRows: 4 }, ['commit 2', 'commit 3', 'commit 3']],
    [{ maxLoadRows: 1 }, ['commit 2', 'commit 3', 'commit 3']],
    [{ maxLoadRows: 1000, maxLoadValues: 10 }, ['commit 5', 'commit 3']],
    [{ maxLoadRows: 1000, maxLoadValues: 9 }, ['commit 2', 'commit 3', 'commit 3']],
    [{ maxLoadRows: 1000 }, ['commit 8']],
  ])('are as many in a load as its pace allows: %j', async (pace, commits) => {
    const loads = loadsOf(pace);
    await addAll(loads, load(2), load(3), load(3));
    await loads.idle();
    expect(sink.done).toEqual(commits);
  });

  it('that fill a load are not kept waiting for more', async () => {
    const loads = loadsOf({ maxLoadRows: 5, coalesceMs: 60_000 });
    loads.add(await load(5));
    await vi.waitFor(() => expect(sink.done).toEqual(['commit 5']));
  });

  it('are no more than 256 in a load', async () => {
    const loads = loadsOf();
    await addAll(loads, ...Array.from({ length: 300 }, () => load(1)));
    await loads.idle();
    expect(sink.done).toEqual(['commit 256', 'commit 44']);
  });

  it('of another version, or behind another thing, are another load', async () => {
    const loads = loadsOf();
    const next = { ...version, id: 1 };
    loads.add({ kind: 'prepare', version });
    loads.add(await load(1));
    loads.add({ kind: 'load', batch: await batchOf(files, next, 2) });
    loads.add({ kind: 'prepare', version: next });
    loads.add({ kind: 'load', batch: await batchOf(files, next, 3) });
    await loads.idle();
    expect(sink.done).toEqual(['prepare 0', 'commit 1', 'commit 2', 'prepare 1', 'commit 3']);
    expect(noted.said.filter((line) => line.startsWith('prepared'))).toHaveLength(2);
  });

  it('without rows are not loaded: their files are dropped, and they are durable', async () => {
    const loads = loadsOf();
    loads.add(await load({ rows: 0, deadLetters: deadLettersAt(1) }));
    await loads.idle();
    expect(sink.done).toEqual(['drop a 0']);
    expect(noted.said).toEqual(['durable a@0']);
  });

  it('without rows beside others are dropped, and the others loaded', async () => {
    const loads = loadsOf();
    await addAll(loads, load({ rows: 0, deadLetters: deadLettersAt(1) }), load(4));
    await loads.idle();
    expect(sink.done).toEqual(['commit 4', 'drop a 0']);
    expect(sink.loads[0]!.files.map(({ key }) => key)).toEqual(['a 1']);
  });

  it('that wait hold memory until they are loaded, and what is under way does not wait', async () => {
    let go = () => {};
    sink.free = new Promise((resolve) => {
      go = resolve;
    });
    const loads = loadsOf({ maxLoadRows: 1 });
    await addAll(loads, load(1), load(1), load(1));
    await new Promise(setImmediate);
    expect([loads.queued, loads.waiting.length]).toEqual([2, 2]);
    loads.add({ kind: 'prepare', version });
    expect([loads.queued, loads.waiting.length]).toEqual([3, 2]);
    go();
    await loads.idle();
    expect(loads.queued).toBe(0);
  });
});

describe('of the outcome of a load', () => {
  const outcome = { inexact: new Map(), deduplicated: 2, deleted: 3 };

  it.each([
    ['hard', '{"loaded":5,"deduplicated":2,"deleted":3,"marked":0}'],
    ['soft', '{"loaded":5,"deduplicated":2,"deleted":0,"marked":3}'],
  ] as const)('rows are told by what became of them, with %s deletes', async (deletes, told) => {
    sink.outcome = outcome;
    const loads = loadsOf();
    loads.add({ kind: 'load', batch: await batchOf(files, { ...version, deletes }, 10) });
    await loads.idle();
    expect(noted.said).toContain(`loaded a ${told} soon`);
  });

  it('approximate values are told, where there are any', async () => {
    sink.outcome = {
      ...outcome,
      inexact: new Map([
        [0, 0],
        [1, 4],
      ]),
    };
    const loads = loadsOf();
    loads.add(await load(10));
    await loads.idle();
    expect(noted.said.filter((line) => line.startsWith('inexact'))).toEqual(['inexact 0 1 4']);
  });
});

describe('a contract that discards', () => {
  it('columns counts their values, where there are any', async () => {
    sink.discards = {
      stream: false,
      columns: new Map([
        [0, 'columns'],
        [1, 'types'],
        [2, 'columns'],
      ]),
    };
    const loads = loadsOf();
    loads.add({ kind: 'prepare', version });
    await addAll(
      loads,
      load({ rows: 1, values: Uint32Array.of(0, 3) }),
      load({ rows: 1, values: Uint32Array.of(0, 4) }),
    );
    await loads.idle();
    expect(sink.done).toContain('commit 2');
    expect(noted.said.filter((line) => line.startsWith('discarded'))).toEqual([
      'discarded 0 {"of":"types","column":1,"count":7}',
    ]);
  });

  it('tables loads no rows, expires none, and counts them', async () => {
    sink.discards = { stream: true, columns: new Map([[0, 'columns']]) };
    const loads = loadsOf();
    const overwrite = { stream: 'a', position: 1 };
    loads.add({ kind: 'prepare', version });
    loads.add(await load(5));
    loads.add({ kind: 'activate', activate: { stream: 'a', position: 4, version, below: 2n } });
    loads.add(parquet(['x', 'y']));
    loads.add({ kind: 'complete', overwrite });
    await loads.idle();
    expect(sink.done).toEqual(['prepare 0', 'drop a 0', 'complete']);
    expect(noted.said).toEqual([
      'prepared',
      'discarded 0 {"of":"tables","count":5}',
      'durable a@0',
      'durable a@4',
      'discarded 0 {"of":"files","count":2}',
      'durable a@9',
      'overwritten a true',
    ]);
  });
});

describe('an ACTIVATE_VERSION', () => {
  const activate = { kind: 'activate', activate: { stream: 'a', position: 4, version, below: 2n } } as const;

  it('expires rows, and is durable then', async () => {
    const loads = loadsOf();
    loads.add(activate);
    await loads.idle();
    expect(sink.done).toEqual(['expire 2']);
    expect(noted.said).toEqual(['durable a@4']);
  });

  it('is durable at once where the destination removes no rows', async () => {
    const plain: StreamSink = Object.assign(new NotingSink(), { expire: undefined });
    const loads = loadsOf(largest, plain);
    loads.add(activate);
    await loads.idle();
    expect(noted.said).toEqual(['durable a@4']);
  });
});

describe('the end of an overwrite', () => {
  const complete = { kind: 'complete', overwrite: { stream: 'a', position: 1 } } as const;

  it('that would leave too few rows is refused, and fails nothing', async () => {
    sink.complete = () => Promise.reject(new TargetError('OVERWRITE_TOO_FEW', 'one row of ten'));
    const loads = loadsOf();
    loads.add({ kind: 'prepare', version });
    loads.add(complete);
    await loads.idle();
    expect(noted.said).toEqual(['prepared', 'refused OVERWRITE_TOO_FEW a']);
  });

  it.each([
    ['OVERWRITE_CONFLICT', new TargetError('OVERWRITE_CONFLICT', 'no')],
    ['INTERNAL', new TypeError('no function')],
  ])('that fails with %s is not refused: the loads fail', async (code, error) => {
    sink.complete = () => Promise.reject(error);
    const loads = loadsOf();
    loads.add(complete);
    await loads.idle();
    expect(noted.said).toEqual([`failed ${code} a`]);
  });

  it('tells values that the table holds approximately, by the version prepared last', async () => {
    sink.outcome = { ...sink.outcome, inexact: new Map([[1, 2]]) };
    const loads = loadsOf();
    loads.add({ kind: 'prepare', version: { ...version, id: 8 } });
    loads.add(complete);
    await loads.idle();
    expect(sink.done).toEqual(['prepare 8', 'complete']);
    expect(noted.said).toEqual(['prepared', 'inexact 8 1 2', 'overwritten a false']);
  });

  it('needs neither a version nor a destination that can overwrite', async () => {
    const plain: StreamSink = Object.assign(new NotingSink(), { complete: undefined });
    const loads = loadsOf(largest, plain);
    loads.add({ kind: 'prepare', version });
    loads.add(complete);
    await loads.idle();
    const unprepared = loadsOf();
    sink.outcome = { ...sink.outcome, inexact: new Map([[1, 2]]) };
    unprepared.add(complete);
    await unprepared.idle();
    expect(noted.said).toEqual(['prepared', 'overwritten a false', 'overwritten a false']);
  });
});

describe('Parquet files', () => {
  beforeEach(() => {
    released.length = 0;
  });

  it('of one version are one load, whose rows are told by the destination', async () => {
    sink.parquet = { ...sink.parquet, deduplicated: 1, inexact: new Map([[1, 2]]) };
    const loads = loadsOf();
    loads.add(parquet(['x']));
    loads.add(parquet(['y', 'z']));
    loads.add(parquet(['other'], { ...version, id: 1 }));
    await loads.idle();
    expect(sink.done).toEqual(['commit files x, y, z', 'commit files other']);
    expect(noted.said.slice(0, 5)).toEqual([
      'loading a 0',
      'counted 0 7',
      'inexact 0 1 2',
      'loaded a {"loaded":6,"deduplicated":1,"deleted":0,"marked":0} soon',
      'durable a@9 a@9',
    ]);
    expect(released).toEqual(['x', 'y', 'z', 'other']);
  });

  it('are no more than 64 in a load, unless one BATCH has more', async () => {
    const loads = loadsOf();
    const names = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);
    for (const count of [60, 4, 1, 70, 1]) loads.add(parquet(names(count)));
    await loads.idle();
    const counts = sink.done.map((line) => line.split(', ').length);
    expect(counts).toEqual([64, 1, 70, 1]);
  });

  it('behind rows wait for these', async () => {
    const loads = loadsOf();
    loads.add(await load(1));
    loads.add(parquet(['x']));
    loads.add(await load(2));
    await loads.idle();
    expect(sink.done).toEqual(['commit 1', 'commit files x', 'commit 2']);
  });

  it('with values of columns that are discarded are loaded without them, and they are counted', async () => {
    sink.discards = {
      stream: false,
      columns: new Map([
        [0, 'types'],
        [1, 'columns'],
      ]),
    };
    sink.parquet = {
      ...sink.parquet,
      discarded: new Map([
        [0, 0],
        [1, 5],
        [9, 3],
      ]),
    };
    const loads = loadsOf();
    loads.add({ kind: 'prepare', version });
    loads.add(parquet(['x']));
    await loads.idle();
    expect(noted.said.filter((line) => line.startsWith('discarded'))).toEqual([
      'discarded 0 {"of":"columns","column":1,"count":5}',
    ]);
  });

  it('of which the destination left out what no contract discards say nothing of it', async () => {
    sink.parquet = { ...sink.parquet, discarded: new Map([[1, 5]]) };
    const loads = loadsOf();
    loads.add(parquet(['x']));
    await loads.idle();
    expect(noted.said.map((line) => line.split(' ')[0])).toEqual(['loading', 'counted', 'loaded', 'durable']);
  });

  it('that are none are no load', async () => {
    const loads = loadsOf();
    loads.add(parquet([]));
    await loads.idle();
    expect(await loadParquet(sink, [parquet([]).batch])).toMatchObject({ rows: 0, hasDeletes: false });
    expect(sink.done).toEqual([]);
    expect(noted.said).toEqual([
      'loading a 0',
      'counted 0 0',
      'loaded a {"loaded":0,"deduplicated":0,"deleted":0,"marked":0} soon',
      'durable a@9',
    ]);
  });

  it('are refused where the destination takes none', async () => {
    const plain: StreamSink = Object.assign(new NotingSink(), { commitFiles: undefined });
    const loads = loadsOf(largest, plain);
    loads.add(parquet(['x']));
    await loads.idle();
    expect(noted.said).toEqual(['loading a 0', 'failed INPUT_BATCH_ENCODING a']);
    await expect(loadParquet(plain, [parquet(['x']).batch])).rejects.toMatchObject({
      message: 'this destination takes no Parquet files',
      context: { stream: 'a' },
    });
  });

  it('carry what their message says of all rows', async () => {
    const { batch } = parquet(['x'], version, { version: '12', timeExtracted: '"2024-01-01T00:00:00Z"' });
    expect(await batch.place()).toEqual([
      {
        name: 'x',
        location: '/x',
        line: 3,
        receivedAt: batch.receivedAt,
        tableVersion: 12n,
        extractedAt: '2024-01-01T00:00:00Z',
      },
    ]);
    const { batch: plain } = parquet(['x']);
    expect(await plain.place()).toMatchObject([{ tableVersion: undefined, extractedAt: undefined }]);
  });

  it('are released once', async () => {
    const { batch } = parquet(['x']);
    await batch.place();
    await batch.release();
    await batch.release();
    expect(released).toEqual(['x']);
  });
});

describe('a load that fails', () => {
  it('is told with its stream, and nothing behind it begins', async () => {
    const loads = loadsOf({ maxLoadRows: 1 });
    sink.free = Promise.reject(new TargetError('LOAD_FAILED', 'no'));
    await addAll(loads, load(1), load(1));
    await loads.idle();
    loads.add(await load(1));
    await loads.idle();
    expect(sink.done).toEqual([]);
    expect(noted.said).toEqual(['loading a 1', 'failed LOAD_FAILED a']);
  });

  it('for a reason that nobody has foreseen is a defect', async () => {
    const failures: TargetError[] = [];
    const failed = (error: TargetError) => failures.push(error);
    for (const reason of [new TypeError('defect'), 'a text']) {
      const loads = new StreamLoads('a', sink, slots, largest, { ...noted.events, failed });
      sink.free = Promise.reject(reason);
      loads.add(await load(1));
      await loads.idle();
    }
    expect(failures).toMatchObject([
      { code: 'INTERNAL', message: expect.stringMatching(/^TypeError: defect\n/), context: { stream: 'a' } },
      { code: 'INTERNAL', message: 'a text', cause: 'a text' },
    ]);
  });
});

it('nothing begins after a stop, and what runs goes on to its end', async () => {
  let go = () => {};
  sink.free = new Promise((resolve) => {
    go = resolve;
  });
  const loads = loadsOf({ maxLoadRows: 1 });
  for (let n = 0; n < 2; n++) loads.add(await load(1));
  await new Promise(setImmediate);
  loads.stop();
  loads.add(await load(1));
  expect(loads.queued).toBe(0);
  go();
  await loads.idle();
  expect(sink.done).toEqual(['commit 1']);
});

describe('the loads of all streams', () => {
  const destination = (of: object = {}, methods: string[] = []): Destination => ({
    format: { format: 'csv', compression: 'none' },
    pace: largest,
    connect: async () => {},
    openStream: (stream, method) => {
      methods.push(`${stream} ${method}`);
      return Object.assign(new NotingSink(), of);
    },
    close: async () => {},
  });
  const allOf = (to: Destination) => new Loads(to, slots, noted.events);

  it('open a sink for each stream, once, by its load method', () => {
    const methods: string[] = [];
    const loads = allOf(destination({}, methods));
    const first = loads.open(versionOf('a'));
    expect(loads.open(versionOf('a', { id: 1 }))).toBe(first);
    expect(loads.open(versionOf('b', { loadMethod: 'overwrite' }))).not.toBe(first);
    expect(loads.of('a').sink).toBe(first);
    expect(methods).toEqual(['a upsert', 'b overwrite']);
  });

  it('refuse a stream that no SCHEMA has opened', () => {
    expect(() => allOf(destination()).of('a')).toThrow(
      expect.objectContaining({
        code: 'INTERNAL',
        message: 'the stream has no sink yet',
        context: { stream: 'a' },
      }),
    );
  });

  it('refuse to overwrite where the destination can not', () => {
    const loads = allOf(destination({ complete: undefined }));
    expect(() => loads.open(versionOf('a', { loadMethod: 'overwrite' }))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: 'the destination can\'t overwrite: "load_method" must be another one',
        context: { stream: 'a' },
      }),
    );
    loads.open(versionOf('a', { loadMethod: 'append-only' }));
  });

  it('add up what waits in all streams', async () => {
    const loads = allOf(destination());
    files.buffered = 100;
    let go = () => {};
    const free = new Promise<void>((resolve) => {
      go = resolve;
    });
    expect([loads.memoryBytes, loads.digestBytes, loads.queued]).toEqual([0, 0, 0]);
    for (const stream of ['a', 'b']) {
      const of = versionOf(stream);
      (loads.open(of) as NotingSink).free = free;
      for (const [index, digests] of [Uint32Array.of(1, 2), Uint32Array.of(1, 2, 3, 4)].entries()) {
        loads.of(stream).add({ kind: 'load', batch: await batchOf(files, { ...of, id: index }, { digests }) });
        await new Promise(setImmediate);
      }
    }
    expect([loads.memoryBytes, loads.digestBytes, loads.queued]).toEqual([232, 32, 2]);
    go();
    await loads.idle();
    expect([loads.memoryBytes, loads.digestBytes, loads.queued]).toEqual([0, 0, 0]);
  });

  it('stop and close all streams, those that are opened later too', async () => {
    const loads = allOf(destination());
    const early = loads.open(versionOf('a')) as NotingSink;
    loads.stop();
    const late = loads.open(versionOf('b')) as NotingSink;
    for (const stream of ['a', 'b']) loads.of(stream).add({ kind: 'prepare', version: versionOf(stream) });
    await loads.idle();
    await loads.close();
    expect([early.done, late.done]).toEqual([['close'], ['close']]);
  });
});
