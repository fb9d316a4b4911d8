// What a pipeline tells while it runs: for logs, the progress line and the summary.
import { describe, expect, it, vi } from 'vitest';
import type { Destination } from '../../../src/destinations/destination.ts';
import { TargetError } from '../../../src/errors/target-error.ts';
import type { BatchFiles } from '../../../src/input/batch-files.ts';
import type { PipelineEvents } from '../../../src/pipeline/pipeline-parts.ts';
import { batch } from '../../support/command.ts';
import { activate, record, records, schema, start, state } from '../../support/scripted-run.ts';

/** Events in their order, each as a line. */
function listening() {
  const told: string[] = [];
  const events: PipelineEvents = {
    reading: () => told.push('reading'),
    read: (stream, rows) => told.push(`read ${stream} ${rows}`),
    noted: (stream, column, { what, count }) => told.push(`${what} ${stream}.${column.name} ${count}`),
    ignored: (stream, { name, count }) => told.push(`ignored ${stream}.${name} ${count}`),
    setAside: (stream, count) => told.push(`set aside ${stream} ${count}`),
    abandoned: (stream) => told.push(`abandoned ${stream}`),
    discarded: ({ stream }, { of, count }) => told.push(`discarded ${stream} ${of} ${count}`),
    input: (bytes) => told.push(`input ${bytes}`),
    state: () => told.push('state'),
    loading: (stream, rows) => told.push(`loading ${stream} ${rows}`),
    loaded: (stream, { loaded, marked, deleted }) => told.push(`loaded ${stream} ${loaded} ${marked} ${deleted}`),
  };
  return { told, events, of: (word: string) => told.filter((line) => line.startsWith(word)) };
}

const size = (...messages: object[]) =>
  messages.reduce((sum, message) => sum + Buffer.byteLength(`${JSON.stringify(message)}\n`), 0);

describe('a pipeline tells', () => {
  it('of input, rows, loads and states, in their order', async () => {
    const { told, events } = listening();
    const run = start({ automatic: true, events });
    const messages = [schema('a'), record('a', 1), record('a', 2), state(1)];
    run.feed(...messages);
    run.end();
    await run.done;
    expect(told).toEqual([`input ${size(...messages)}`, 'read a 2', 'loading a 2', 'loaded a 2 0 0', 'state']);
  });

  it('of values that did not arrive as they were sent, of fields without a column, and of records set aside', async () => {
    const { events, of } = listening();
    const run = start({ automatic: true, invalidValues: 'dead_letter', events });
    const properties = { id: { type: 'integer' }, x: { type: 'number' } };
    const bad = { type: 'RECORD', stream: 'a', record: { id: 'x' } };
    const inexact = '{"type":"RECORD","stream":"a","record":{"id":1,"x":0.1234567890123456789,"y":1}}';
    run.feed(schema('a', properties), inexact, inexact, bad);
    run.end();
    await run.done;
    expect(of('inexact')).toEqual(['inexact a.x 2']);
    expect(of('ignored')).toEqual(['ignored a.y 2']);
    expect(of('set aside')).toEqual(['set aside a 1']);
  });

  it('of rows in Parquet files when they are loaded, and of delete markers among them', async () => {
    const { events, of } = listening();
    const batchFiles: BatchFiles = {
      open: () => Promise.reject(new Error('there are no lines')),
      place: async (name) => ({ name, location: name }),
      release: async () => {},
      close: async () => {},
    };
    const run = start({ automatic: true, events, batchFiles });
    const openTable = run.destination.openTable.bind(run.destination);
    vi.spyOn(run.destination, 'openTable').mockImplementation((stream) => ({
      ...openTable(stream),
      loadParquet: async () => ({
        ...{ rows: 9, hasDeletes: true, discarded: new Map() },
        ...{ inexact: new Map([[0, 2]]), deduplicated: 0, deleted: 0 },
      }),
    }));
    run.feed(schema('a'), batch('a', ['/none.parquet']), state(1));
    run.end();
    await run.done;
    expect(of('read')).toEqual(['read a 9']);
    expect(of('inexact')).toEqual(['inexact a.id 2']);
    expect(run.warnings).toEqual([
      'stream a: rows that the source has deleted are kept, because neither "hard_delete" nor "add_metadata_columns" is set',
    ]);
  });

  it('nothing of delete markers where Parquet files have none', async () => {
    const batchFiles: BatchFiles = {
      open: () => Promise.reject(new Error('there are no lines')),
      place: async (name) => ({ name, location: name }),
      release: async () => {},
      close: async () => {},
    };
    const run = start({ automatic: true, batchFiles });
    run.feed(schema('a'), batch('a', ['/none.parquet']), state(1));
    run.end();
    await run.done;
    expect(run.warnings).toEqual([]);
  });

  it('of what a contract leaves out', async () => {
    const { events, of } = listening();
    const run = start({ automatic: true, events });
    const openTable = run.destination.openTable.bind(run.destination);
    vi.spyOn(run.destination, 'openTable').mockImplementation((stream) => ({
      ...openTable(stream),
      prepare: async () => ({ stream: true, columns: new Map() }),
    }));
    run.feed(schema('a'), record('a', 1), state(1));
    run.end();
    await run.done;
    expect(of('discarded')).toEqual(['discarded a tables 1']);
    expect(run.destination.committed).toEqual([]);
    expect(run.states).toEqual([1]);
  });

  it('of a table that was overwritten, and of one that was not', async () => {
    const { events, of } = listening();
    const run = start({ loadMethod: 'overwrite', automatic: true, events });
    run.feed(schema('a'), schema('b'), state(1), record('b', 1));
    run.end();
    await expect(run.done).rejects.toMatchObject({ code: 'OVERWRITE_INCOMPLETE' });
    expect(run.infos).toEqual([
      'a goes into s.a in the test',
      'b goes into s.b in the test',
      'stream a: its table was overwritten',
    ]);
    expect(of('abandoned')).toEqual(['abandoned b']);
  });
});

it('a table that a contract leaves out was not overwritten', async () => {
  const run = start({ loadMethod: 'overwrite', automatic: true });
  const openOverwrite = run.destination.openOverwrite.bind(run.destination);
  vi.spyOn(run.destination, 'openOverwrite').mockImplementation((stream) => ({
    ...openOverwrite(stream),
    prepare: async () => ({ stream: true, columns: new Map() }),
  }));
  run.feed(schema('a'), record('a', 1), state(1));
  run.end();
  await run.done;
  expect(run.infos).toEqual([]);
  expect(run.states).toEqual([1]);
});

describe('a defect', () => {
  it.each([
    [new TypeError('of ours'), /^TypeError: of ours\n/],
    ['a text', /^a text$/],
    [undefined, /^undefined$/],
  ])('ends the run, and is told as such: %s', async (thrown, message) => {
    const read = () => {
      throw thrown;
    };
    const run = start({ automatic: true, events: { read } });
    run.feed(schema('a'), record('a', 1), state(1));
    await expect(run.done).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringMatching(message) });
    expect(run.states).toEqual([]);
  });

  it('of the stage does as well, with the error that it has', async () => {
    const run = start({ automatic: true });
    run.stage.create = () => {
      throw new TargetError('LOAD_FAILED', 'no room');
    };
    run.feed(schema('a'), record('a', 1), state(1));
    await expect(run.done).rejects.toMatchObject({ code: 'LOAD_FAILED', message: 'no room' });
    expect(run.states).toEqual([]);
  });
});

describe('a pipeline warns', () => {
  it('of delete markers that delete nothing', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), record('a', 1, { _sdc_deleted_at: '2024-01-01T00:00:00Z' }), record('a', 2));
    run.end();
    await run.done;
    expect(run.warnings).toEqual([
      'stream a: rows that the source has deleted are kept, because neither "hard_delete" nor "add_metadata_columns" is set',
    ]);
  });

  it('of ACTIVATE_VERSION that it can not follow', async () => {
    const run = start({ automatic: true });
    run.feed(activate('b', 1), schema('a'), activate('a', 1));
    run.end();
    await run.done;
    expect(run.warnings).toEqual([
      'stream b: ACTIVATE_VERSION before its SCHEMA is ignored',
      'stream a: ACTIVATE_VERSION is ignored, because rows carry no version without "add_metadata_columns"',
    ]);
  });
});

it('tells blank lines from messages', async () => {
  const told: unknown[][] = [];
  const run = start({ automatic: true, events: { input: (...input) => told.push(input) } });
  run.feed('', '  ');
  await vi.waitFor(() => expect(told).toEqual([[4, true]]));
  run.feed(schema('a'));
  await vi.waitFor(() => expect(told).toHaveLength(2));
  run.feed(record('a', 1));
  await vi.waitFor(() => expect(told).toHaveLength(3));
  run.feed('no JSON');
  await expect(run.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON' });
  expect(told.map(([, isBlank]) => isBlank)).toEqual([true, false, false, false]);
});

describe('with "hard_delete", a stream of which nothing tells what was deleted', () => {
  const untold = [
    expect.stringMatching(/^stream a: rows that the source has deleted are kept though "hard_delete" is set/),
  ];
  const warningsOf = async (messages: readonly object[], settings: Parameters<typeof start>[0] = {}) => {
    const run = start({ automatic: true, hardDelete: true, metadata: true, ...settings });
    run.feed(...messages, state(1));
    run.end();
    await run.done;
    return run.warnings;
  };
  const id = { id: { type: 'integer' } };
  const deletedAt = '2024-01-01T00:00:00Z';

  it('is warned of', async () => {
    expect(await warningsOf([schema('a'), record('a', 1), schema('a'), record('a', 2)])).toEqual(untold);
    expect(await warningsOf([schema('a', id, { bookmark_properties: [] }), record('a', 1)])).toEqual(untold);
  });

  it.each([
    ['ACTIVATE_VERSION', [schema('a'), record('a', 1), activate('a', 1)]],
    ['a delete marker', [schema('a'), record('a', 1), record('a', 2, { _sdc_deleted_at: deletedAt })]],
    ['a declared marker', [schema('a', { ...id, _sdc_deleted_at: { type: ['null', 'string'] } }), record('a', 1)]],
    ['a bookmark', [schema('a', id, { bookmark_properties: ['id'] }), record('a', 1)]],
    ['no record', [schema('a')]],
  ])('is not that which has %s', async (_, messages) => {
    expect(await warningsOf(messages)).toEqual([]);
  });

  it('is not one that is overwritten, or whose rows are kept anyway', async () => {
    expect(await warningsOf([schema('a'), record('a', 1)], { loadMethod: 'overwrite' })).toEqual([]);
    expect(await warningsOf([schema('a'), record('a', 1)], { hardDelete: false })).toEqual([]);
  });

  it('is not warned of when the input was not read to its end', async () => {
    const run = start({ automatic: true, hardDelete: true, metadata: true });
    run.feed(schema('a'), record('a', 1), 'no JSON');
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON' });
    expect(run.warnings).toEqual([]);
  });
});

it('warns of an ACTIVATE_VERSION where the destination removes no rows, and lets the states behind it pass', async () => {
  const instead = (of: Destination): Destination => ({
    ...of,
    connect: () => of.connect(),
    close: () => of.close(),
    openStream: (stream, method) => Object.assign(of.openStream(stream, method), { expire: undefined }),
  });
  const run = start({ automatic: true, metadata: true, instead });
  run.feed(schema('a'), record('a', 1), activate('a', 1), state(1));
  run.end();
  await run.done;
  expect(run.warnings).toEqual(['stream a: ACTIVATE_VERSION is ignored, because the destination removes no rows']);
  expect(run.states).toEqual([1]);
});

describe('a stream whose columns are still to come', () => {
  const empty = { type: 'SCHEMA', stream: 'a', schema: { properties: {} }, key_properties: ['id'] };

  it('gets its table with the first record', async () => {
    const run = start({ automatic: true, undeclaredFields: 'add' });
    run.feed(empty, state(0), record('a', 1), record('a', 2, { x: 'text' }), state(1));
    run.end();
    await run.done;
    expect(run.destination.prepared).toEqual(['a#1', 'a#2']);
    expect(
      run.destination.committed.map(({ version, rows }) => [version.columns.map(({ name }) => name), rows]),
    ).toEqual([
      [['id'], 1],
      [['id', 'x'], 1],
    ]);
    expect(run.states.at(-1)).toBe(1);
    expect(run.warnings).toEqual([]);
  });

  it('is told at the end when none came', async () => {
    const run = start({ automatic: true, undeclaredFields: 'add' });
    run.feed(empty, state(1));
    run.end();
    await run.done;
    expect(run.destination.prepared).toEqual([]);
    expect(run.states).toEqual([1]);
    expect(run.warnings).toEqual([
      'stream a: its SCHEMA declares no columns, or none for its key "id", and no record was loaded: no table is made',
    ]);
  });

  it('is not told after a signal, nor after an error', async () => {
    const interrupted = start({ automatic: true, undeclaredFields: 'add' });
    interrupted.feed(empty, state(1));
    await vi.waitFor(() => expect(interrupted.states).toEqual([1]));
    interrupted.pipeline.interrupt();
    await interrupted.done;
    const broken = start({ automatic: true, undeclaredFields: 'add' });
    broken.feed(empty, 'no JSON');
    await expect(broken.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON' });
    expect([...interrupted.warnings, ...broken.warnings]).toEqual([]);
  });

  it('has rows of an existing table expire, or be overwritten', async () => {
    const run = start({ automatic: true, undeclaredFields: 'add', metadata: true });
    run.feed(empty, activate('a', 2), state(1));
    run.end();
    await run.done;
    expect(run.destination.prepared).toEqual(['a#0']);
    expect(run.states).toEqual([1]);
    const overwrite = start({ automatic: true, undeclaredFields: 'add', loadMethod: 'overwrite' });
    overwrite.feed(empty, state(1));
    overwrite.end();
    await overwrite.done;
    expect(overwrite.destination.prepared).toEqual(['a#0']);
    expect(overwrite.destination.overwritten).toEqual(['a']);
  });

  it.each([
    [
      empty,
      'the stream has no column for its key, and "undeclared_fields" finds none in Parquet files: the SCHEMA has to declare what they hold',
      'id',
    ],
    [
      { ...empty, key_properties: [] },
      'the stream has no columns, and "undeclared_fields" finds none in Parquet files: the SCHEMA has to declare what they hold',
      undefined,
    ],
  ])('takes no Parquet files: %j', async (declaration, message, column) => {
    const run = start({ automatic: true, undeclaredFields: 'add', loadMethod: 'overwrite' });
    run.feed(declaration, batch('a', ['/x.parquet']));
    const context = { stream: 'a', line: 2, ...(column && { column }) };
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_SCHEMA_INVALID', message, context });
  });
});

it('a BATCH before the SCHEMA of its stream ends the run', async () => {
  const run = start({ automatic: true });
  run.feed(batch('a', ['/x.parquet']));
  await expect(run.done).rejects.toMatchObject({
    code: 'INPUT_RECORD_BEFORE_SCHEMA',
    message: 'a BATCH before the SCHEMA of its stream',
    context: { stream: 'a', line: 1 },
  });
});

it('something beside the pipeline that fails ends the run, with its error', async () => {
  const run = start();
  run.feed(schema('a'), ...records('a', 1, 100), state(1), record('a', 101));
  await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
  run.pipeline.stop(new TargetError('STATE_NOT_WRITTEN', 'no reader'));
  run.pipeline.stop(new TargetError('INTERNAL', 'a later one'));
  run.destination.pending[0]!.commit();
  await expect(run.done).rejects.toMatchObject({ code: 'STATE_NOT_WRITTEN' });
  expect(run.states).toEqual([1]);
  expect(run.destination.pending).toEqual([]);
});
