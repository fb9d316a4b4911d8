import { describe, expect, it } from 'vitest';
import type { SparkClient } from '../../../../src/destinations/iomete/client.ts';
import type { SparkSession } from '../../../../src/destinations/iomete/session.ts';
import { StatementError } from '../../../../src/destinations/iomete/statement-error.ts';
import { tableSession } from '../../../../src/destinations/iomete/table-session.ts';
import type { RetryClock } from '../../../../src/errors/retry-budget.ts';
import { TargetError } from '../../../../src/errors/target-error.ts';

/** What is done at the lakehouse, in order; failures are taken from the front of each list. */
function fakeLakehouse(failures: { open?: unknown[]; end?: unknown[] } = {}) {
  const done: string[] = [];
  let sessions = 0;
  let now = 0;
  const clock: RetryClock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    random: () => 1,
  };
  const next = (from: unknown[] | undefined) => {
    const failure = from?.shift();
    if (failure !== undefined) throw failure;
  };
  const closing = new AbortController();
  const client: SparkClient = {
    retry: { maxMs: 10_000, clock, signal: closing.signal },
    openSession: async () => {
      const name = `s${++sessions}`;
      done.push(`open ${name}`);
      next(failures.open);
      const session: SparkSession = {
        run: async () => [],
        execute: async (sql) => void done.push(`${name}: ${sql}`),
        close: async () => void done.push(`close ${name}`),
        end: async () => {
          done.push(`end ${name}`);
          next(failures.end);
        },
      };
      return session;
    },
    close: async () => closing.abort(),
  };
  return { client, done, closing, advance: (ms: number) => (now += ms) };
}

const lost = () => new StatementError('unknown', 'socket hang up');
const refused = () => new TargetError('DESTINATION_UNREACHABLE', 'https://h:1/p cannot be reached (ECONNREFUSED)');

/** Work that fails as told, then succeeds. */
const failing = (failures: unknown[]) => async (session: SparkSession) => {
  await session.execute('work');
  const failure = failures.shift();
  if (failure !== undefined) throw failure;
  return 'done';
};

describe('a table’s session', () => {
  it('after a lost answer does nothing before the old session is known to be over', async () => {
    const { client, done } = fakeLakehouse({ end: [Object.assign(new Error('hang up'), { code: 'ECONNRESET' })] });
    expect(await tableSession(() => client).use(failing([lost()]))).toBe('done');
    expect(done).toEqual(['open s1', 's1: work', 'open s2', 'end s1', 'close s2', 'open s3', 'end s1', 's3: work']);
  });

  it('comes back when the lakehouse can be reached again', async () => {
    const { client, done } = fakeLakehouse({ open: [undefined, refused(), refused()] });
    expect(await tableSession(() => client).use(failing([lost()]))).toBe('done');
    expect(done.filter((line) => line.includes('work'))).toEqual(['s1: work', 's4: work']);
  });

  it('is kept when another writer was quicker, and prepared for a repetition', async () => {
    const { client, done } = fakeLakehouse();
    const conflict = new StatementError('failed', 'org.apache.iceberg.exceptions.CommitFailedException: …');
    const use = tableSession(() => client).use(failing([conflict]), (session) => session.execute('refresh'));
    expect(await use).toBe('done');
    expect(done).toEqual(['open s1', 's1: work', 's1: refresh', 's1: work']);
  });

  it.each([
    new StatementError('failed', '[CAST_INVALID_INPUT] …'),
    new TargetError('DESTINATION_AUTH', 'https://h:1/p refused the user (HTTP 401)'),
    new TypeError('a defect'),
  ])('does not repeat what can’t pass: %s', async (failure) => {
    const { client, done } = fakeLakehouse();
    await expect(tableSession(() => client).use(failing([failure]))).rejects.toBe(failure);
    expect(done).toEqual(['open s1', 's1: work']);
  });

  it('gives up after its time, and says what was tried', async () => {
    const { client } = fakeLakehouse();
    const failures = Array.from({ length: 100 }, lost);
    await expect(tableSession(() => client).use(failing(failures))).rejects.toMatchObject({
      outcome: 'unknown',
      tried: { attempts: 6, ms: 10_000 },
    });
  });

  it('gives up on a lakehouse that does not come back', async () => {
    const { client } = fakeLakehouse({ open: [undefined, ...Array.from({ length: 100 }, refused)] });
    await expect(tableSession(() => client).use(failing([lost()]))).rejects.toMatchObject({
      code: 'DESTINATION_UNREACHABLE',
      message: 'https://h:1/p cannot be reached (ECONNREFUSED), after 6 attempts in 10 s',
    });
  });

  it('does not repeat anything once the client is closed', async () => {
    const { client, done } = fakeLakehouse();
    await client.close();
    await expect(tableSession(() => client).use(failing([lost()]))).rejects.toMatchObject({ outcome: 'unknown' });
    expect(done).toEqual(['open s1', 's1: work']);
  });
});
