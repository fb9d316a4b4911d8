// The loads of all streams of a run: each stream's sink is opened with its first version.
import type { Destination, StreamSink } from '../destinations/destination.ts';
import { TargetError } from '../errors/target-error.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Batch } from './batch.ts';
import { type LoadEvents, type Slots, StreamLoads } from './stream-loads.ts';

export class Loads {
  private readonly destination: Destination;
  private readonly slots: Slots;
  private readonly events: LoadEvents;
  private readonly byStream = new Map<string, StreamLoads>();
  private stopped = false;

  constructor(destination: Destination, slots: Slots, events: LoadEvents) {
    this.destination = destination;
    this.slots = slots;
    this.events = events;
  }

  /** Of a stream that was opened. */
  of(stream: string): StreamLoads {
    const loads = this.byStream.get(stream);
    if (!loads) throw new TargetError('INTERNAL', 'the stream has no sink yet', { stream });
    return loads;
  }

  /** Opens the stream's sink when it has none. To be called with each version, before anything else is done with the stream. */
  open({ stream, loadMethod }: StreamVersion): StreamSink {
    const known = this.byStream.get(stream);
    if (known) return known.sink;
    const sink = this.destination.openStream(stream, loadMethod ?? 'upsert');
    if (loadMethod === 'overwrite' && !sink.complete)
      throw new TargetError('CONFIG_INVALID', 'the destination can\'t overwrite: "load_method" must be another one', {
        stream,
      });
    const loads = new StreamLoads(stream, sink, this.slots, this.destination.pace, this.events);
    if (this.stopped) loads.stop();
    this.byStream.set(stream, loads);
    return sink;
  }

  /** Nothing more comes. Resolves when everything that was added is done, or has failed. */
  async idle(): Promise<void> {
    await this.each((loads) => loads.idle());
  }

  /** Starts nothing more; what runs goes on to its end. */
  stop(): void {
    this.stopped = true;
    for (const loads of this.byStream.values()) loads.stop();
  }

  async close(): Promise<void> {
    await this.each((loads) => loads.close());
  }

  get memoryBytes(): number {
    return this.sumOfWaiting((batch) => batch.memoryBytes);
  }

  /** Of the rows that wait: grows with them, long after their batches are staged. */
  get digestBytes(): number {
    return this.sumOfWaiting((batch) => batch.digests.byteLength);
  }

  /** How many things wait for the loads before them. */
  get queued(): number {
    let sum = 0;
    for (const loads of this.byStream.values()) sum += loads.queued;
    return sum;
  }

  private sumOfWaiting(bytesOf: (batch: Batch) => number): number {
    let sum = 0;
    for (const loads of this.byStream.values())
      if (loads.queued > 0) for (const batch of loads.waiting) sum += bytesOf(batch);
    return sum;
  }

  private async each(work: (loads: StreamLoads) => Promise<void>): Promise<void> {
    await Promise.all([...this.byStream.values()].map(work));
  }
}
