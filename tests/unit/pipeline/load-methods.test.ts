import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { TargetError } from '../../../src/errors/target-error.ts';
import { activate, record, records, schema, start, state, type TestRun } from '../../support/scripted-run.ts';

const kinds = (run: TestRun) => run.destination.pending.map(({ stream, kind }) => `${stream} ${kind}`).sort();
/** Lets everything that begins succeed until nothing begins any more. */
async function commitAll(run: TestRun): Promise<void> {
  const timer = setInterval(() => run.destination.pending[0]?.commit(), 1);
  await run.done.catch(() => {}).finally(() => clearInterval(timer));
}

describe('an overwrite', () => {
  it('is completed at the end of input, and no state that covers one of its records goes out before', async () => {
    const run = start({ loadMethod: 'overwrite' });
    run.feed(state(0), schema('a'), state(1), ...records('a', 1, 100), state(2));
    await vi.waitFor(() => expect(kinds(run)).toEqual(['a load']));
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(run.stage.files.size).toBe(0));
    expect(run.states).toEqual([0]);
    run.feed(...records('a', 101, 5), state(3));
    run.end();
    await vi.waitFor(() => expect(kinds(run)).toEqual(['a load']));
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(kinds(run)).toEqual(['a complete']));
    expect(run.states).toEqual([0]);
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([0, 3]);
    expect(run.destination.overwritten).toEqual(['a']);
  });

  it('holds the states of other streams back, the lag limit notwithstanding, but not their rows', async () => {
    const run = start({ streamLoadMethods: { a: 'overwrite' }, stateMaxLagMs: 20, automatic: true });
    run.feed(schema('a'), schema('b'), record('b', 1), state(1));
    await vi.waitFor(() => expect(run.destination.committed.map(({ version }) => version.stream)).toEqual(['b']));
    await sleep(50);
    expect(run.states).toEqual([]);
    run.end();
    await run.done;
    expect(run.states).toEqual([1]);
  });

  it('that is aged by held states still loads in full batches', async () => {
    const run = start({ loadMethod: 'overwrite', stateMaxLagMs: 1, automatic: true });
    run.feed(schema('a'), record('a', 0), state(0));
    await vi.waitFor(() => expect(run.destination.committed).toHaveLength(1));
    for (let n = 1; n <= 5; n++) {
      run.feed(record('a', n), state(n));
      await sleep(120);
    }
    run.end();
    await run.done;
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1, 5]);
  });

  it('of a stream without records empties its table', async () => {
    const run = start({ loadMethod: 'overwrite', automatic: true });
    run.feed(schema('a'), state(1));
    run.end();
    await run.done;
    expect(run.destination.overwritten).toEqual(['a']);
    expect(run.states).toEqual([1]);
  });

  it('goes over several SCHEMAs of its stream', async () => {
    const run = start({ loadMethod: 'overwrite', automatic: true });
    const wider = { id: { type: 'integer' }, name: { type: 'string' } };
    run.feed(schema('a'), record('a', 1), schema('a', wider), record('a', 2), state(1));
    run.end();
    await run.done;
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1, 1]);
    expect(run.destination.overwritten).toEqual(['a']);
    expect(run.states).toEqual([1]);
  });

  it.each([
    ['a record', [schema('a'), record('a', 1), state(1), record('a', 2)]],
    [
      'a record in the middle of a row of them',
      [schema('a'), record('a', 1), state(1), record('a', 2), record('b', 1)],
    ],
    ['its SCHEMA', [state(1), schema('a')]],
    ['a SCHEMA that says nothing new', [schema('a'), record('a', 1), state(1), schema('a')]],
  ])('is not completed when no STATE comes after %s', async (_, messages) => {
    const run = start({ streamLoadMethods: { a: 'overwrite' } });
    run.feed(schema('b'), ...messages);
    run.end();
    await commitAll(run);
    await expect(run.done).rejects.toMatchObject({ code: 'OVERWRITE_INCOMPLETE', context: { stream: 'a' } });
    expect(run.destination.overwritten).toEqual([]);
    expect(run.destination.abandoned).toEqual(['a']);
    expect(run.warnings).toEqual(['stream a: it was not overwritten: its table keeps the rows that it had']);
  });

  it('that is not complete lets those that are complete', async () => {
    const run = start({ loadMethod: 'overwrite', automatic: true });
    run.feed(schema('a'), schema('b'), schema('c'), record('a', 1), state(1), record('b', 1), record('c', 1));
    run.end();
    await expect(run.done).rejects.toMatchObject({
      code: 'OVERWRITE_INCOMPLETE',
      message:
        'the input ended without a STATE after the last record of the stream, nor of "c": nothing was overwritten there',
      context: { stream: 'b' },
    });
    expect(run.destination.overwritten).toEqual(['a']);
    expect(run.states).toEqual([]);
  });

  it('needs nothing but the end of input when that is what it requires', async () => {
    const run = start({ loadMethod: 'overwrite', overwriteRequires: 'eof', automatic: true });
    run.feed(schema('a'), state(1), record('a', 1));
    run.end();
    await run.done;
    expect(run.destination.overwritten).toEqual(['a']);
    expect(run.states).toEqual([1]);
  });

  it.each([true, false])(
    'needs an ACTIVATE_VERSION of its own stream when it requires one, metadata columns %s',
    async (metadata) => {
      const run = start({ loadMethod: 'overwrite', overwriteRequires: 'activate_version', metadata, automatic: true });
      run.feed(schema('a'), schema('b'), activate('b', 1), record('a', 1), record('b', 1), activate('a', 1), state(1));
      run.end();
      await expect(run.done).rejects.toMatchObject({ code: 'OVERWRITE_INCOMPLETE', context: { stream: 'b' } });
      expect(run.destination.overwritten).toEqual(['a']);
      expect(run.warnings).toHaveLength(1);
    },
  );

  it('is not completed after bad input', async () => {
    const run = start({ loadMethod: 'overwrite', automatic: true });
    run.feed(schema('a'), record('a', 1), state(1), 'no JSON');
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON' });
    expect(run.destination.overwritten).toEqual([]);
    expect(run.destination.abandoned).toEqual(['a']);
    expect(run.states).toEqual([]);
  });

  it('is not completed after a load of another stream has failed', async () => {
    const run = start({ streamLoadMethods: { a: 'overwrite' } });
    run.feed(schema('a'), schema('b'), record('a', 1), record('b', 1), state(1));
    run.end();
    await vi.waitFor(() => expect(kinds(run)).toEqual(['a load', 'b load']));
    run.destination.pending.find(({ stream }) => stream === 'b')!.refuse(new TargetError('LOAD_FAILED', 'no'));
    run.destination.pending[0]!.commit();
    await expect(run.done).rejects.toMatchObject({ code: 'LOAD_FAILED', context: { stream: 'b' } });
    expect(run.destination.abandoned).toEqual(['a']);
  });

  it('is not completed after a signal', async () => {
    const run = start({ loadMethod: 'overwrite', automatic: true });
    run.feed(schema('a'), ...records('a', 1, 100), state(1));
    await vi.waitFor(() => expect(run.destination.committed).toHaveLength(1));
    run.pipeline.interrupt();
    await run.done;
    expect(run.destination.abandoned).toEqual(['a']);
    expect(run.states).toEqual([]);
  });

  it('is not completed after a signal that leaves time to load what was read', async () => {
    const run = start({ loadMethod: 'overwrite', automatic: true, shutdownMs: 60_000 });
    run.feed(schema('a'), ...records('a', 1, 100), state(1));
    await vi.waitFor(() => expect(run.destination.committed).toHaveLength(1));
    run.pipeline.interrupt();
    await run.done;
    expect(run.destination.overwritten).toEqual([]);
    expect(run.destination.abandoned).toEqual(['a']);
    expect(run.states).toEqual([]);
  });

  it.each(['OVERWRITE_CONFLICT', 'OVERWRITE_TOO_FEW'] as const)(
    'whose completion ends with %s ends the run, others are overwritten, and no state passes it',
    async (code) => {
      const run = start({ loadMethod: 'overwrite' });
      run.feed(schema('a'), schema('b'), state(1));
      run.end();
      await vi.waitFor(() => expect(kinds(run)).toEqual(['a complete', 'b complete']));
      run.destination.pending[0]!.refuse(new TargetError(code, 'no'));
      run.destination.pending[0]!.commit();
      await expect(run.done).rejects.toMatchObject({ code, context: { stream: 'a' } });
      expect(run.destination.overwritten).toEqual(['b']);
      expect(run.states).toEqual([]);
    },
  );
});

describe('an append-only stream', () => {
  it('is loaded without keys, so that a key that comes twice stays twice', async () => {
    const run = start({ loadMethod: 'append-only', automatic: true });
    run.feed(schema('a'), record('a', 1), record('a', 1), record('a', 1, { id: null }), state(1));
    run.end();
    await run.done;
    const [load] = run.destination.committed;
    expect(load).toMatchObject({ rows: 3, mayRepeatKeys: false, version: { keys: [] } });
  });

  it('gets delete markers as rows and ignores ACTIVATE_VERSION, with one warning each', async () => {
    const run = start({ loadMethod: 'append-only', metadata: true, automatic: true });
    const gone = { _sdc_deleted_at: '2024-01-01T00:00:00Z' };
    run.feed(schema('a'), record('a', 1, gone), activate('a', 1), record('a', 2, gone), activate('a', 2), state(1));
    run.end();
    await run.done;
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(2);
    expect(run.warnings).toEqual([
      'stream a: delete markers are appended as rows, because the stream is loaded append-only',
      'stream a: ACTIVATE_VERSION is ignored, because the stream is loaded append-only',
    ]);
    expect(run.states).toEqual([1]);
  });
});

describe('load methods by stream', () => {
  it('take the first pattern that fits, and the method of the run where none does', async () => {
    const run = start({
      loadMethod: 'append-only',
      streamLoadMethods: { 'x-keep': 'upsert', 'x-*': 'overwrite' },
      automatic: true,
    });
    run.feed(
      schema('x-keep'),
      schema('x-a'),
      schema('y'),
      record('x-keep', 1),
      record('x-a', 1),
      record('y', 1),
      state(1),
    );
    run.end();
    await run.done;
    expect(run.destination.overwritten).toEqual(['x-a']);
    const methods = run.destination.committed.map(({ version }) => [version.stream, version.loadMethod]);
    expect(Object.fromEntries(methods)).toEqual({ 'x-keep': 'upsert', 'x-a': 'overwrite', y: 'append-only' });
  });
});
