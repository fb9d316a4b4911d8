// The loads of all streams of a run: each stream's table is opened when the first thing is to be done with it.
import type { Destination, OverwriteLoader, TableLoader } from '../destinations/destination.ts';
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

  of(stream: string): StreamLoads {
    return this.byStream.get(stream) ?? this.open(stream, this.destination.openTable(stream));
  }

  /** To be called before anything else is done with the stream: its loads then go into new rows, not into the table. */
  openOverwrite(stream: string): OverwriteLoader {
    const loader = this.destination.openOverwrite(stream);
    this.open(stream, loader);
    return loader;
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

  private open(stream: string, table: TableLoader): StreamLoads {
    const loads = new StreamLoads(stream, table, this.slots, this.destination, this.events);
    if (this.stopped) loads.stop();
    this.byStream.set(stream, loads);
    return loads;
  }

  private async each(work: (loads: StreamLoads) => Promise<void>): Promise<void> {
    await Promise.all([...this.byStream.values()].map(work));
  }
}
