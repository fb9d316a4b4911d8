// With real worker threads: the pool comes from the build, where a worker's script can be started.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EncodePool, type PoolSettings } from '../../../dist/encode/encode-pool.js';
import type { RangeResult, RecordRange } from '../../../src/encode/chunk.ts';
import type { WorkerRequest } from '../../../src/encode/encode-worker.ts';
import { stagedLayout } from '../../../src/formats/layout.ts';
import type { Segment } from '../../../src/formats/segment.ts';
import { SlabReader } from '../../../src/input/slab-reader.ts';
import { SingerFramer } from '../../../src/protocols/singer/framer.ts';
import { recordLine } from '../../../src/protocols/singer/record-line.ts';
import type { StreamVersion } from '../../../src/schema/model.ts';
import { readPages } from '../../support/parquet-pages.ts';
import { column, line, version } from './encoder-input.ts';

const pools: EncodePool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function poolOf(settings: Partial<PoolSettings>): EncodePool {
  const pool = new EncodePool({
    recordLine,
    workers: 1,
    slabBytes: 4096,
    inlineBytes: 0,
    format: 'csv',
    compression: 'gzip',
    maxSegmentRows: 100_000,
    invalidValues: 'fail',
    ...settings,
  });
  pools.push(pool);
  return pool;
}

/** Runs a text through a pool; a SCHEMA line says by its number which of the versions it stands for. */
async function encodeAll(pool: EncodePool, text: Buffer, versions: readonly StreamVersion[]): Promise<RangeResult[]> {
  let at = 0;
  const read = async () => {
    const part = text.subarray(at, at + 50_000);
    at += part.length;
    return part.length > 0 ? part : undefined;
  };
  const reader = new SlabReader({ read, close() {} }, pool, { maxWaitMs: 60_000 });
  const framer = new SingerFramer();
  const results: Promise<RangeResult[]>[] = [];
  let inputOffset = 0;
  for (let filled = await reader.next(); filled; filled = await reader.next()) {
    const { slab, length } = filled;
    const runs: RecordRange[] = [];
    let ranges: number[] = [];
    for (const item of framer.frame(Buffer.from(slab.buffer, 0, length))) {
      if (item.kind === 'records') ranges.push(item.start, item.end);
      if (item.kind !== 'stream') continue;
      runs.push({ ranges, definitions: pool.definitionCount });
      ranges = [];
      pool.define(versions[item.declaration.schema as number]!);
    }
    runs.push({ ranges, definitions: pool.definitionCount });
    results.push(pool.encode({ bytes: slab.subarray(0, length), runs, inputOffset, receivedAtMs: 1e12 }));
    inputOffset += length;
  }
  return (await Promise.all(results)).flat();
}

/** By version: all rows, and all digests, in order. */
function contents(results: readonly RangeResult[]) {
  const found = new Map<number, { fields: string; digests: string; rows: number; inputBytes: number }>();
  for (const segment of results.flatMap((result) => result.segments)) {
    const { versionId, digests, rows, inputBytes } = segment;
    const before = found.get(versionId) ?? { fields: '', digests: '', rows: 0, inputBytes: 0 };
    found.set(versionId, {
      fields: before.fields + fieldsOf(segment),
      digests: `${before.digests}${digests.join()},`,
      rows: before.rows + rows,
      inputBytes: before.inputBytes + inputBytes,
    });
  }
  return found;
}

function fieldsOf({ versionId, bytes, pages, rows }: Segment): string {
  if (!pages) return gunzipSync(bytes).toString();
  return readPages(bytes, stagedLayout(versions[versionId]!), rows)
    .map((fields) => `${JSON.stringify(fields)}\n`)
    .join('');
}

const versions = [
  version({ id: 0, metadata: true, deletes: 'soft' }),
  version({ id: 1, stream: 'items', columns: [column('sku', 'string'), column('at', 'timestamp')], keys: [0, 1] }),
  version({ id: 2, columns: [column('id', 'bigint'), column('extra', 'json')] }),
];

/** Two streams that take turns, of which one changes its schema half-way; some lines longer than small slabs. */
function input(lines: number): Buffer {
  const schema = (n: number) => `{"type":"SCHEMA","stream":"${versions[n]!.stream}","schema":${n}}\n`;
  const parts = [schema(0), schema(1)];
  for (let n = 0; n < lines; n++) {
    if (n === lines / 2) parts.push(schema(2));
    const long = n % 500 === 250 ? 'x'.repeat(20_000) : `\\u00e9${n}`;
    if (n % 3 === 0) parts.push(line(`{"sku":"s${n}","at":"2024-01-01T00:00:00+01:00"}`, 'items'));
    else parts.push(line(`{"id":${n},"name":"${long}","extra":[${n}]}`));
    if (n % 777 === 0) parts.push('\n', '{"type":"STATE","value":{}}\n');
  }
  return Buffer.from(parts.join(''));
}

async function work(pool: EncodePool) {
  const slab = await pool.acquire();
  const length = Buffer.from(slab.buffer as ArrayBuffer).write(line('{"id":1}').repeat(10));
  const runs = [{ ranges: [0, length], definitions: pool.definitionCount }];
  return { bytes: slab.subarray(0, length), runs, inputOffset: 0, receivedAtMs: 0 };
}

/** A worker starts with the first thing to do, and gets something when it is there: from now on. */
async function started(pool: EncodePool): Promise<EncodePool> {
  const post = vi.spyOn(Worker.prototype, 'postMessage');
  pool.define(versions[0]!);
  while (post.mock.calls.length === 0) {
    await pool.encode(await work(pool));
    await setImmediate();
  }
  post.mockRestore();
  return pool;
}

/** Of that many workers, which have started. */
const readyPool = (settings: Partial<PoolSettings>): Promise<EncodePool> | EncodePool =>
  settings.workers === 0 ? poolOf(settings) : started(poolOf(settings));

describe('an encode pool', () => {
  it.each([
    { format: 'csv', compression: 'gzip' },
    { format: 'parquet', compression: 'none' },
  ] as const)(
    'encodes the same rows to $format, whatever the number of workers and the size of slabs',
    async (form) => {
      const text = input(3000);
      const expected = contents(await encodeAll(poolOf({ workers: 0, slabBytes: 1 << 22, ...form }), text, versions));
      expect([...expected.values()].map(({ rows }) => rows)).toEqual([1000, 1000, 1000]);
      for (const workers of [0, 1, 2])
        for (const slabBytes of [1 << 10, 1 << 16, 1 << 20])
          for (const begin of [poolOf, readyPool]) {
            const results = await encodeAll(await begin({ workers, slabBytes, ...form }), text, versions);
            expect(contents(results), `${workers} workers, slabs of ${slabBytes}`).toEqual(expected);
          }
    },
  );

  it('stops at the same bad line, whatever the number of workers', async () => {
    const good = line('{"id":1,"name":"a"}');
    const text = Buffer.from(
      `{"type":"SCHEMA","stream":"orders","schema":0}\n${good.repeat(40)}${line('{"id":2,"name":[]}')}${good}`,
    );
    const failures = [];
    for (const workers of [0, 1, 2]) {
      const results = await encodeAll(await readyPool({ workers, slabBytes: 1 << 16 }), text, versions);
      failures.push(results.find((result) => result.failure)?.failure);
    }
    const context = { column: 'name', record: 'id=2' };
    expect(failures[0]).toMatchObject({ code: 'INPUT_VALUE_INVALID', linesBefore: 41, context });
    expect(failures).toEqual([failures[0], failures[0], failures[0]]);
  });

  it('stops a slab whose records take too long, and leaves the main thread free meanwhile', async () => {
    const rule = { properties: { name: { pattern: '^(a+)+$' } } };
    const validated = version({ id: 0, validate: rule });
    const good = line('{"id":1,"name":"aa"}');
    const endless = line(`{"id":2,"name":"${'a'.repeat(60)}!"}`);
    for (const [before, workers] of [
      [2, 0],
      [3_000, 2],
    ] as const) {
      const pool = poolOf({ workers, slabBytes: 1 << 20, inlineBytes: 1 << 30, maxSlabSeconds: 1 });
      const text = Buffer.from(
        `{"type":"SCHEMA","stream":"orders","schema":0}\n${good.repeat(before)}${endless}${good}`,
      );
      let turns = 0;
      const timer = setInterval(() => turns++, 20);
      const results = await encodeAll(pool, text, [validated]);
      clearInterval(timer);
      expect(results.find(({ failure }) => failure)).toEqual({
        segments: [],
        failure: {
          code: 'INPUT_VALIDATION_TIMEOUT',
          detail: expect.stringContaining('took more than 1 s'),
          context: { stream: 'orders' },
          offset: 0,
          linesBefore: before + 1,
        },
      });
      expect(turns).toBeGreaterThan(20);
    }
  });

  it('lends so many slabs and then lets the reader wait until one comes back', async () => {
    const pool = poolOf({ workers: 1 });
    const slabs = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
    let isLent = false;
    const waiting = pool.acquire().then((slab) => {
      isLent = true;
      return slab;
    });
    await new Promise((done) => setTimeout(done, 20));
    expect(isLent).toBe(false);
    pool.release(slabs[0]!);
    expect((await waiting).byteLength).toBe(4096);
  });

  it('does not keep a slab that grew for a long line', async () => {
    for (const workers of [0, 1]) {
      const pool = await readyPool({ workers });
      const text = Buffer.from(
        `{"type":"SCHEMA","stream":"orders","schema":0}\n${line(`{"id":1,"name":"${'x'.repeat(100_000)}"}`)}`,
      );
      const results = await encodeAll(pool, text, versions);
      expect(contents(results).get(0)?.rows).toBe(1);
      const slabs = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
      expect(slabs.map((slab) => slab.byteLength)).toEqual([4096, 4096, 4096]);
    }
  });

  it('tells a worker that starts late of what is in force, not of all that came before', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    onTestFinished(() => post.mockRestore());
    const pool = poolOf({ workers: 1, inlineBytes: 100_000 });
    for (let id = 0; post.mock.calls.length === 0; id++) {
      pool.define(version({ id }));
      const [{ segments }] = (await pool.encode(await work(pool))) as [RangeResult];
      expect(segments.map(({ versionId }) => versionId)).toEqual([id]);
      await setImmediate();
    }
    const [request] = post.mock.calls[0] as [WorkerRequest];
    expect(request.definitions.map(({ number }) => number)).toEqual([pool.definitionCount - 1]);
    expect(pool.definitionCount).toBeGreaterThan(100);
  });

  it('lends no slab while two long lines wait for a worker', async () => {
    const pool = await started(poolOf({ workers: 1 }));
    const long = () => {
      const bytes = Buffer.from(line(`{"id":1,"name":"${'x'.repeat(9 << 20)}"}`));
      const runs = [{ ranges: [0, bytes.length], definitions: pool.definitionCount }];
      return { bytes: new Uint8Array(bytes), runs, inputOffset: 0, receivedAtMs: 0 };
    };
    const [first, second] = [pool.encode(long()), pool.encode(long())];
    let isLent = false;
    const waiting = pool.acquire().then(() => {
      isLent = true;
    });
    await Promise.resolve();
    expect(isLent).toBe(false);
    await first;
    await waiting;
    expect((await second)[0]?.segments[0]?.rows).toBe(1);
  });

  it('says so when no worker can be started', async () => {
    const pool = poolOf({ workers: 1 });
    pool.define(versions[0]!);
    await pool.encode(await work(pool));
    const [thread] = (pool as unknown as { threads: { worker: Worker }[] }).threads;
    thread!.worker.emit('error', new Error('no room for it'));
    await expect(pool.encode(await work(pool))).rejects.toMatchObject({ code: 'INTERNAL', message: 'no room for it' });
  });

  it('refuses what is in flight when it is closed, and everything after', async () => {
    const pool = poolOf({ workers: 1 });
    await started(pool);
    const inFlight = [pool.encode(await work(pool)), pool.encode(await work(pool)), pool.encode(await work(pool))];
    const waiting = [pool.acquire(), pool.acquire()];
    const outcomes = Promise.allSettled([...inFlight, ...waiting]);
    await pool.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    await expect(pool.acquire()).rejects.toMatchObject({ code: 'INTERNAL' });
    const late = { bytes: new Uint8Array(8), runs: [], inputOffset: 0, receivedAtMs: 0 };
    await expect(pool.encode(late)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('goes on lending slabs after a worker met a defect, and says what it was', async () => {
    const pool = poolOf({ workers: 1 });
    await started(pool);
    const broken = [await work(pool), await work(pool), await work(pool)].map((chunk) => ({
      ...chunk,
      runs: [null as unknown as RecordRange],
    }));
    const outcomes = await Promise.allSettled(broken.map((chunk) => pool.encode(chunk)));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'INTERNAL', message: expect.stringContaining('TypeError') },
      });
    expect(await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()])).toHaveLength(3);
  });

  it('lets its process end once it is closed, work in flight or not', () => {
    const module = resolve(import.meta.dirname, '../../../dist/encode/encode-pool.js');
    const script = `
      import { EncodePool } from ${JSON.stringify(module)};
      const pool = new EncodePool({ workers: 2, slabBytes: 4096, inlineBytes: 0, format: 'csv', compression: 'none', maxSegmentRows: 10, invalidValues: 'fail' });
      const results = [];
      for (let i = 0; i < 4; i++) {
        const bytes = await pool.acquire();
        results.push(pool.encode({ bytes: bytes.fill(10), runs: [{ ranges: [0, 4096], definitions: 0 }], inputOffset: 0, receivedAtMs: 0 }));
      }
      const outcomes = Promise.allSettled(results);
      await pool.close();
      console.log((await outcomes).length);`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(child).toMatchObject({ status: 0, signal: null, stdout: '4\n', stderr: '' });
  });
});
