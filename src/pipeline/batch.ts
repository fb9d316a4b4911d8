// Segments of one stream version → one staged file, and what a load must know of it.
import type { StreamVersion } from '../schema/model.ts';
import type { Segment } from '../stage/chunk.ts';
import type { Stage, StagedFile, StagedFileWriter } from '../stage/store.ts';
import type { Unit } from './checkpoints.ts';

export class Batch implements Unit {
  readonly version: StreamVersion;
  readonly position: number;
  readonly openedAtMs: number;
  readonly absent = new Set<number>();
  rows = 0;
  inputBytes = 0;
  hasDeletes = false;
  digests: Uint32Array[] = [];
  private readonly writer: StagedFileWriter;
  /** Writes in order: a timer may close the batch while a segment is being written. */
  private work: Promise<void> = Promise.resolve();
  private closing: Promise<StagedFile> | undefined;

  constructor(version: StreamVersion, stage: Stage, position: number, nowMs: number) {
    this.version = version;
    this.position = position;
    this.openedAtMs = nowMs;
    this.writer = stage.create(version.stream);
  }

  /** Resolves when more may be appended. */
  append(segment: Segment): Promise<void> {
    this.rows += segment.rows;
    this.inputBytes += segment.inputBytes;
    this.hasDeletes ||= segment.hasDeletes;
    for (const column of segment.absent) this.absent.add(column);
    if (segment.digests.length > 0) this.digests.push(segment.digests);
    this.work = this.work.then(() => this.writer.write(segment.bytes));
    return this.work;
  }

  /** Resolves when the file can be loaded. */
  close(): Promise<StagedFile> {
    this.closing ??= this.work.then(() => this.writer.close());
    return this.closing;
  }

  async abort(): Promise<void> {
    await this.work.catch(() => {});
    if (!this.closing) await this.writer.abort();
  }

  /** What the batch holds of this process's memory. */
  get memoryBytes(): number {
    return this.writer.bufferedBytes + this.digests.reduce((sum, list) => sum + list.byteLength, 0);
  }

  get bufferedBytes(): number {
    return this.writer.bufferedBytes;
  }
}
