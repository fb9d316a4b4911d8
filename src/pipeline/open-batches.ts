// The open batch of each stream: filled by segments, closed by size, age, memory or a barrier.

import type { Segment } from '../formats/segment.ts';
import type { StreamVersion } from '../schema/model.ts';
import { Batch, type BatchStages } from './batch.ts';
import { type BatchLimits, isFull, isOld, mustCloseBefore } from './triggers.ts';

export interface BatchSettings {
  readonly limits: BatchLimits;
  /** A full batch closes those of all other streams, too. */
  readonly flushAllStreams: boolean;
}

export class OpenBatches {
  private readonly stages: BatchStages;
  private readonly settings: BatchSettings;
  private readonly onOpen: (batch: Batch) => void;
  private readonly onClose: (batch: Batch) => void;
  private readonly batches = new Map<string, Batch>();
  private flushDue = false;

  constructor(
    stages: BatchStages,
    settings: BatchSettings,
    onOpen: (batch: Batch) => void,
    onClose: (batch: Batch) => void,
  ) {
    this.stages = stages;
    this.settings = settings;
    this.onOpen = onOpen;
    this.onClose = onClose;
  }

  /** Resolves when more may be appended. */
  async append(version: StreamVersion, segment: Segment, position: number): Promise<void> {
    const { limits } = this.settings;
    const open = this.batches.get(version.stream);
    if (open && mustCloseBefore(open, segment.rows, limits)) this.closeFull(version.stream);
    const batch = this.batches.get(version.stream) ?? this.open(version, position);
    await batch.append(segment);
    // a timer may have closed it meanwhile
    if (this.batches.get(version.stream) === batch && isFull(batch, limits)) this.closeFull(version.stream);
  }

  /** All rows of a stretch of input have been appended: with `flushAllStreams`, what one full batch takes with it closes now. */
  endOfRange(): void {
    if (this.flushDue) this.closeAll();
    this.flushDue = false;
  }

  close(stream: string): void {
    const batch = this.batches.get(stream);
    if (!batch) return;
    this.batches.delete(stream);
    this.onClose(batch);
  }

  closeAll(): void {
    for (const stream of [...this.batches.keys()]) this.close(stream);
  }

  closeOld(nowMs: number): void {
    for (const [stream, batch] of [...this.batches]) if (isOld(batch, this.settings.limits, nowMs)) this.close(stream);
  }

  /** Closes the batches that hold anything from before a place in the input. */
  closeBefore(position: number): void {
    for (const [stream, batch] of [...this.batches]) if (batch.position < position) this.close(stream);
  }

  /** @returns false when no open batch holds memory. */
  closeLargest(): boolean {
    let largest: Batch | undefined;
    for (const batch of this.batches.values()) if (batch.memoryBytes > (largest?.memoryBytes ?? 0)) largest = batch;
    if (largest) this.close(largest.version.stream);
    return largest !== undefined;
  }

  async abortAll(): Promise<void> {
    const batches = [...this.batches.values()];
    this.batches.clear();
    await Promise.all(batches.map((batch) => batch.abort()));
  }

  get memoryBytes(): number {
    let sum = 0;
    for (const batch of this.batches.values()) sum += batch.memoryBytes;
    return sum;
  }

  private open(version: StreamVersion, position: number): Batch {
    const batch = new Batch(version, this.stages, position, Date.now());
    this.batches.set(version.stream, batch);
    this.onOpen(batch);
    return batch;
  }

  private closeFull(stream: string): void {
    this.close(stream);
    this.flushDue = this.settings.flushAllStreams;
  }
}
