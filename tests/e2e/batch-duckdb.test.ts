// BATCH messages of JSON lines by the command into a DuckDB file: order, states, failures.
import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { batch, type CommandFolder, commandFolder, toLines } from '../support/command.ts';
import { schema as schemaOf, state } from '../support/scripted-run.ts';

vi.setConfig({ testTimeout: 60_000 });

let cli: CommandFolder;
beforeEach(async () => {
  cli = await commandFolder();
});
afterEach(() => cli.remove());

const schema = schemaOf('a', { id: { type: 'integer' }, name: { type: ['string', 'null'] } });
const row = (id: number, name: string) => ({ id, name });
const record = (id: number, name: string) => ({ type: 'RECORD', stream: 'a', record: row(id, name) });
const table = (order = 'id') => cli.query(`SELECT id, name FROM a ORDER BY ${order}`);

describe('files of lines', () => {
  test('come between the records around the message, in the order of the manifest', async () => {
    const first = await cli.jsonl('1.json.gz', [row(1, 'file 1'), row(2, 'file 1'), row(3, 'file 1')]);
    const second = await cli.jsonl('2.json.gz', [row(2, 'file 2'), row(3, 'file 2'), row(2, 'file 2 again')]);
    const input = [schema, record(1, 'before'), batch('a', [first, second]), record(3, 'after'), state('end')];
    expect(await cli.run({}, input)).toMatchObject({ code: 0, out: '"end"\n' });
    expect(await table()).toEqual([
      ['1', 'file 1'],
      ['2', 'file 2 again'],
      ['3', 'after'],
    ]);
  });

  test('become one load with the records around them, and workers encode them, too', async () => {
    const rows = Array.from({ length: 60_000 }, (_, id) => row(id, 'x'.repeat(100)));
    const file = await cli.jsonl('big.json.gz', rows);
    const input = [schema, record(1, 'before'), batch('a', [file]), record(5, 'after'), state(1)];
    const { log, ...result } = await cli.run({ workers: 2 }, input);
    expect(result).toEqual({ code: 0, out: '1\n' });
    expect(log).toContain('60,000 loaded in 1 load, 2 updated by a later one');
    expect(await cli.query("SELECT count(*), count(*) FILTER (name = 'after') FROM a")).toEqual([['60000', '1']]);
  });

  test('may be many, in messages that stand close together', async () => {
    const files = await Promise.all(Array.from({ length: 40 }, (_, i) => cli.jsonl(`${i}.json`, [row(i, `${i}`)])));
    const input = files.flatMap((file, i) => [batch('a', [file]), record(i, `after ${i}`), state(i)]);
    expect(await cli.run({}, [schema, ...input])).toMatchObject({ code: 0, out: expect.stringMatching(/\b39\n$/) });
    expect(await table()).toEqual(files.map((_, i) => [`${i}`, `after ${i}`]));
  });

  test('are found by relative and percent-encoded names, need no last line feed and may be empty', async () => {
    await writeFile(join(cli.folder, 'a b.json'), '{"id":1,"name":"one"}\n\n  {"id":2,"name":"two"}');
    const empty = await cli.jsonl('empty.json', []);
    const names = ['file://a b.json', `file://${cli.folder}/a%20b.json`, 'a b.json', empty];
    expect(await cli.run({}, [schema, batch('a', names), state(1)])).toMatchObject({ code: 0, out: '1\n' });
    expect(await table()).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ]);
  });

  test('that are gzip though the message does not say so are read', async () => {
    const file = await cli.jsonl('1.json.gz', [row(1, 'zipped')]);
    const message = { ...batch('a', [file]), encoding: { format: 'jsonl' } };
    expect(await cli.run({}, [schema, message])).toMatchObject({ code: 0 });
    expect(await table()).toEqual([['1', 'zipped']]);
  });

  test('may have numbers where text is declared, which are counted', async () => {
    const file = await cli.jsonl('1.json', ['{"id": 1, "name": 1.50}', '{"id": 2, "name": {"a": 1.0}}', row(3, '7')]);
    const { code, log } = await cli.run({}, [schema, batch('a', [file])]);
    expect(code).toBe(0);
    expect(log).toContain('2 values of name were no strings, as the schema declares them');
    expect(await table()).toEqual([
      ['1', '1.50'],
      ['2', '{"a": 1.0}'],
      ['3', '7'],
    ]);
  });

  test('carry the metadata that the message says of them, and delete markers', async () => {
    const file = await cli.jsonl('1.json', [row(1, 'x'), { id: 2, _sdc_deleted_at: '2024-02-29T00:00:00Z' }]);
    const said = { version: 7, time_extracted: '2024-02-29T12:00:00.5Z' };
    const input = [schema, record(1, 'old'), record(2, 'old'), batch('a', [file], said)];
    expect(await cli.run({ hard_delete: true }, input)).toMatchObject({ code: 0 });
    expect(await cli.query('SELECT id, name, _sdc_table_version, _sdc_extracted_at FROM a')).toEqual([
      ['1', 'x', '7', '2024-02-29 12:00:00.5'],
    ]);
    const activated = { type: 'ACTIVATE_VERSION', stream: 'a', version: 8 };
    const next = [schema, batch('a', [await cli.jsonl('2.json', [row(3, 'y')])], { version: 8 }), activated];
    expect(await cli.run({ hard_delete: true }, next)).toMatchObject({ code: 0 });
    expect(await table()).toEqual([['3', 'y']]);
  });

  test('set aside what does not fit, saying in which file', async () => {
    const file = await cli.jsonl('1.json', [row(1, 'x'), '{"id": "two"}', row(3, 'z')]);
    const input = [schema, record(0, 'w'), batch('a', [file]), record(4, 'v'), state(1)];
    const { log, code } = await cli.run({ invalid_values: 'dead_letter' }, input);
    expect(code).toBe(0);
    expect(log).toContain('1 record could not be loaded and was set aside');
    const [letter] = await cli.query(`SELECT "file", file_offset, "record" FROM read_json('${cli.folder}/dead-*/*')`);
    expect(letter).toEqual([`file://${file}`, '20', { id: 'two' }]);
    expect((await table()).flat()).toEqual(['0', 'w', '1', 'x', '3', 'z', '4', 'v']);
  });
});

describe('a file that can’t be loaded ends the run, after all that stands before:', () => {
  const failing = async (files: string[], config: object = {}, more: object = {}) => {
    const input = [schema, record(1, 'before'), state('before'), batch('a', files, more), record(9, 'x'), state('end')];
    const result = await cli.run(config, input);
    expect(result).toMatchObject({ code: 3, out: '"before"\n' });
    return result.log;
  };

  test('a bad line, named with its file', async () => {
    const good = await cli.jsonl('good.json', [row(2, 'good')]);
    const bad = await cli.jsonl('bad.json', [row(3, 'good'), row(4, 'good'), '{"id": 5, "name": ', row(6, 'never')]);
    expect(await failing([good, bad])).toContain(
      `INPUT_NOT_JSON: line 4, file "file://${bad}" line 3, stream "a": the line is not JSON`,
    );
    expect((await table()).flat()).toEqual(['1', 'before', '2', 'good', '3', 'good', '4', 'good']);
  });

  test('a line that is too long', async () => {
    const bad = await cli.jsonl('long.json', [row(2, 'good'), row(3, 'x'.repeat(2 << 20))]);
    expect(await failing([bad], { max_line_bytes: 1 << 20 })).toContain(
      `INPUT_LINE_TOO_LONG: line 4, file "file://${bad}" line 2, stream "a"`,
    );
    expect((await table()).flat()).toEqual(['1', 'before', '2', 'good']);
  });

  test('a value that its column can’t hold', async () => {
    const bad = await cli.jsonl('bad.json.gz', ['', '{"id": 1.5}']);
    expect(await failing([bad])).toContain(`line 4, file "file://${bad}" line 2, stream "a", column "id"`);
  });

  test('one that is not there', async () => {
    const there = await cli.jsonl('there.json', [row(2, 'good')]);
    expect(await failing([there, '/nowhere/at/all.json'])).toContain(
      'INPUT_BATCH_FILE: line 4, file "file:///nowhere/at/all.json", stream "a": there is no such file',
    );
    expect((await table()).flat()).toEqual(['1', 'before', '2', 'good']);
  });

  test('one that is cut off', async () => {
    const rows = Array.from({ length: 5000 }, (_, id) => row(id, `${Math.random()}`));
    const cut = await cli.jsonl('cut.json.gz', rows);
    await truncate(cut, 20_000);
    expect(await failing([cut])).toMatch(/INPUT_BATCH_FILE: line 4, file ".*cut.json.gz", .*unexpected end of file/);
  });

  test('one that is empty where gzip was promised', async () => {
    const file = await cli.jsonl('torn.json', []);
    const log = await failing([file], {}, { encoding: { format: 'jsonl', compression: 'gzip' } });
    expect(log).toContain('the file is not gzip, which its message says it is');
  });

  test('an address of another kind, without its secret', async () => {
    const log = await failing(['https://b.example/k.json?X-Amz-Signature=geheim']);
    expect(log).toContain('file "https://b.example/k.json", stream "a": the manifest names a file that is neither');
    expect(log).not.toContain('geheim');
  });
});

test('a BATCH before its SCHEMA is refused', async () => {
  const { code, log } = await cli.run({}, [batch('a', ['/nowhere'])]);
  expect(code).toBe(3);
  expect(log).toContain('INPUT_RECORD_BEFORE_SCHEMA: line 1, stream "a": a BATCH before the SCHEMA of its stream');
});

describe('an overwritten stream', () => {
  const overwrite = { load_method: 'overwrite' };
  test('is made of its files and records', async () => {
    expect(await cli.run(overwrite, [schema, record(1, 'old'), record(2, 'old'), state(1)])).toMatchObject({ code: 0 });
    const file = await cli.jsonl('1.json', [row(2, 'new'), row(3, 'new')]);
    const input = [schema, batch('a', [file]), record(3, 'newer'), state(2)];
    expect(await cli.run(overwrite, input)).toMatchObject({ code: 0, out: '2\n' });
    expect((await table()).flat()).toEqual(['2', 'new', '3', 'newer']);
  });

  test.each(['jsonl', 'parquet'])(
    'is incomplete when a BATCH of %s, though empty, came after the last STATE',
    async (kind) => {
      await cli.run(overwrite, [schema, record(1, 'old'), state(1)]);
      const file =
        kind === 'jsonl'
          ? await cli.jsonl('1.json', [])
          : await cli.parquet('1.parquet', "SELECT 1 AS id, 'x' AS name WHERE false");
      const { code, log, out } = await cli.run(overwrite, [schema, record(2, 'new'), state(2), batch('a', [file])]);
      expect({ code, out }).toEqual({ code: 5, out: '' });
      expect(log).toContain('OVERWRITE_INCOMPLETE');
      expect((await table()).flat()).toEqual(['1', 'old']);
    },
  );
});

test('killed in the middle of a file, no state was given that covers it, and the next run makes it whole', async () => {
  const rows = Array.from({ length: 200_000 }, (_, id) => row(id, `row ${id}`));
  const file = await cli.jsonl('big.json.gz', rows);
  const input = [schema, record(-1, 'first'), state('first'), batch('a', [file]), state('end')];
  const killed = await cli.begin({ batch_size_rows: 10_000 });
  killed.child.stdin!.write(toLines(input));
  await vi.waitFor(() => expect(killed.log).toMatch(/loaded [\d,]+ rows of a/), { timeout: 30_000 });
  const closed = once(killed.child, 'close');
  killed.child.kill('SIGKILL');
  await closed;
  expect(killed.out).not.toContain('end');
  expect(await cli.run({}, input)).toMatchObject({ code: 0, out: expect.stringMatching(/"end"\n$/) });
  expect(await cli.query('SELECT count(*), count(DISTINCT id) FROM a')).toEqual([['200001', '200001']]);
});
