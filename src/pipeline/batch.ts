// Segments of one stream version → one staged file and what a load must know of it; and a file of the records set aside.

import type { RowsFile } from '../formats/rows-file.ts';
import type { Segment } from '../formats/segment.ts';
import type { StagedFile, StagedFileWriter } from '../formats/staged-file.ts';
import { DigestList } from '../memory/digest-list.ts';
import { free } from '../memory/free.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Stage } from '../stage/store.ts';
import type { Unit } from './checkpoints.ts';

export interface BatchStages {
  /** A new file for rows of the version. */
  openRows(version: StreamVersion): RowsFile;
  /** Its files stay. */
  readonly deadLetters: Stage;
}

export class Batch implements Unit {
  readonly version: StreamVersion;
  readonly position: number;
  readonly openedAtMs: number;
  readonly absent = new Set<number>();
  /** Per column, values other than null; empty where nobody asks. */
  readonly values: number[] = [];
  rows = 0;
  /** Records set aside: they are durable when their file is. */
  deadLetters = 0;
  inputBytes = 0;
  hasDeletes = false;
  readonly digests = new DigestList();
  private readonly stages: BatchStages;
  private readonly writer: RowsFile;
  private deadLetterWriter: StagedFileWriter | undefined;
  /** Writes in order: a timer may close the batch while a segment is being written. */
  private work: Promise<void> = Promise.resolve();
  private closing: Promise<StagedFile> | undefined;

  constructor(version: StreamVersion, stages: BatchStages, position: number, nowMs: number) {
    this.version = version;
    this.position = position;
    this.openedAtMs = nowMs;
    this.stages = stages;
    this.writer = stages.openRows(version);
  }

  get stream(): string {
    return this.version.stream;
  }

  /** Resolves when more may be appended. */
  append(segment: Segment): Promise<void> {
    this.rows += segment.rows;
    this.inputBytes += segment.inputBytes;
    this.hasDeletes ||= segment.hasDeletes;
    for (const column of segment.absent) this.absent.add(column);
    for (const [column, count] of segment.values.entries()) this.values[column] = (this.values[column] ?? 0) + count;
    this.digests.append(segment.digests);
    free(segment.digests);
    this.deadLetters += segment.deadLetters?.offsets.length ?? 0;
    this.work = this.work.then(() => this.write(segment));
    return this.work;
  }

  private async write(segment: Segment): Promise<void> {
    if (segment.rows > 0) await this.writer.append(segment);
    if (!segment.deadLetters) return;
    this.deadLetterWriter ??= this.stages.deadLetters.create(this.version.stream);
    await this.deadLetterWriter.write(segment.deadLetters.bytes);
  }

  /** Resolves when the rows can be loaded, and the records set aside are durable. */
  close(): Promise<StagedFile> {
    this.closing ??= this.work.then(async () => {
      await this.deadLetterWriter?.close();
      return this.writer.close();
    });
    return this.closing;
  }

  async abort(): Promise<void> {
    await this.work.catch(() => {});
    if (this.closing) return;
    await Promise.all([this.writer.abort(), this.deadLetterWriter?.abort()]);
  }

  /** What the batch holds of this process's memory. */
  get memoryBytes(): number {
    return this.bufferedBytes + this.digests.byteLength;
  }

  get bufferedBytes(): number {
    return this.writer.bufferedBytes + (this.deadLetterWriter?.bufferedBytes ?? 0);
  }
}
