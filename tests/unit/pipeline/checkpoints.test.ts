import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Checkpoints, type Frontier, type Unit } from '../../../src/pipeline/checkpoints.ts';
import { GlobalFrontier, takeCovered } from '../../../src/pipeline/global-frontier.ts';
import { PerStreamFrontier } from '../../../src/pipeline/per-stream-frontier.ts';
import { bookmarks } from '../../../src/protocols/singer/bookmarks.ts';

const state = (position: number) => ({ payload: Buffer.from(`{"at":${position}}`), position, heldSinceMs: 0 });
const unitAt = (position: number, stream = 'a'): Unit => ({ stream, position });

describe('checkpoints', () => {
  it('release a state at once when nothing before it is open', () => {
    const checkpoints = new Checkpoints();
    checkpoints.hold(state(1));
    expect(takeCovered(checkpoints)?.position).toBe(1);
    expect(takeCovered(checkpoints)).toBeUndefined();
  });

  it('hold a state back while any stream has something before it that is not durable', () => {
    const checkpoints = new Checkpoints();
    const [early, late] = [unitAt(1), unitAt(2)];
    checkpoints.begin(early);
    checkpoints.begin(late);
    checkpoints.hold(state(3));
    checkpoints.durable(late);
    expect(takeCovered(checkpoints)).toBeUndefined();
    checkpoints.durable(early);
    expect(takeCovered(checkpoints)?.position).toBe(3);
  });

  it('do not let what comes after a state hold it back', () => {
    const checkpoints = new Checkpoints();
    checkpoints.hold(state(1));
    checkpoints.begin(unitAt(2));
    expect(takeCovered(checkpoints)?.position).toBe(1);
  });

  it('collapse several releasable states into the newest', () => {
    const checkpoints = new Checkpoints();
    const unit = unitAt(1);
    checkpoints.begin(unit);
    for (const position of [2, 3]) checkpoints.hold(state(position));
    checkpoints.begin(unitAt(4));
    checkpoints.hold(state(5));
    checkpoints.durable(unit);
    expect(takeCovered(checkpoints)?.position).toBe(3);
    expect(checkpoints.held[0]?.position).toBe(5);
  });

  it('keep one state for each unit that is open, however many are held, with the time of the oldest', () => {
    const checkpoints = new Checkpoints();
    const [overwrite, batch] = [unitAt(0), unitAt(500)];
    checkpoints.begin(overwrite);
    for (let position = 1; position < 1000; position++) {
      if (position === 500) checkpoints.begin(batch);
      else checkpoints.hold({ ...state(position), heldSinceMs: position });
    }
    expect(checkpoints.held.length).toBe(2);
    expect(checkpoints.held[0]).toMatchObject({ position: 499, heldSinceMs: 1 });
    checkpoints.durable(batch);
    expect(checkpoints.held.length).toBe(1);
    expect(checkpoints.held[0]).toMatchObject({ position: 999, heldSinceMs: 1 });
    checkpoints.durable(overwrite);
    expect(takeCovered(checkpoints)?.position).toBe(999);
  });

  it('never release a state that an open unit precedes, and always the newest that none precedes', () => {
    const moves = fc.array(fc.record({ kind: fc.constantFrom('begin', 'hold', 'durable'), pick: fc.nat() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(moves, (steps) => {
        const checkpoints = new Checkpoints();
        const open: Unit[] = [];
        let held: number[] = [];
        let position = 0;
        for (const { kind, pick } of steps) {
          position++;
          if (kind === 'begin') {
            open.push(unitAt(position));
            checkpoints.begin(open.at(-1)!);
          } else if (kind === 'hold') {
            held.push(position);
            checkpoints.hold(state(position));
          } else if (open.length > 0) {
            const [unit] = open.splice(pick % open.length, 1);
            checkpoints.durable(unit!);
          }
          const covered = held.filter((at) => open.every((unit) => unit.position > at));
          expect(takeCovered(checkpoints)?.position).toBe(covered.at(-1));
          held = held.filter((at) => !covered.includes(at));
          expect(checkpoints.held.length).toBeLessThanOrEqual(open.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is held', () => {
  const positions = (checkpoints: Checkpoints) => checkpoints.held.map(({ position }) => position);
  const commit = (checkpoints: Checkpoints, position: number) => {
    const unit = unitAt(position, 'other');
    checkpoints.begin(unit);
    checkpoints.durable(unit);
  };

  it('are states that something open stands between, in whatever order that began', () => {
    const checkpoints = new Checkpoints();
    for (const position of [1, 20, 10]) checkpoints.begin(unitAt(position));
    for (const position of [5, 15, 25]) checkpoints.hold(state(position));
    expect(positions(checkpoints)).toEqual([5, 15, 25]);
    commit(checkpoints, 30);
    expect(positions(checkpoints)).toEqual([5, 15, 25]);
    expect(checkpoints.durableCount).toBe(1);
  });

  it('are states from the very beginning of the input, too', () => {
    const checkpoints = new Checkpoints();
    checkpoints.hold(state(0));
    checkpoints.begin(unitAt(1));
    checkpoints.hold(state(2));
    commit(checkpoints, 3);
    expect(positions(checkpoints)).toEqual([0, 2]);
  });

  it('is one state where what is open stands behind both', () => {
    const checkpoints = new Checkpoints();
    checkpoints.begin(unitAt(9));
    checkpoints.hold(state(3));
    checkpoints.hold(state(5));
    expect(positions(checkpoints)).toEqual([5]);
  });

  it('are states of several streams beside each other', () => {
    const checkpoints = new Checkpoints();
    checkpoints.hold({ ...state(1), scope: 'a' });
    checkpoints.hold({ ...state(2), scope: 'b' });
    checkpoints.hold({ ...state(3), scope: 'b' });
    expect(positions(checkpoints)).toEqual([1, 3]);
  });
});

describe('a frontier', () => {
  it('stands before the first thing that is open, whatever began first', () => {
    const checkpoints = new Checkpoints();
    expect(checkpoints.durableUpTo()).toBe(Number.POSITIVE_INFINITY);
    for (const position of [9, 5, 4, 7]) checkpoints.begin(unitAt(position, position === 4 ? 'b' : 'a'));
    expect([checkpoints.durableUpTo(), checkpoints.durableUpTo('a'), checkpoints.durableUpTo('b')]).toEqual([3, 4, 3]);
  });

  it('keeps no state that a newer one stands for', () => {
    for (const frontier of [new GlobalFrontier(), new PerStreamFrontier(bookmarks)]) {
      const checkpoints = new Checkpoints(frontier.keeps);
      checkpoints.begin(unitAt(1));
      for (const position of [2, 3, 4]) checkpoints.hold(state(position));
      expect(checkpoints.held).toHaveLength(1);
    }
  });

  it('of all streams gives the payload of the newest state that is covered', () => {
    const checkpoints = new Checkpoints();
    const unit = unitAt(1);
    checkpoints.begin(unit);
    checkpoints.hold(state(2));
    expect(new GlobalFrontier().release(checkpoints)).toEqual([]);
    checkpoints.durable(unit);
    expect(new GlobalFrontier().release(checkpoints)).toEqual([Buffer.from('{"at":2}')]);
    expect(new GlobalFrontier().release(checkpoints)).toEqual([]);
  });

  it('may give each state in order, those of one stream without waiting for the others', () => {
    const each: Frontier = {
      keeps: 'each',
      release: (checkpoints) => {
        const blocked = checkpoints.held.findIndex((held) => held.position > checkpoints.durableUpTo(held.scope));
        const covered = checkpoints.held.slice(0, blocked < 0 ? undefined : blocked);
        checkpoints.forget(covered);
        return covered.map(({ payload }) => payload);
      },
    };
    const checkpoints = new Checkpoints(each.keeps);
    const units = [unitAt(1, 'a'), unitAt(2, 'b')] as const;
    for (const unit of units) checkpoints.begin(unit);
    checkpoints.hold({ ...state(3), scope: 'b' });
    checkpoints.hold({ ...state(4), scope: 'b' });
    checkpoints.hold(state(5));
    const texts = () => each.release(checkpoints).map(String);
    expect(texts()).toEqual([]);
    checkpoints.durable(units[1]);
    expect(texts()).toEqual(['{"at":3}', '{"at":4}']);
    checkpoints.durable(units[0]);
    expect(texts()).toEqual(['{"at":5}']);
  });
});
