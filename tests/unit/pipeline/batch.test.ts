// BATCH messages between records and states: what waits for what.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TargetError } from '../../../src/errors/target-error.ts';
import type { BatchFiles } from '../../../src/input/batch-files.ts';
import { batch } from '../../support/command.ts';
import { record, records, schema, start, state } from '../../support/scripted-run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'target-batch-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const never = new Promise<never>(() => {});
const files = (more: Partial<BatchFiles> = {}) => {
  const released: string[] = [];
  const placed: BatchFiles = {
    open: () => never,
    place: async (name) => ({ name, location: name }),
    release: async (list) => {
      released.push(...list.map(({ name }) => name));
    },
    close: async () => {},
    ...more,
  };
  return { released, batchFiles: placed };
};
const locations = (run: ReturnType<typeof start>) =>
  run.destination.pending.map(({ kind, parquet, rows }) =>
    parquet ? parquet.files.map((f) => f.name) : `${kind} ${rows}`,
  );
const becomes = (run: ReturnType<typeof start>, ...expected: unknown[]) =>
  vi.waitFor(() => expect(locations(run)).toEqual(expected));

describe('a BATCH of Parquet files', () => {
  it('is loaded after the records before it and before those behind it, and states wait for it', async () => {
    const { batchFiles, released } = files();
    const run = start({ batchFiles });
    const [p, q] = [batch('a', ['s3://b/p.parquet']), batch('a', ['s3://b/q.parquet', 's3://b/r.parquet'])];
    run.feed(schema('a'), ...records('a', 1, 3), state(1), p, state(2), q, state(3), record('a', 9), state(4));
    run.end();
    await becomes(run, 'load 3');
    run.destination.pending[0]!.commit();
    await becomes(run, ['s3://b/p.parquet', 's3://b/q.parquet', 's3://b/r.parquet']);
    expect(run.states).toEqual([1]);
    expect(released).toEqual([]);
    run.destination.pending[0]!.commit();
    await becomes(run, 'load 1');
    expect(run.states).toEqual([1, 3]);
    expect(released).toHaveLength(3);
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([1, 3, 4]);
  });

  it('whose file is refused is named by its line', async () => {
    const refused = new TargetError('INPUT_BATCH_FILE', 'there is no such file', { file: 'p.parquet' });
    const run = start(files({ place: () => Promise.reject(refused) }));
    run.feed(schema('a'), state(0), batch('a', ['p.parquet']), state(1));
    run.end();
    await expect(run.done).rejects.toMatchObject({
      code: 'INPUT_BATCH_FILE',
      context: { stream: 'a', line: 3, file: 'p.parquet' },
    });
    expect(run.states).toEqual([0]);
  });

  it('that failed lets no state pass, and nothing of its stream is loaded behind it', async () => {
    const run = start(files());
    run.feed(schema('a'), state(0), batch('a', ['s3://b/p.parquet']), state(1), record('a', 9), state(2));
    run.end();
    await becomes(run, ['s3://b/p.parquet']);
    run.destination.pending[0]!.refuse(new TargetError('INPUT_VALUE_INVALID', 'no', { line: 3 }));
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID', context: { line: 3, stream: 'a' } });
    expect(run.states).toEqual([0]);
    expect(run.destination.committed).toEqual([]);
  });

  it('of another version than the one before is another load', async () => {
    const run = start({ ...files(), automatic: true });
    const wider = schema('a', { id: { type: 'integer' }, x: { type: 'string' } });
    run.feed(schema('a'), batch('a', ['s3://b/p.parquet']), wider, batch('a', ['s3://b/q.parquet']), state(1));
    run.end();
    await run.done;
    expect(run.destination.prepared).toEqual(['a#0', 'a#1']);
    expect(run.states).toEqual([1]);
  });
});

describe('a BATCH of lines', () => {
  it('lets states pass when its rows are durable, and other streams go on', async () => {
    const file = join(folder, '1.json');
    await writeFile(file, '{"id":1}\n{"id":2}\n');
    const run = start();
    run.feed(schema('a'), schema('b'), record('b', 1), state(0), batch('a', [file]), state(1));
    run.end();
    await becomes(run, 'load 1', 'load 2');
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(run.states).toEqual([0]));
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual([0, 1]);
  });

  it('whose server does not answer holds up no interruption', async () => {
    const run = start(files());
    run.feed(schema('a'), record('a', 1), state(0), batch('a', ['s3://b/1.json']), state(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    run.pipeline.interrupt();
    await run.done;
    expect(run.states).toEqual([]);
  });
});
