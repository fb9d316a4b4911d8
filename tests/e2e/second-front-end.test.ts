// A protocol that is not Singer, through the same engine: its front end is a file of tests/support.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/commands/sync.ts';
import { loadConfig, parseArguments } from '../../src/config/index.ts';
import { EncodePool } from '../../src/encode/encode-pool.ts';
import { SlabReader } from '../../src/input/slab-reader.ts';
import { Intake } from '../../src/pipeline/intake.ts';
import { Streams } from '../../src/pipeline/streams.ts';
import { streamVersion } from '../../src/schema/stream-version.ts';
import { readDuckdb } from '../support/duckdb-file.ts';
import { ndjson } from '../support/ndjson.ts';

const declaration = {
  stream: 'orders',
  schema: { properties: { id: { type: 'integer' }, name: { type: ['null', 'string'] }, price: { type: 'number' } } },
  key_properties: ['id'],
};
const lines = (count: number) =>
  Array.from({ length: count }, (_, id) => `{"id":${id},"name":"order ${id}","price":${id}.25}\n`).join('');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'second-front-end-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = async (file: string, sql: string) =>
  (await readDuckdb(file, sql)).getRows().map((row) => row.map(String));

/** Loads a text into a DuckDB file. @returns what went out */
async function load(text: string, name: string): Promise<{ file: string; states: string[] }> {
  const [file, input] = [join(folder, `${name}.duckdb`), join(folder, `${name}.jsonl`)];
  await writeFile(input, text);
  const given = await parseArguments(['--destination=duckdb', `--duckdb_path=${file}`, '--workers=1']);
  const states: string[] = [];
  await run((await loadConfig(given, {})).options, {
    frontEnd: ndjson(declaration, states),
    input,
  });
  return { file, states };
}

describe('bare lines with a schema that is given beforehand', () => {
  it('arrive, and their state goes out when they are durable', async () => {
    const { file, states } = await load(lines(20_000), 'arrive');
    expect(await found(file, 'SELECT count(*), sum(id), sum(price), min(name) FROM main.orders')).toEqual([
      ['20000', '199990000', '199995000', 'order 0'],
    ]);
    expect(states.at(-1)).toBe('20000 lines');
  });

  it('make their table even when there is none', async () => {
    const { file, states } = await load('', 'empty');
    expect(await found(file, 'SELECT count(*) FROM main.orders')).toEqual([['0']]);
    expect(states).toEqual([]);
  });

  it('end the run with the number of the line that is wrong, after the lines before it', async () => {
    const text = `${lines(5_000)}{"id":"x"}\n${lines(10)}`;
    await expect(load(text, 'wrong')).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      context: { line: 5_001, stream: 'orders', column: 'id' },
    });
    expect(await found(join(folder, 'wrong.duckdb'), 'SELECT count(*) FROM main.orders')).toEqual([['5000']]);
  });

  it('go through the row loop', async () => {
    const frontEnd = ndjson(declaration, []);
    const pool = new EncodePool({
      ...{ recordLine: frontEnd.recordLine, workers: 0, slabBytes: 1 << 20, inlineBytes: 0 },
      ...{ format: 'parquet', compression: 'none', maxSegmentRows: 100_000, invalidValues: 'fail' },
    });
    const waiting = [Buffer.from(lines(20_000))];
    const reader = new SlabReader({ read: async () => waiting.shift(), close: () => {} }, pool, { maxWaitMs: 50 });
    const options = {
      ...{ defaultTargetSchema: 'main', addMetadataColumns: false, hardDelete: false, flattenMaxLevel: 0 },
      ...{ primaryKeyRequired: true, validateRecords: false },
    };
    const streams = new Streams((message, id, known) => streamVersion(message, options, id, known));
    const noFile = () => Promise.reject(new Error('no file'));
    const files = { open: noFile, place: noFile, release: async () => {}, close: async () => {} };
    const intake = new Intake(reader, frontEnd, streams, pool, files);
    let rows = 0;
    let slowLines = 0;
    for (let chunk = await intake.next(); chunk; chunk = await intake.next())
      for (const { segments } of await chunk.results)
        for (const segment of segments) {
          rows += segment.rows;
          slowLines += segment.slowLines;
        }
    expect([rows, slowLines]).toEqual([20_000, 1]);
  });
});
