// Every run of up to six messages of up to three streams, with its batches made durable, or lost, in every order: no
// emitted STATE covers a record that is not durable, and none is held back that nothing stands in the way of. The same
// for each bookmark where `state_frontier` is `per_stream`.
import { expect, test } from 'vitest';
import { Checkpoints, type Frontier, type Unit } from '../../../src/pipeline/checkpoints.ts';
import { GlobalFrontier } from '../../../src/pipeline/global-frontier.ts';
import { PerStreamFrontier } from '../../../src/pipeline/per-stream-frontier.ts';
import { bookmarks } from '../../../src/protocols/singer/bookmarks.ts';

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
  readonly records: number[];
  isDurable: boolean;
}

/** What the input and the warehouse know, beside what is under test. */
class World {
  readonly checkpoints = new Checkpoints();
  readonly frontier: Frontier;
  private readonly hasBookmarks: boolean;
  readonly batches: Batch[] = [];
  readonly states: number[] = [];
  /** The position of the STATE that is out; with `per_stream` that of each bookmark in it, by stream. */
  emitted = -1;
  bookmarks: Readonly<Record<string, number>> = {};
  messages = 0;

  constructor(frontier: Frontier) {
    this.frontier = frontier;
    this.hasBookmarks = frontier instanceof PerStreamFrontier;
  }

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
    const last = this.batches.findLast((batch) => batch.stream === String(stream));
    return last?.isDurable ? undefined : last;
  }

  /** The newest STATE that nothing undurable precedes: what should be out. */
  get due(): number {
    const first = Math.min(...this.batches.filter((batch) => !batch.isDurable).flatMap(({ records }) => records));
    return this.states.filter((state) => state < first).at(-1) ?? -1;
  }

  /** The newest bookmark of the stream that no record of the stream is before, and not durable. */
  bookmarkDue(stream: number): number {
    const own = this.batches.filter((batch) => batch.stream === String(stream));
    // a stream that nothing was read of may have children: it goes with all others
    if (own.length === 0) return this.due;
    const first = Math.min(...own.filter((batch) => !batch.isDurable).flatMap(({ records }) => records));
    return this.states.filter((state) => state < first).at(-1) ?? -1;
  }

  private hold(position: number): void {
    this.states.push(position);
    const marks = STREAMS.map((stream) => `"${stream}":${position}`).join();
    const text = this.hasBookmarks ? `{"at":${position},"bookmarks":{${marks}}}` : String(position);
    const payload = Buffer.from(text);
    this.checkpoints.hold({ payload, position, heldSinceMs: position });
  }

  private record(stream: number, opens: boolean, position: number): void {
    if (!opens) return void this.open(stream)!.records.push(position);
    const batch = { stream: String(stream), position, records: [position], isDurable: false };
    this.batches.push(batch);
    this.checkpoints.begin(batch);
  }

  private release(): void {
    for (const payload of this.frontier.release(this.checkpoints)) {
      const value = JSON.parse(payload.toString());
      this.emitted = value.at ?? value;
      this.bookmarks = value.bookmarks ?? {};
    }
  }
}

function worldAfter(steps: readonly Step[], frontier: Frontier): World {
  const world = new World(frontier);
  for (const step of steps) world.take(step);
  return world;
}

/** All that may happen next. Streams are met in their order: which is called which makes no difference. */
function stepsFrom(world: World, maxMessages: number): readonly Step[] {
  const steps: Step[] = [];
  world.batches.forEach(({ isDurable }, unit) => {
    if (!isDurable) steps.push({ kind: 'durable', unit });
  });
  if (world.messages === maxMessages) return steps;
  steps.push({ kind: 'state' });
  const met = new Set(world.batches.map(({ stream }) => stream)).size;
  for (const stream of STREAMS.slice(0, met + 1)) {
    steps.push({ kind: 'record', stream, opens: true });
    if (world.open(stream)) steps.push({ kind: 'record', stream, opens: false });
  }
  return steps;
}

/** Visits every order of events. @returns how many */
function explore(
  maxMessages: number,
  frontierOf: () => Frontier,
  problemOf: (world: World, last: Step | undefined) => string | undefined,
): number {
  let runs = 0;
  const visit = (steps: readonly Step[]): void => {
    const world = worldAfter(steps, frontierOf());
    runs++;
    const problem = problemOf(world, steps.at(-1));
    if (problem !== undefined) expect.unreachable(`${problem}, after ${JSON.stringify(steps)}`);
    for (const step of stepsFrom(world, maxMessages)) visit([...steps, step]);
  };
  visit([]);
  console.log(`${runs} orders of events`);
  return runs;
}

test('in every order of events exactly the STATEs are out that everything before is durable for', () => {
  const runs = explore(
    6,
    () => new GlobalFrontier(),
    ({ emitted, due }) => (emitted === due ? undefined : `${emitted} is out, ${due} should be`),
  );
  expect(runs).toBeGreaterThan(100_000);
});

test('in every order of events exactly the bookmarks are out that are durable in their streams', () => {
  const runs = explore(
    5,
    () => new PerStreamFrontier(bookmarks),
    (world, last) => {
      if (world.emitted !== world.due) return `the rest is of ${world.emitted}, and should be of ${world.due}`;
      if (world.emitted < 0) return undefined;
      for (const stream of STREAMS) {
        const [out, due] = [world.bookmarks[stream]!, world.bookmarkDue(stream)];
        if (out > due) return `bookmark ${out} of ${stream} is not true: ${due} is`;
        // a STATE that something open precedes waits for the next commit
        if (out < due && last?.kind === 'durable') return `bookmark ${out} of ${stream} is out, ${due} should be`;
      }
      return undefined;
    },
  );
  expect(runs).toBeGreaterThan(100_000);
});
