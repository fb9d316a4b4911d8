import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Checkpoints, type Frontier, type Unit } from '../../../src/pipeline/checkpoints.ts';
import { GlobalFrontier, takeCovered } from '../../../src/pipeline/global-frontier.ts';

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

describe('a frontier', () => {
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
        const blocked = checkpoints.held.findIndex((held) => held.position > checkpoints.frontier(held.scope));
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
