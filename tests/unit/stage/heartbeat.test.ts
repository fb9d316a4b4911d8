import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { isAlive, keepBeating, signOfLife } from '../../../src/stage/heartbeat.ts';
import { newRunId, readRunFolder, runFolderName, shortRunId } from '../../../src/stage/run-id.ts';

const minutes = (count: number) => count * 60_000;
const own = signOfLife().toString();
const sign = (changes: object) => JSON.stringify({ ...JSON.parse(own), ...changes });

describe('a run on this machine', () => {
  test('is alive as long as its process is, however old its heartbeat', () => {
    expect(isAlive({ text: own, ageMs: minutes(1000) })).toBe(true);
  });

  test('is dead as soon as its process is, however young its heartbeat', async () => {
    const child = spawn('true');
    await once(child, 'close');
    expect(isAlive({ text: sign({ pid: child.pid }), ageMs: 0 })).toBe(false);
  });

  test('is dead when another process has got its id', () => {
    expect(isAlive({ text: sign({ started: '1' }), ageMs: 0 })).toBe(false);
  });
});

describe('a run on another machine, or one that says nothing of its own,', () => {
  test.each([sign({ machine: 'elsewhere' }), 'no JSON', '{}', '', 'null', undefined])(
    'is alive for ten minutes after its last sign: %s',
    (text) => {
      expect(isAlive({ text, ageMs: minutes(9) })).toBe(true);
      expect(isAlive({ text, ageMs: minutes(11) })).toBe(false);
    },
  );
});

describe('a heartbeat', () => {
  test('tells nobody the name of the machine', async () => {
    const { hostname, userInfo } = await import('node:os');
    expect(own).not.toContain(hostname());
    expect(own).not.toContain(`"${userInfo().username}"`);
  });

  test('goes on after a failure, which is told once, and one beat waits for the one before it', async () => {
    const failures: unknown[] = [];
    let [beats, atOnce, most] = [0, 0, 0];
    const beating = keepBeating(
      async () => {
        most = Math.max(most, ++atOnce);
        await sleep(25);
        atOnce--;
        if (++beats < 3) throw new Error('no network');
      },
      10,
      (error) => failures.push(error),
    );
    while (beats < 5) await sleep(5);
    await beating.stop();
    const after = beats;
    await sleep(50);
    expect({ most, after: beats, failures: failures.length }).toEqual({ most: 1, after, failures: 1 });
  });
});

describe('the folder of a run', () => {
  test.each(['staged', 'kept', 'dead-letters'] as const)('is recognised: %s', (part) => {
    const runId = newRunId();
    expect(readRunFolder(runFolderName({ runId, part }))).toEqual({ runId, part });
  });

  test.each([
    '',
    'orders',
    '20261121T185504Z',
    '20261121T185504Z-9f2c41d',
    '20261121T185504Z-9F2C41D0',
    '20261121T185504Z-9f2c41d0x',
    'x20261121T185504Z-9f2c41d0',
    'archive-20261121T185504Z-9f2c41d0',
    'kept-kept-20261121T185504Z-9f2c41d0',
    '20261121T185504Z-9f2c41d0\n',
  ])('is not taken for one: %j', (name) => {
    expect(readRunFolder(name)).toBeUndefined();
  });

  test('gives twelve digits of its own', () => {
    const ids = Array.from({ length: 50 }, () => shortRunId(newRunId()));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(50);
  });
});
