// A byte-order mark before the input and before files of a BATCH: rows arrive, and places stay those in what was read.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { batch } from '../../support/command.ts';
import { record, schema, start, state } from '../../support/scripted-run.ts';

const MARK = '\ufeff';
const folder = mkdtempSync(join(tmpdir(), 'mark-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(content) : content);
  return file;
}

const lineOf = (message: object) => `${JSON.stringify(message)}\n`;

describe('a byte-order mark', () => {
  it('before the input and before files is skipped, and dead letters say where their records stand', async () => {
    const good = '{"id":1}\n';
    const files = [fileOf('a.json', `${MARK}${good}{"id":"x"}\n`), fileOf('b.json.gz', `${MARK}{"id":"y"}\n`)];
    const run = start({ automatic: true, invalidValues: 'dead_letter' });
    const before = [schema('a'), record('a', 7)];
    const bad = { type: 'RECORD', stream: 'a', record: { id: 'z' } };
    run.feed(`${MARK}${JSON.stringify(before[0])}`, before[1]!, bad, batch('a', files), bad, state(1));
    run.end();
    await run.done;
    expect(run.states).toEqual([1]);
    expect(run.destination.committed.reduce((sum, { rows }) => sum + rows, 0)).toBe(2);
    const letters = [...run.deadLetters.files.values()].flatMap((letter) => String(letter).trimEnd().split('\n'));
    const beforeBad = Buffer.byteLength(MARK + before.map(lineOf).join(''));
    expect(letters.map((letter) => JSON.parse(letter))).toMatchObject([
      { input_offset: beforeBad, record: { id: 'z' } },
      { file: `file://${files[0]}`, file_offset: 3 + good.length, record: { id: 'x' } },
      { file: `file://${files[1]}`, file_offset: 3, record: { id: 'y' } },
      { input_offset: beforeBad + lineOf(bad).length + lineOf(batch('a', files)).length },
    ]);
  });

  it('anywhere else is no JSON', async () => {
    const run = start({ automatic: true });
    run.feed(schema('a'), `${MARK}${JSON.stringify(record('a', 1))}`);
    await expect(run.done).rejects.toMatchObject({ code: 'INPUT_NOT_JSON', context: { line: 2 } });
  });

  it('of UTF-16 ends the run, by the name of the encoding', async () => {
    const run = start({ automatic: true });
    run.feed(Buffer.from(lineOf(schema('a')), 'utf16le'));
    await expect(run.done).rejects.toMatchObject({
      code: 'INPUT_NOT_JSON',
      message: expect.stringContaining('UTF-16LE'),
      context: { line: 1 },
    });
    const file = fileOf('utf16.json', Buffer.from(`${MARK}{"id":1}\n`, 'utf16le'));
    const ofFile = start({ automatic: true });
    ofFile.feed(schema('a'), batch('a', [file]));
    await expect(ofFile.done).rejects.toMatchObject({
      code: 'INPUT_NOT_JSON',
      message: expect.stringContaining('UTF-16LE'),
      context: { stream: 'a', line: 2, file: `file://${file}`, fileLine: 1 },
    });
  });
});
