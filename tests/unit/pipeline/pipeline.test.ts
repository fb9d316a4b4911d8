import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { TargetError } from '../../../src/errors/target-error.ts';
import { activate, record, records, schema, start, state } from '../../support/scripted-run.ts';

describe('state', () => {
  it('goes out only when the rows of every stream before it are durable', async () => {
    const run = start();
    run.feed(schema('a'), schema('b'), record('a', 1), record('b', 1), state(1));
    run.end();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(2));
    expect(run.states).toEqual([]);
    run.destination.pending.find(({ stream }) => stream === 'b')!.commit();
    await sleep(20);
    expect(run.states).toEqual([]);
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([1]);
  });

  it('that stands before all rows goes out at once', async () => {
    const run = start();
    run.feed(schema('a'), state('first'), record('a', 1), state('second'));
    await vi.waitFor(() => expect(run.states).toEqual(['first']));
    run.end();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states.at(-1)).toBe('second');
  });

  it('waits for an ACTIVATE_VERSION before it, too', async () => {
    const run = start({ metadata: true });
    run.feed(schema('a'), activate('a', 2), state(1));
    run.end();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    expect(run.states).toEqual([]);
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([1]);
  });

  it('that is held too long closes the open batches that it waits for, and no others', async () => {
    const run = start({ stateMaxLagMs: 50, automatic: true });
    run.feed(schema('a'), schema('b'), record('a', 1), state(1));
    await vi.waitFor(() => expect(run.states).toEqual([1]), { timeout: 2000 });
    run.end();
    await run.done;
  });
});

describe('a load that waits for more', () => {
  const loads = (run: ReturnType<typeof start>) => run.destination.committed.map(({ rows }) => rows);

  it('takes batches that come soon after each other, and is not waited for at the end', async () => {
    const run = start({ automatic: true, coalesceMs: 300 });
    run.feed(schema('a'), ...records('a', 1, 100));
    await sleep(50);
    run.feed(...records('a', 101, 100));
    await sleep(900);
    expect(loads(run)).toEqual([200]);
    const endedAt = performance.now();
    run.feed(...records('a', 201, 50));
    run.end();
    await run.done;
    expect(performance.now() - endedAt).toBeLessThan(280);
    expect(loads(run)).toEqual([200, 50]);
  });

  it('begins when its stream has another thing to do next', async () => {
    const run = start({ automatic: true, coalesceMs: 60_000 });
    run.feed(
      schema('a'),
      ...records('a', 1, 100),
      schema('a', { id: { type: 'integer' }, more: { type: 'string' } }),
      state(1),
    );
    await vi.waitFor(() => expect(run.states).toEqual([1]), { timeout: 3000 });
    run.end();
    await run.done;
  });
});

describe('a batch', () => {
  it('is loaded when it is full, and none has more rows than the limit', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), ...records('a', 1, 250));
    run.end();
    await run.done;
    expect(run.destination.committed.flatMap(({ files }) => files)).toHaveLength(3);
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(250);
  });

  it('is loaded after its time though the tap is silent', async () => {
    const run = start({ automatic: true, limits: { maxRows: 100, maxBytes: 1e9, maxAgeMs: 50 } });
    run.feed(schema('a'), record('a', 1), state(1));
    await vi.waitFor(() => expect(run.states).toEqual([1]), { timeout: 2000 });
    run.end();
    await run.done;
  });

  it('takes all others with it when flush_all_streams is set', async () => {
    const run = start({ automatic: true, flushAllStreams: true });
    run.feed(schema('a'), schema('b'), record('b', 1), ...records('a', 1, 100), state(1));
    await vi.waitFor(() => expect(run.states).toEqual([1]), { timeout: 2000 });
    run.end();
    await run.done;
  });

  it('is joined with those staged during a load of the same stream, in one load', async () => {
    const run = start();
    run.feed(schema('a'), ...records('a', 1, 100));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.feed(...records('a', 101, 200));
    await vi.waitFor(() => expect(run.stage.files.size).toBe(3));
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(run.destination.pending[0]?.rows).toBe(200));
    expect(run.destination.pending[0]!.load!.files).toHaveLength(2);
    run.destination.pending[0]!.commit();
    run.end();
    await run.done;
    expect(run.stage.files.size).toBe(0);
  });

  it('is not joined beyond the values that a load may have', async () => {
    const run = start();
    run.destination.pace.maxLoadValues = 250;
    run.feed(schema('a'), ...records('a', 1, 100));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.feed(...records('a', 101, 300));
    await vi.waitFor(() => expect(run.stage.files.size).toBe(4));
    for (const rows of [100, 200, 100]) {
      await vi.waitFor(() => expect(run.destination.pending[0]?.rows).toBe(rows));
      run.destination.pending[0]!.commit();
    }
    run.end();
    await run.done;
  });

  it('tells when a key comes twice among all files of its load', async () => {
    const run = start();
    run.feed(schema('a'), ...records('a', 1, 100));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    expect(run.destination.pending[0]!.load!.mayRepeatKeys).toBe(false);
    run.feed(...records('a', 101, 100), ...records('a', 150, 100));
    await vi.waitFor(() => expect(run.stage.files.size).toBe(3));
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    expect(run.destination.pending[0]!.load!.mayRepeatKeys).toBe(true);
    run.destination.pending[0]!.commit();
    run.end();
    await run.done;
  });
});

describe('a SCHEMA', () => {
  it('that says nothing new closes no batch', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), record('a', 1), schema('a'), record('a', 2), schema('a'), record('a', 3));
    run.end();
    await run.done;
    expect(run.destination.prepared).toEqual(['a#0']);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([3]);
  });

  it('that changes keeps rows before and after it in different loads, in order', async () => {
    const run = start({ automatic: true });
    const wider = { id: { type: 'integer' }, name: { type: 'string' } };
    run.feed(
      schema('a'),
      record('a', 1),
      schema('a', wider),
      record('a', 2, { name: 'x' }),
      schema('a', { ...wider, more: { type: 'string' } }),
      record('a', 3),
    );
    run.end();
    await run.done;
    expect(run.destination.committed.map(({ version, rows }) => [version.columns.length, rows])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('that leads a second stream to the same table ends the run', async () => {
    const run = start({ automatic: true });
    run.feed(schema('x-users'), schema('y-users'));
    await expect(run.done).rejects.toMatchObject({
      code: 'INPUT_TABLE_SHARED',
      context: { stream: 'y-users', line: 2 },
    });
  });
});

describe('bad input', () => {
  it('ends the run after everything before it was loaded and its states were emitted', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), record('a', 1), state(1), 'this is no JSON', record('a', 2), state(2));
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON', context: { line: 4 } });
    expect(run.states).toEqual([1]);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1]);
  });

  it('in a record names line, stream and column, and lets no state after it out', async () => {
    const run = start({ automatic: true });
    run.feed(
      schema('a'),
      record('a', 1),
      state(1),
      record('a', 2),
      { ...record('a', 3), record: { id: 'three' } },
      state(2),
      record('a', 4),
    );
    await expect(run.done).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { line: 5, stream: 'a', column: 'id' },
    });
    expect(run.states).toEqual([1]);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([2]);
  });

  it('counts lines over many slabs', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), ...records('a', 1, 5000));
    run.feed(...records('a', 5001, 5000), '', { type: 'NEWS' });
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_MESSAGE_UNKNOWN', context: { line: 10003 } });
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(10000);
  });
});

describe('a load that fails', () => {
  it('ends the run though the tap goes on, lets loads under way finish, and no state passes the gap', async () => {
    const run = start();
    run.feed(schema('a'), schema('b'), ...records('a', 1, 100), state(1), ...records('b', 1, 100), state(2));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(2));
    run.destination.pending.find(({ stream }) => stream === 'a')!.refuse(new TargetError('LOAD_FAILED', 'no'));
    await sleep(20);
    run.destination.pending[0]!.commit();
    await expect(run.done).rejects.toMatchObject({ code: 'LOAD_FAILED', context: { stream: 'a' } });
    expect(run.states).toEqual([]);
    expect(run.destination.committed.map(({ version }) => version.stream)).toEqual(['b']);
  });
});

describe('an interruption', () => {
  it('stops reading, lets the load under way finish, and emits what it covered', async () => {
    const run = start();
    run.feed(schema('a'), ...records('a', 1, 100), state(1), record('a', 101), state(2));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.pipeline.interrupt();
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([1]);
  });

  it('loads what was read, when there is time for it', async () => {
    const run = start({ shutdownMs: 60_000 });
    run.feed(schema('a'), ...records('a', 1, 100), state(1), record('a', 101), state(2));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.pipeline.interrupt();
    run.feed(record('a', 102), state(3));
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([1, 2]);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([100, 1]);
  });

  it('lets nothing more begin when the time is up', async () => {
    const run = start({ shutdownMs: 50 });
    run.feed(schema('a'), ...records('a', 1, 100), state(1), record('a', 101), state(2));
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.pipeline.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 200));
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([1]);
    expect(run.destination.pending).toEqual([]);
  });
});

describe('ACTIVATE_VERSION', () => {
  it('waits for the rows of its stream before it, and those after it wait for it', async () => {
    const run = start({ metadata: true });
    run.feed(schema('a'), record('a', 1), activate('a', 7), record('a', 2));
    run.end();
    const order: string[] = [];
    for (let n = 0; n < 3; n++) {
      await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
      order.push(run.destination.pending[0]!.kind);
      run.destination.pending[0]!.commit();
    }
    await run.done;
    expect(order).toEqual(['load', 'activate', 'load']);
  });

  it('is ignored with one warning where rows carry no version, or before the SCHEMA', async () => {
    const run = start({ automatic: true });
    run.feed(activate('b', 1), schema('a'), activate('a', 1), record('a', 1), activate('a', 2), state(1));
    run.end();
    await run.done;
    expect(run.warnings).toHaveLength(2);
    expect(run.states).toEqual([1]);
  });
});

it('a state that is not held too long closes no batch', async () => {
  const run = start();
  run.feed(schema('a'), record('a', 1), state(1));
  await sleep(350);
  expect(run.destination.pending).toEqual([]);
  run.end();
  await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
  run.destination.pending[0]!.commit();
  await run.done;
});

function pending() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Files of the stage close when the promise resolves. @returns how many have begun to close */
function holdClosing(stage: ReturnType<typeof start>['stage'], until: Promise<void>): () => number {
  const create = stage.create.bind(stage);
  let begun = 0;
  stage.create = (name) => {
    const writer = create(name);
    const close = writer.close.bind(writer);
    const held = async () => {
      begun += 1;
      await until;
      return close();
    };
    return Object.assign(writer, { close: held });
  };
  return () => begun;
}

describe('memory', () => {
  it('over its budget closes the largest batch, and what waits for a load counts', async () => {
    const run = start({ memoryBudgetBytes: 100 });
    run.feed(schema('a'), ...records('a', 1, 50));
    await vi.waitFor(() => expect(run.destination.pending.map(({ rows }) => rows)).toEqual([50]));
    run.feed(...records('a', 51, 40));
    await vi.waitFor(() => expect(run.stage.files.size).toBe(2));
    run.feed(...records('a', 91, 30));
    await sleep(300);
    expect(run.stage.files.size).toBe(2);
    for (const rows of [50, 40, 30]) {
      await vi.waitFor(() => expect(run.destination.pending.map((load) => load.rows)).toEqual([rows]));
      run.destination.pending[0]!.commit();
    }
    run.end();
    await run.done;
  });

  it('over its budget closes no second batch while the first is closing', async () => {
    const run = start({ memoryBudgetBytes: 400, automatic: true });
    const [closed, made] = [pending(), pending()];
    const closing = holdClosing(run.stage, closed.promise);
    const openTable = run.destination.openTable.bind(run.destination);
    run.destination.openTable = (stream) => {
      const table = openTable(stream);
      return {
        ...table,
        prepare: async (version) => {
          await made.promise;
          return table.prepare(version);
        },
      };
    };
    run.feed(schema('a'), schema('b'), ...records('b', 1, 30), ...records('a', 1, 90), state(1));
    run.end();
    await vi.waitFor(() => expect(closing()).toBe(1));
    // the input looks at its budget again
    made.resolve();
    await vi.waitFor(() => expect(run.destination.prepared).toHaveLength(2));
    await sleep(50);
    expect(closing()).toBe(1);
    closed.resolve();
    await run.done;
    expect(run.states).toEqual([1]);
  });

  it('over its budget makes the input wait until loads have freed it', async () => {
    const run = start({ memoryBudgetBytes: 1000 });
    run.feed(schema('a'), ...records('a', 1, 200));
    run.feed(...records('a', 201, 100));
    run.end();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    for (let n = 0; n < 10 && run.destination.committed.reduce((sum, { rows }) => sum + rows, 0) < 300; n++) {
      run.destination.pending[0]?.commit();
      await sleep(20);
    }
    await run.done;
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(300);
  });
});

/** A number that has been the same for a while. */
async function comesToRest(count: () => number): Promise<number> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await sleep(500);
  }
  return count();
}

describe('what waits for a load', () => {
  it('makes the input wait when it is many things, however small', async () => {
    const count = 700;
    const run = start({ metadata: true });
    run.feed(schema('a'));
    for (let id = 1; id <= count; id++) run.feed(record('a', id), activate('a', id));
    run.end();
    // each is followed by a barrier
    await vi.waitFor(() => expect(run.stage.files.size).toBeGreaterThan(490), 10_000);
    expect(await comesToRest(() => run.stage.files.size)).toBeLessThan(510);
    while (run.destination.committed.length < count) {
      run.destination.pending[0]?.commit();
      await new Promise(setImmediate);
    }
    const last = await vi.waitFor(() => run.destination.pending[0]!);
    last.commit();
    await run.done;
    expect(run.destination.committed).toHaveLength(count);
  });

  /** More tables than may wait, of which none is made before `end` is called. */
  function tablesThatWait(settings: Parameters<typeof start>[0] = {}) {
    const run = start(settings);
    let end = (_failure?: Error) => {};
    const begun = new Promise<void>((resolve, reject) => {
      end = (failure) => (failure ? reject(failure) : resolve());
    });
    begun.catch(() => {});
    const prepared: string[] = [];
    const openTable = vi.spyOn(run.destination, 'openTable').mockImplementation((stream) => ({
      prepare: async () => {
        await begun;
        prepared.push(stream);
        return undefined;
      },
      load: () => Promise.reject(new Error('there are no rows')),
      loadParquet: () => Promise.reject(new Error('there are no files')),
      activateVersion: async () => {},
      close: async () => {},
    }));
    const names = Array.from({ length: 1_050 }, (_, n) => `s${n}`);
    const seen = () => openTable.mock.calls.length;
    const full = () => vi.waitFor(() => expect(seen()).toBeGreaterThan(990), 10_000);
    return { run, names, seen, full, prepared, end };
  }

  it('makes it wait when it is tables alone', async () => {
    const { run, names, seen, full, prepared, end } = tablesThatWait();
    run.feed(...names.map((name) => schema(name)));
    run.end();
    await full();
    expect(await comesToRest(seen)).toBeLessThan(1_010);
    end();
    await run.done;
    expect(prepared.sort()).toEqual(names.sort());
  });

  it('lets no state out whose rows have not been waited for, when all ends meanwhile', async () => {
    const whatEnds = {
      'a table that cannot be made': ({ end }: ReturnType<typeof tablesThatWait>) => end(new Error('no such thing')),
      'a signal': ({ run, end }: ReturnType<typeof tablesThatWait>) => {
        run.pipeline.interrupt();
        end();
      },
    };
    for (const [what, happens] of Object.entries(whatEnds)) {
      const held = tablesThatWait({ shutdownMs: 0 });
      const { run, names, full } = held;
      // rows and state stand in the slab that is waited in
      run.feed(state(0), ...names.map((name) => schema(name)), record('s0', 1), state(1));
      await full();
      happens(held);
      run.end();
      await run.done.catch(() => {});
      expect(run.states, what).toEqual([0]);
    }
  });
});

describe('invalid values', () => {
  const bad = (id: unknown) => ({ type: 'RECORD', stream: 'a', record: { id, n: 1 } });

  it('set aside go to a file with the reason, and the state waits until that file is durable', async () => {
    const run = start({ automatic: true, invalidValues: 'dead_letter' });
    run.feed(schema('a'), bad('one'), state(1), record('a', 2), state(2));
    run.end();
    await run.done;
    expect(run.states.at(-1)).toBe(2);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1]);
    const [letters] = run.deadLetters.files.values();
    expect(JSON.parse(letters!.toString())).toMatchObject({
      stream: 'a',
      column: 'id',
      code: 'INPUT_VALUE_INVALID',
      record: { id: 'one' },
    });
  });

  it('set aside are kept byte for byte', async () => {
    const run = start({ automatic: true, invalidValues: 'dead_letter' });
    run.feed(schema('a'), '{"type":"RECORD","stream":"a","record":{"id":null, "n":12345678901234567890}}');
    run.end();
    await run.done;
    const [letters] = run.deadLetters.files.values();
    expect(letters!.toString()).toContain('"record":{"id":null, "n":12345678901234567890}}\n');
    expect(run.destination.committed).toEqual([]);
  });

  it('beyond the allowed number end the run after everything before was loaded', async () => {
    const run = start({ automatic: true, invalidValues: 'dead_letter', maxDeadLetters: 1 });
    run.feed(schema('a'), record('a', 1), state(1), bad('x'), bad('y'), state(2));
    await expect(run.done).rejects.toMatchObject({ code: 'TOO_MANY_DEAD_LETTERS', context: { stream: 'a' } });
    expect(run.states).toEqual([1]);
    expect(run.deadLetters.files.size).toBe(1);
  });
});

describe('schemas that come by turns', () => {
  const [a, b] = [
    { id: { type: 'integer' }, a: { type: 'string' } },
    { id: { type: 'integer' }, b: { type: 'string' } },
  ];

  it('make a version each and then none, and their records share batches', async () => {
    const run = start({ automatic: true });
    for (let id = 0; id < 40; id += 2)
      run.feed(schema('s', a), record('s', id, { a: 'x' }), schema('s', b), record('s', id + 1, { b: 'y' }));
    run.end();
    await run.done;
    expect(run.destination.prepared).toEqual(['s#0', 's#1']);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1, 39]);
    expect([...run.destination.committed[1]!.absentColumns].sort()).toEqual([1, 2]);
  });
});
