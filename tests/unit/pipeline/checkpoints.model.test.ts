// Every run of up to six messages of up to three streams, with its batches made durable, or lost, in every order: no
// emitted STATE covers a record that is not durable, and none is held back that nothing stands in the way of.
import { expect, test } from 'vitest';
import { Checkpoints, type Unit } from '../../../src/pipeline/checkpoints.ts';

const MAX_MESSAGES = 6;
const STREAMS = [0, 1, 2];

/**
 * One thing that happens: a STATE; a record that joins its stream's open batch, or opens one (an ACTIVATE_VERSION is a
 * batch that nothing joins); a batch that becomes durable, by its place among those begun. A load that fails is a batch
 * that never does.
 */
type Step =
  | { readonly kind: 'state' }
  | { readonly kind: 'record'; readonly stream: number; readonly opens: boolean }
  | { readonly kind: 'durable'; readonly unit: number };

interface Batch extends Unit {
  readonly stream: number;
  readonly records: number[];
  isDurable: boolean;
}

/** What the input and the warehouse know, beside what is under test. */
class World {
  readonly checkpoints = new Checkpoints();
  readonly batches: Batch[] = [];
  readonly states: number[] = [];
  emitted = -1;
  messages = 0;

  take(step: Step): void {
    if (step.kind === 'durable') {
      const batch = this.batches[step.unit]!;
      batch.isDurable = true;
      this.checkpoints.durable(batch);
    } else {
      const position = this.messages++;
      if (step.kind === 'state') this.hold(position);
      else this.record(step.stream, step.opens, position);
    }
    this.release();
  }

  /** The batch that the stream's next record may join. */
  open(stream: number): Batch | undefined {
    const last = this.batches.findLast((batch) => batch.stream === stream);
    return last?.isDurable ? undefined : last;
  }

  /** The newest STATE that nothing undurable precedes: what should be out. */
  get due(): number {
    const first = Math.min(...this.batches.filter((batch) => !batch.isDurable).flatMap(({ records }) => records));
    return this.states.filter((state) => state < first).at(-1) ?? -1;
  }

  private hold(position: number): void {
    this.states.push(position);
    this.checkpoints.hold({ value: Buffer.from(String(position)), position, heldSinceMs: position });
  }

  private record(stream: number, opens: boolean, position: number): void {
    if (!opens) return void this.open(stream)!.records.push(position);
    const batch = { stream, position, records: [position], isDurable: false };
    this.batches.push(batch);
    this.checkpoints.begin(batch);
  }

  private release(): void {
    const released = this.checkpoints.release();
    if (released) this.emitted = Number(released.value.toString());
  }
}

function worldAfter(steps: readonly Step[]): World {
  const world = new World();
  for (const step of steps) world.take(step);
  return world;
}

/** All that may happen next. Streams are met in their order: which is called which makes no difference. */
function stepsFrom(world: World): readonly Step[] {
  const steps: Step[] = [];
  world.batches.forEach(({ isDurable }, unit) => {
    if (!isDurable) steps.push({ kind: 'durable', unit });
  });
  if (world.messages === MAX_MESSAGES) return steps;
  steps.push({ kind: 'state' });
  const met = new Set(world.batches.map(({ stream }) => stream)).size;
  for (const stream of STREAMS.slice(0, met + 1)) {
    steps.push({ kind: 'record', stream, opens: true });
    if (world.open(stream)) steps.push({ kind: 'record', stream, opens: false });
  }
  return steps;
}

test('in every order of events exactly the STATEs are out that everything before is durable for', () => {
  let runs = 0;
  const explore = (steps: readonly Step[]): void => {
    const world = worldAfter(steps);
    runs++;
    if (world.emitted !== world.due)
      expect.unreachable(`${world.emitted} is out, ${world.due} should be, after ${JSON.stringify(steps)}`);
    for (const step of stepsFrom(world)) explore([...steps, step]);
  };
  explore([]);
  console.log(`${runs} orders of events`);
  expect(runs).toBeGreaterThan(100_000);
});
