// What a program gets that loads by itself: the calls of the package, with real DuckDB files.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/index.ts';
import { check, clean, plan, run } from '../../src/library.ts';
import { readDuckdb } from '../support/duckdb-file.ts';
import { expectExample } from '../support/error-examples.ts';
import { schemaLine, stateLine } from '../support/singer-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-library-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let databases = 0;

function database(more: Config = {}) {
  const path = join(folder, `${++databases}.duckdb`);
  const config: Config = { destination: 'duckdb', duckdb_path: path, temp_dir: folder, ...more };
  const ids = async () => (await readDuckdb(path, 'SELECT id::INT FROM boats ORDER BY id')).getRowsJson().flat();
  return { path, config, ids };
}

const record = (id: number, more: object = {}) =>
  `${JSON.stringify({ type: 'RECORD', stream: 'boats', record: { id, ...more } })}\n`;
const bookmark = { boats: 2 };
const messages = [schemaLine('boats'), record(1), record(2, { odd: true }), stateLine(bookmark)];

async function* split(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('run', () => {
  it.each([
    ['an array of texts', () => messages],
    ['a stream of Node.js', () => Readable.from(messages.map((text) => Buffer.from(text)))],
    ['an async generator of pieces that end anywhere', () => split(messages.join(''), 7)],
    ['pieces of which some are empty', () => ['', messages.join(''), Buffer.alloc(0)]],
  ])('loads %s', async (_, input) => {
    const { config, ids } = database();
    const states: string[] = [];
    const summary = await run({ config, input: input(), onState: (state) => states.push(state) });
    expect(await ids()).toEqual([1, 2]);
    expect(states.map((state) => JSON.parse(state))).toEqual([bookmark]);
    expect(summary).toEqual({
      streams: new Map([
        [
          'boats',
          {
            ...{ read: 2, loads: 1, loaded: 2, deduplicated: 0, deleted: 0, marked: 0, setAside: 0, discarded: 0 },
            findings: [expect.stringMatching(/"odd" \(1 value\)/)],
          },
        ],
      ]),
      inputBytes: Buffer.byteLength(messages.join('')),
      state: states[0],
      seconds: expect.any(Number),
      isComplete: true,
    });
  });

  it('gives a state its exact text', async () => {
    const { config } = database();
    const exact = '{"type":"STATE","value":{"lsn":123456789012345678901234567890,"at":1.10}}\n';
    const { state } = await run({ config, input: [schemaLine('boats'), exact] });
    expect(state).toBe('{"lsn":123456789012345678901234567890,"at":1.10}');
  });

  it('lists all that is wrong with its config, and reads no variable of the environment', async () => {
    process.env.TARGET_IOMETE_DUCKDB_PATH = join(folder, 'of-the-environment.duckdb');
    try {
      const { config, path } = database();
      await run({ config: { ...config, duckdb_path: undefined, duckdb_memory_limit: '500MB' }, input: [] }).then(() =>
        rmSync('output.duckdb', { force: true }),
      );
      expect(existsSync(path)).toBe(false);
      expect(existsSync(process.env.TARGET_IOMETE_DUCKDB_PATH)).toBe(false);
    } finally {
      delete process.env.TARGET_IOMETE_DUCKDB_PATH;
    }
    const wrong = { destination: 'duckdb', hard_delete: 'maybe', batch_rows: 5 } as unknown as Config;
    await expect(run({ config: wrong, input: [] })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/"batch_rows" is not an option(.|\n)*"hard_delete" must be true or false/),
    });
  });

  it('loads what came before its input failed, and says why', async () => {
    const { config, ids } = database();
    const states: string[] = [];
    const cause = new Error('the source is gone');
    async function* failing() {
      yield messages.join('');
      throw cause;
    }
    const error = await run({ config, input: failing(), onState: (state) => states.push(state) }).catch((e) => e);
    expectExample(error, 'INPUT_UNREADABLE');
    expect(error.cause).toBe(cause);
    expect(await ids()).toEqual([1, 2]);
    expect(states).toHaveLength(1);
  });

  it('ends when a state is not taken', async () => {
    const { config } = database({ batch_size_rows: 1 });
    let closed = false;
    async function* endless() {
      try {
        yield schemaLine('boats');
        for (let id = 1; ; id++) {
          yield record(id) + stateLine({ boats: id });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        closed = true;
      }
    }
    const onState = async () => {
      throw new Error('no room');
    };
    await expect(run({ config, input: endless(), onState })).rejects.toMatchObject({
      code: 'STATE_NOT_WRITTEN',
      message: '"onState" threw: no room',
    });
    expect(closed).toBe(true);
  });

  it('ends at its signal, with what was read loaded', async () => {
    const { config, ids } = database();
    const abort = new AbortController();
    async function* endless() {
      yield messages.join('');
      await new Promise((resolve) => setTimeout(resolve, 300));
      abort.abort();
      await new Promise(() => {});
    }
    const summary = await run({ config, input: endless(), signal: abort.signal });
    expect(summary).toMatchObject({ isComplete: false, state: JSON.stringify(bookmark) });
    expect(await ids()).toEqual([1, 2]);
  });
});

describe('check', () => {
  it('tells each step, and leaves nothing', async () => {
    const { config, path } = database();
    const steps = await check({ config });
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.filter(({ error }) => error)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  it('has the error of the step that fails', async () => {
    const steps = await check({ config: { ...database().config, duckdb_path: join(folder, 'no/such/folder.duckdb') } });
    expect(steps.find(({ error }) => error)?.error).toMatchObject({ code: 'DESTINATION_FILE' });
  });
});

describe('clean', () => {
  it('has a line for what it finds', async () => {
    const { config } = database();
    await run({ config, input: messages });
    expect(await clean({ config })).toEqual([expect.stringContaining('nothing')]);
  });
});

describe('plan', () => {
  it('says what a run would do, and makes no file', async () => {
    const { config, path } = database();
    const [boats] = await plan({ config, input: messages });
    expect(boats).toMatchObject({ stream: 'boats', plan: { action: 'make' }, error: undefined });
    expect(existsSync(path)).toBe(false);
  });
});
