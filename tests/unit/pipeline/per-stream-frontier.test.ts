import { describe, expect, it, vi } from 'vitest';
import { Checkpoints, type Unit } from '../../../src/pipeline/checkpoints.ts';
import { PerStreamFrontier } from '../../../src/pipeline/per-stream-frontier.ts';
import { bookmarks } from '../../../src/protocols/singer/bookmarks.ts';
import { record, records, schema, start, state } from '../../support/scripted-run.ts';

/** The facts and the frontier over them; what went out, as text. */
class Run {
  readonly checkpoints = new Checkpoints('newest');
  readonly frontier = new PerStreamFrontier(bookmarks);
  readonly out: string[] = [];

  begin(stream: string, position: number): Unit {
    const unit = { stream, position };
    this.checkpoints.begin(unit);
    return unit;
  }

  state(position: number, value: unknown): void {
    this.checkpoints.hold({ payload: Buffer.from(JSON.stringify(value)), position, heldSinceMs: 0 });
    this.release();
  }

  durable(unit: Unit): void {
    this.checkpoints.durable(unit);
    this.release();
  }

  private release(): void {
    this.out.push(...this.frontier.release(this.checkpoints).map(String));
  }
}

const marks = (a: number, b: number, more = {}) => ({ ...more, bookmarks: { a, b } });

describe('bookmarks that wait for their own streams', () => {
  it('go out ahead of those whose stream is open, and everything else waits', () => {
    const run = new Run();
    run.state(1, marks(0, 0, { currently_syncing: 'a' }));
    const slow = run.begin('a', 2);
    const fast = run.begin('b', 3);
    run.state(4, marks(10, 20, { currently_syncing: 'b' }));
    run.durable(fast);
    run.durable(slow);
    expect(run.out.map((text) => JSON.parse(text))).toEqual([
      marks(0, 0, { currently_syncing: 'a' }),
      marks(0, 20, { currently_syncing: 'a' }),
      marks(10, 20, { currently_syncing: 'b' }),
    ]);
  });

  it('do not go out before a whole state does', () => {
    const run = new Run();
    run.begin('a', 1);
    const fast = run.begin('b', 2);
    run.state(3, marks(1, 2));
    run.durable(fast);
    expect(run.out).toEqual([]);
  });

  it('stay where they are for a stream that nothing was read of', () => {
    const run = new Run();
    run.state(1, { bookmarks: { parent: 0, child: 0, other: 0 } });
    run.begin('child', 2);
    const other = run.begin('other', 3);
    run.state(4, { bookmarks: { parent: 5, child: 5, other: 5 } });
    run.durable(other);
    expect(run.out.at(-1)).toBe('{"bookmarks":{"parent":0,"child":0,"other":5}}');
  });

  it('do not go back when the tap leaves one out', () => {
    const run = new Run();
    run.state(1, marks(0, 0));
    const slow = run.begin('a', 2);
    const first = run.begin('b', 3);
    run.state(4, marks(1, 1));
    run.durable(first);
    expect(run.out.at(-1)).toBe('{"bookmarks":{"a":0,"b":1}}');
    run.state(5, { bookmarks: { a: 2 } });
    const second = run.begin('b', 6);
    run.durable(second);
    expect(run.out.at(-1)).toBe('{"bookmarks":{"a":0,"b":1}}');
    run.durable(slow);
    expect(run.out.at(-1)).toBe('{"bookmarks":{"a":2}}');
  });

  it('go out with each state that waits for nothing', () => {
    const run = new Run();
    run.state(1, marks(1, 1));
    run.state(2, marks(2, 2));
    expect(run.out).toEqual([JSON.stringify(marks(1, 1)), JSON.stringify(marks(2, 2))]);
  });

  it('go out though their stream goes on right behind their state', () => {
    const run = new Run();
    run.state(1, marks(0, 0));
    run.begin('a', 2);
    const fast = run.begin('b', 3);
    run.state(4, marks(1, 1));
    run.begin('b', 5);
    run.durable(fast);
    expect(run.out.at(-1)).toBe(JSON.stringify(marks(0, 1)));
  });

  it('are said once, not after each commit', () => {
    const run = new Run();
    run.state(1, marks(0, 0));
    run.begin('a', 2);
    const batch = run.begin('b', 3);
    run.state(4, marks(1, 1));
    run.durable(batch);
    for (let position = 5; position < 20; position++) run.durable(run.begin('b', position));
    expect(run.out).toEqual([JSON.stringify(marks(0, 0)), JSON.stringify(marks(0, 1))]);
  });

  it('hold no more than what is open, however long a stream is', () => {
    const run = new Run();
    run.state(0, marks(0, 0));
    run.begin('a', 1);
    for (let position = 2; position < 5_000; position += 2) {
      const batch = run.begin('b', position);
      run.state(position + 1, marks(position, position));
      run.durable(batch);
      expect(run.checkpoints.held.length).toBeLessThanOrEqual(2);
    }
    expect(run.out.at(-1)).toBe(JSON.stringify(marks(0, 4998)));
  });
});

describe('a run in which one stream is slow', () => {
  const value = (a: number, b: number) => ({ bookmarks: { a: { id: a }, b: { id: b } } });
  const messages = [
    schema('a'),
    schema('b'),
    state(value(0, 0)),
    record('a', 1),
    ...records('b', 1, 100),
    state(value(1, 100)),
  ];

  it.each([
    ['says how far the other is, with bookmarks of their own', true, [value(0, 0), value(0, 100), value(1, 100)]],
    ['says nothing of the other before both are durable, by default', false, [value(0, 0), value(1, 100)]],
  ])('%s', async (_, perStream, states) => {
    const run = start({ perStream });
    run.feed(...messages);
    // the batch of b is full
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.destination.pending[0]!.commit();
    await vi.waitFor(() => expect(run.destination.committed).toHaveLength(1));
    await vi.waitFor(() => expect(run.states).toHaveLength(states.length - 1));
    run.end();
    await vi.waitFor(() => expect(run.destination.pending).toHaveLength(1));
    run.destination.pending[0]!.commit();
    await run.done;
    expect(run.states).toEqual(states);
  });
});
