// Input that is no Singer, and files of a BATCH between its lines: what comes in which order, and where it stands.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { TargetError } from '../../../src/errors/target-error.ts';
import { batch } from '../../support/command.ts';
import { ndjson } from '../../support/ndjson.ts';
import { record, schema, start, state } from '../../support/scripted-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'intake-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('streams that are known before the first line are in force from the first one on', async () => {
  const states: string[] = [];
  const declaration = { stream: 'a', schema: { properties: { id: { type: 'integer' } } }, key_properties: ['id'] };
  const run = start({ automatic: true, frontEnd: ndjson(declaration, states) });
  run.feed('{"id":1}', '{"id":"two"}');
  run.end();
  await expect(run.done).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID', context: { line: 2, stream: 'a' } });
  expect(run.destination.prepared).toEqual(['a#0']);
  expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1]);
});

it('an input that breaks off by a defect ends the run with the defect', async () => {
  const run = start({ automatic: true });
  run.feed(schema('a'), record('a', 1), state(1));
  await vi.waitFor(() => expect(run.destination.prepared).toEqual(['a#0']));
  run.breakOff(new TypeError('no function'));
  await expect(run.done).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('no function') });
  expect(run.states).toEqual([]);
});

describe('an input whose last line has no line feed', () => {
  const whole = [schema('a', { id: { type: 'integer' }, text: { type: 'string' } }), record('a', 1), state(1)];
  async function endOf(lastLine: string | Buffer, before: readonly (object | string)[] = whole) {
    const run = start({ automatic: true });
    run.feed(...before, Buffer.from(lastLine));
    run.end();
    const failure = await run.done.then(
      () => undefined,
      (error: TargetError) => error,
    );
    return [failure?.code, failure?.context.line, run.states.at(-1)];
  }
  const cut = '{"type":"RECORD","stream":"a","record":{"id":2,"text":"x é';

  it.each([
    ['a text', cut],
    ['a number', '{"type":"RECORD","stream":"a","record":{"id":2'],
    ['a text with a brace', '{"type":"RECORD","stream":"a","record":{"id":2,"text":"} x'],
    ['a state', '  {"type":"STATE","value":{"a":'],
    ['a character', Buffer.from(cut).subarray(0, -1)],
  ])('is said to end within the line, after %s that broke off', async (_, lastLine) => {
    expect(await endOf(lastLine)).toEqual(['INPUT_TRUNCATED', 4, 1]);
  });

  it('says so behind the lines of files as well', async () => {
    const file = fileOf('10.json', '{"id":7}\n{"id":8}\n');
    expect(await endOf(cut, [...whole, batch('a', [file])])).toEqual(['INPUT_TRUNCATED', 5, 1]);
  });

  it.each([
    ['is whole', '{"type":"STATE","value":2}', [undefined, undefined, 2]],
    ['is no message', 'Traceback (most', ['INPUT_NOT_JSON', 4, 1]],
    ['has its line feed', '{"type":"STATE","value":\n', ['INPUT_NOT_JSON', 4, 1]],
  ])('is not said to end within the line when the line %s', async (_, lastLine, outcome) => {
    expect(await endOf(lastLine)).toEqual(outcome);
  });

  it('is told in words', async () => {
    const run = start({ automatic: true });
    run.feed(...whole, Buffer.from(cut));
    run.end();
    await expect(run.done).rejects.toThrow(/^the input ends within the line$/);
  });

  it('is told by its first line that is wrong', async () => {
    expect(await endOf(cut, [...whole, 'no JSON', record('a', 2)])).toEqual(['INPUT_NOT_JSON', 4, 1]);
  });

  it('of a file that a BATCH names is the error of the file', async () => {
    const file = fileOf('11.json', '{"id":7}\n{"id":8');
    expect(await endOf('', [...whole, batch('a', [file])])).toEqual(['INPUT_NOT_JSON', 4, 1]);
  });
});

describe('lines of files that a BATCH names', () => {
  it('come in its place, and lines behind it keep their numbers', async () => {
    const files = [fileOf('1.json', '{"id":1}\n{"id":2}\n'), fileOf('2.json', '{"id":3}\n')];
    const run = start({ automatic: true });
    run.feed(
      schema('a'),
      record('a', 0),
      batch('a', files),
      record('a', 4),
      batch('a', [files[0]!]),
      state(1),
      'no JSON',
    );
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON', context: { line: 7 } });
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(7);
    expect(run.states).toEqual([1]);
  });

  it('are named with their file when they are wrong', async () => {
    const file = fileOf('3.json', '{"id":1}\n{"id":2}\n{"id":"x"}\n');
    const run = start({ automatic: true });
    run.feed(schema('a'), batch('a', [file]), state(1));
    await expect(run.done).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { line: 2, file: `file://${file}`, fileLine: 3, stream: 'a' },
    });
    expect(run.states).toEqual([]);
  });

  it('carry the version and the time of their message', async () => {
    const file = fileOf('4.json', '{"id":1}\n');
    const run = start({ automatic: true, metadata: true });
    const message = { ...batch('a', [file]), version: 12, time_extracted: '2024-02-29T12:00:00Z' };
    const closed: string[] = [];
    const remove = run.stage.remove.bind(run.stage);
    run.stage.remove = async (staged) => {
      for (const { key } of staged) closed.push(run.stage.files.get(key)!.toString());
      return remove(staged);
    };
    run.feed(schema('a'), message, state(1));
    run.end();
    await run.done;
    expect(closed.join('')).toMatch(/^1,,2024-02-29 12:00:00,[^,]+,\d+,12,/);
  });

  it('may have fields that no SCHEMA declares', async () => {
    const file = fileOf('5.json', '{"id":1}\n{"id":2,"x":1}\n{"id":3,"x":2}\n');
    const run = start({ automatic: true, undeclaredFields: 'add' });
    run.feed(schema('a'), record('a', 0), batch('a', [file]), record('a', 4, { y: 1 }), state(1));
    run.end();
    await run.done;
    expect(run.destination.committed.map(({ version, rows }) => [version.columns.length, rows])).toEqual([
      [1, 2],
      [2, 2],
      [3, 1],
    ]);
    expect(run.states).toEqual([1]);
  });

  it('may be the first to have the columns of their stream', async () => {
    const file = fileOf('6.json', '{"id":1}\n');
    const run = start({ automatic: true, undeclaredFields: 'add' });
    run.feed({ type: 'SCHEMA', stream: 'a', schema: {}, key_properties: ['id'] }, batch('a', [file]), state(1));
    run.end();
    await run.done;
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1]);
    expect(run.states).toEqual([1]);
  });

  it('may stand before a line that is longer than others', async () => {
    const file = fileOf('7.json', '{"id":1}\n');
    const run = start({ automatic: true });
    const properties = { id: { type: 'integer' }, text: { type: 'string' } };
    run.feed(schema('a', properties), batch('a', [file]), record('a', 2, { text: 'x'.repeat(200_000) }), state(1));
    run.end();
    await run.done;
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(2);
    expect(run.states).toEqual([1]);
  });

  it('may stand between a line that is longer than others and more than usually fits', async () => {
    const file = fileOf('8.json', '{"id":1}\n');
    const run = start({ automatic: true });
    const properties = { id: { type: 'integer' }, text: { type: 'string' } };
    const text = (id: number, length: number) => record('a', id, { text: 'x'.repeat(length) });
    run.feed(schema('a', properties), text(2, 140_000), batch('a', [file]), text(3, 50_000), text(4, 50_000), state(1));
    run.end();
    await run.done;
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(4);
    expect(run.states).toEqual([1]);
  });

  it('are refused when the time of their message is none', async () => {
    const file = fileOf('9.json', '{"id":1}\n');
    const run = start({ automatic: true, metadata: true });
    run.feed(schema('a'), { ...batch('a', [file]), time_extracted: 'yesterday' });
    run.end();
    await expect(run.done).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { line: 2, stream: 'a', column: 'time_extracted' },
    });
  });

  it('that can not be read end the run, after what came before was loaded', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), record('a', 0), state(0), batch('a', [join(folder, 'none.json')]), state(1));
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_BATCH_FILE', context: { line: 4, stream: 'a' } });
    expect(run.states).toEqual([0]);
    expect(run.destination.committed.map(({ rows }) => rows)).toEqual([1]);
  });
});

describe('fields that no SCHEMA declares', () => {
  it('make a new version where they stand, and rows before them keep the old one', async () => {
    const run = start({ automatic: true, undeclaredFields: 'add' });
    run.feed(schema('a'), record('a', 1, { x: 1 }), record('a', 2), record('a', 3, { y: 1 }), record('a', 4), state(1));
    run.end();
    await run.done;
    const loads = run.destination.committed.map(({ version, rows }) => [version.columns.map(({ name }) => name), rows]);
    expect(loads).toEqual([
      [['id', 'x'], 2],
      [['id', 'x', 'y'], 2],
    ]);
  });

  it('follow their values until a SCHEMA declares them', async () => {
    const run = start({ automatic: true, undeclaredFields: 'add' });
    run.feed(schema('a'), record('a', 1, { x: 1 }), record('a', 2, { x: 0.5 }));
    run.feed(schema('a', { id: { type: 'integer' }, x: { type: 'number' } }), record('a', 3, { x: 'text' }));
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_VALUE_INVALID', context: { column: 'x', line: 5 } });
    const kinds = run.destination.committed.map(({ version }) => version.columns[1]!.type.kind);
    expect(kinds).toEqual(['bigint', 'double']);
  });
});
