// The Parquet files that BATCH messages name → one load that the destination does from the files themselves.
import type { ParquetLoad, ParquetOutcome, StreamSink } from '../destinations/destination.ts';
import { TargetError } from '../errors/target-error.ts';
import type { BatchFiles, PlacedFile } from '../input/batch-files.ts';
import type { FilesEvent } from '../protocols/front-end.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { Unit } from './checkpoints.ts';

/** One BATCH: a STATE behind it waits until its rows are durable. */
export class ParquetBatch implements Unit {
  readonly position: number;
  readonly version: StreamVersion;
  readonly receivedAt = new Date();
  private readonly message: FilesEvent;
  private readonly files: BatchFiles;
  private placed: PlacedFile[] = [];

  /** @param position of the message, @param version of its stream that is in force */
  constructor(message: FilesEvent, version: StreamVersion, files: BatchFiles, position: number) {
    this.message = message;
    this.version = version;
    this.files = files;
    this.position = position;
  }

  get stream(): string {
    return this.message.stream;
  }

  get fileCount(): number {
    return this.message.manifest.length;
  }

  /** @throws TargetError INPUT_BATCH_FILE */
  async place(): Promise<ParquetLoad['files']> {
    const { version, timeExtracted, line } = this.message;
    for (const name of this.message.manifest) this.placed.push(await this.placeOne(name));
    return this.placed.map((file) => ({
      ...file,
      line,
      receivedAt: this.receivedAt,
      tableVersion: version === undefined ? undefined : BigInt(version),
      extractedAt: timeExtracted === undefined ? undefined : String(JSON.parse(timeExtracted)),
    }));
  }

  private async placeOne(name: string): Promise<PlacedFile> {
    try {
      return await this.files.place(name);
    } catch (error) {
      throw error instanceof TargetError ? error.at({ line: this.message.line }) : error;
    }
  }

  /** The outcome of the load is known. */
  async release(): Promise<void> {
    await this.files.release(this.placed);
    this.placed = [];
  }
}

/** All of one stream version, contiguous in the input, in one commit. */
export async function loadParquet(sink: StreamSink, batches: readonly ParquetBatch[]): Promise<ParquetOutcome> {
  const files = [];
  for (const batch of batches) files.push(...(await batch.place()));
  if (files.length === 0)
    return { rows: 0, hasDeletes: false, discarded: new Map(), inexact: new Map(), deduplicated: 0, deleted: 0 };
  const { version } = batches[0]!;
  if (!sink.commitFiles)
    throw new TargetError('INPUT_BATCH_ENCODING', 'this destination takes no Parquet files', {
      stream: version.stream,
    });
  return sink.commitFiles({ version, files, batchedAt: new Date() });
}
