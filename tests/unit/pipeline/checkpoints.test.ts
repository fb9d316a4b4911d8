import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Checkpoints, type Unit } from '../../../src/pipeline/checkpoints.ts';

const state = (position: number) => ({ value: Buffer.from(`{"at":${position}}`), position, heldSinceMs: 0 });

describe('checkpoints', () => {
  it('release a state at once when nothing before it is open', () => {
    const checkpoints = new Checkpoints();
    checkpoints.hold(state(1));
    expect(checkpoints.release()?.position).toBe(1);
    expect(checkpoints.release()).toBeUndefined();
  });

  it('hold a state back while any stream has something before it that is not durable', () => {
    const checkpoints = new Checkpoints();
    const [early, late] = [{ position: 1 }, { position: 2 }];
    checkpoints.begin(early);
    checkpoints.begin(late);
    checkpoints.hold(state(3));
    checkpoints.durable(late);
    expect(checkpoints.release()).toBeUndefined();
    checkpoints.durable(early);
    expect(checkpoints.release()?.position).toBe(3);
  });

  it('do not let what comes after a state hold it back', () => {
    const checkpoints = new Checkpoints();
    checkpoints.hold(state(1));
    checkpoints.begin({ position: 2 });
    expect(checkpoints.release()?.position).toBe(1);
  });

  it('collapse several releasable states into the newest', () => {
    const checkpoints = new Checkpoints();
    const unit = { position: 1 };
    checkpoints.begin(unit);
    for (const position of [2, 3]) checkpoints.hold(state(position));
    checkpoints.begin({ position: 4 });
    checkpoints.hold(state(5));
    checkpoints.durable(unit);
    expect(checkpoints.release()?.position).toBe(3);
    expect(checkpoints.oldestHeld?.position).toBe(5);
  });

  it('keep one state for each unit that is open, however many are held, with the time of the oldest', () => {
    const checkpoints = new Checkpoints();
    const [overwrite, batch] = [{ position: 0 }, { position: 500 }];
    checkpoints.begin(overwrite);
    for (let position = 1; position < 1000; position++) {
      if (position === 500) checkpoints.begin(batch);
      else checkpoints.hold({ ...state(position), heldSinceMs: position });
    }
    expect(checkpoints.heldCount).toBe(2);
    expect(checkpoints.oldestHeld).toMatchObject({ position: 499, heldSinceMs: 1 });
    checkpoints.durable(batch);
    expect(checkpoints.heldCount).toBe(1);
    expect(checkpoints.oldestHeld).toMatchObject({ position: 999, heldSinceMs: 1 });
    checkpoints.durable(overwrite);
    expect(checkpoints.release()?.position).toBe(999);
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
            open.push({ position });
            checkpoints.begin(open.at(-1)!);
          } else if (kind === 'hold') {
            held.push(position);
            checkpoints.hold(state(position));
          } else if (open.length > 0) {
            const [unit] = open.splice(pick % open.length, 1);
            checkpoints.durable(unit!);
          }
          const covered = held.filter((at) => open.every((unit) => unit.position > at));
          expect(checkpoints.release()?.position).toBe(covered.at(-1));
          held = held.filter((at) => !covered.includes(at));
          expect(checkpoints.heldCount).toBeLessThanOrEqual(open.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
