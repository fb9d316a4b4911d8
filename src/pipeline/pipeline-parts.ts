// What a pipeline is made of, and how it tells what happens: for whoever sets one up, or watches it.
import type { Destination } from '../destinations/destination.ts';
import type { Log } from '../errors/log.ts';
import type { BatchFiles } from '../input/batch-files.ts';
import type { ColumnNote, FieldCount } from '../report/facts.ts';
import type { Column } from '../schema/model.ts';
import type { Stage } from '../stage/store.ts';
import type { Frontier } from './checkpoints.ts';
import type { Intake } from './intake.ts';
import type { BatchSettings } from './open-batches.ts';
import type { OverwriteRequires } from './overwrites.ts';
import type { LoadEvents, Slots } from './stream-loads.ts';

export interface PipelineSettings extends BatchSettings {
  /** Bytes of staged data and key digests that may be in memory; above, batches close and the input waits. */
  readonly memoryBudgetBytes: number;
  /** A STATE that is held longer closes the batches that it waits for. */
  readonly stateMaxLagMs: number;
  /** After an interruption, so long may what was read still be loaded. */
  readonly shutdownMs: number;
  /** What tells that a stream is complete and may be overwritten. */
  readonly overwriteRequires: OverwriteRequires;
  /** Chunks that may be on their way through the encoders. */
  readonly chunksAhead: number;
  /** Records that may be set aside before the run ends; undefined for any number. */
  readonly maxDeadLetters: number | undefined;
}

/** What a person or a log wants to know while it happens. */
export interface PipelineEvents extends Pick<LoadEvents, 'loading' | 'loaded' | 'discarded'> {
  /** The destination is there, and the input is being read. */
  reading(): void;
  read(stream: string, rows: number): void;
  /** Values of a column that did not arrive exactly as sent. */
  noted(stream: string, column: Column, note: ColumnNote): void;
  /** Values of a field that no column takes. */
  ignored(stream: string, field: FieldCount): void;
  /** Records that were set aside. */
  setAside(stream: string, records: number): void;
  /** What was loaded of the stream is in no table after all: its overwrite did not come to its end. */
  abandoned(stream: string): void;
  /** Bytes of the input, or of files that a BATCH names. `isBlank`: they hold blank lines only. */
  input(bytes: number, isBlank: boolean): void;
  state(): void;
}

export interface PipelineParts {
  readonly intake: Intake;
  /** Ends the input at once. */
  readonly stopInput: () => void;
  /** Where records go that are set aside: its files stay. */
  readonly deadLetters: Stage;
  readonly batchFiles: BatchFiles;
  readonly destination: Destination;
  readonly slots: Slots;
  /** Which states go out. */
  readonly frontier: Frontier;
  readonly states: { emit(payload: Buffer): void };
  readonly events: PipelineEvents;
  readonly log: Log;
}
