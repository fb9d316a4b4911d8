// Segments, versions, files and sinks of the simplest kind, for tests of one part of the pipeline.
import type {
  Load,
  LoadOutcome,
  ParquetLoad,
  ParquetOutcome,
  StreamSink,
} from '../../../src/destinations/destination.ts';
import type { RowsFile } from '../../../src/formats/rows-file.ts';
import type { Segment } from '../../../src/formats/segment.ts';
import type { StagedFile, StagedFileWriter } from '../../../src/formats/staged-file.ts';
import { Batch, type BatchStages } from '../../../src/pipeline/batch.ts';
import type { LoadEvents } from '../../../src/pipeline/stream-loads.ts';
import { jsonKind, type StreamVersion } from '../../../src/schema/model.ts';

export function versionOf(stream: string, more: Partial<StreamVersion> = {}): StreamVersion {
  return {
    id: 0,
    stream,
    table: { schema: 's', table: stream },
    columns: ['id', 'name'].map((name) => ({
      path: [name],
      name,
      type: { kind: 'bigint' },
      accepts: jsonKind.number,
    })),
    keys: [0],
    metadata: false,
    deletes: 'ignore',
    ...more,
  };
}

export function segmentOf(stream: string, rows: number, more: Partial<Segment> = {}): Segment {
  return {
    stream,
    versionId: 0,
    rows,
    inputOffset: 0,
    lastOffset: 0,
    bytes: new Uint8Array(rows),
    inputBytes: rows * 10,
    slowLines: 0,
    digests: new Uint32Array(0),
    absent: [],
    values: new Uint32Array(0),
    notes: [],
    ignored: [],
    deadLetters: undefined,
    hasDeletes: false,
    ...more,
  };
}

export const deadLettersAt = (...offsets: number[]) => ({ offsets, bytes: new Uint8Array(offsets.length) });

/** What was done with the files of batches, in its order. */
export class Files {
  readonly done: string[] = [];
  /** Bytes that a file of rows says it holds. */
  buffered = 0;
  /** What closing a file of rows waits for. */
  closing: Promise<void> = Promise.resolve();
  private count = 0;

  readonly stages: BatchStages = {
    openRows: ({ stream }) => this.rowsOf(stream),
    deadLetters: {
      check: async () => {},
      create: (name) => this.lettersOf(name),
      remove: async () => {},
      close: async () => {},
    },
  };

  private rowsOf(stream: string): RowsFile {
    const file = this.file(stream);
    const { done } = this;
    const buffered = () => this.buffered;
    return {
      append: async ({ rows }) => {
        done.push(`${file.key} gets ${rows}`);
      },
      close: async () => {
        await this.closing;
        done.push(`${file.key} is closed`);
        return file;
      },
      abort: async () => {
        done.push(`${file.key} is dropped`);
      },
      get bufferedBytes() {
        return buffered();
      },
    };
  }

  private lettersOf(stream: string): StagedFileWriter {
    const file = this.file(`letters of ${stream}`);
    const { done } = this;
    return {
      write: async ({ length }) => {
        done.push(`${file.key} get ${length}`);
      },
      close: async () => {
        done.push(`${file.key} are closed`);
        return file;
      },
      abort: async () => {
        done.push(`${file.key} are dropped`);
      },
      bufferedBytes: 5,
    };
  }

  private file(name: string): StagedFile {
    const key = `${name} ${this.count++}`;
    return { key, location: key, bytes: 1 };
  }
}

/** A batch with these segments, each of so many rows. */
export async function batchOf(files: Files, version: StreamVersion, ...segments: (number | Partial<Segment>)[]) {
  const batch = new Batch(version, files.stages, 0, 0);
  for (const more of segments) {
    const of = typeof more === 'number' ? { rows: more } : more;
    await batch.append(segmentOf(version.stream, of.rows ?? 1, of));
  }
  return batch;
}

/** A sink that does at once what it is told, and notes it. */
export class NotingSink implements StreamSink {
  readonly done: string[] = [];
  readonly loads: Load[] = [];
  outcome: LoadOutcome = { inexact: new Map(), deduplicated: 0, deleted: 0 };
  parquet: ParquetOutcome = {
    ...{ rows: 7, hasDeletes: false, discarded: new Map() },
    ...{ inexact: new Map(), deduplicated: 0, deleted: 0 },
  };
  discards: Awaited<ReturnType<StreamSink['prepare']>>;
  /** What a commit waits for. */
  free: Promise<void> = Promise.resolve();

  async prepare({ id }: StreamVersion) {
    this.done.push(`prepare ${id}`);
    return this.discards;
  }

  create(): RowsFile {
    throw new Error('no test asks for it');
  }

  async commit(load: Load) {
    await this.free;
    this.loads.push(load);
    this.done.push(`commit ${load.rows}`);
    return this.outcome;
  }

  drop(files: readonly StagedFile[]): void {
    if (files.length > 0) this.done.push(`drop ${files.map(({ key }) => key).join(', ')}`);
  }

  async commitFiles({ files }: ParquetLoad) {
    this.done.push(`commit files ${files.map(({ name }) => name).join(', ')}`);
    return this.parquet;
  }

  async expire(_: StreamVersion, below: bigint) {
    this.done.push(`expire ${below}`);
  }

  async complete() {
    this.done.push('complete');
    return this.outcome.inexact;
  }

  async close() {
    this.done.push('close');
  }
}

/** Events, each as a line. */
export function notedEvents(): { readonly said: string[]; readonly events: LoadEvents } {
  const said: string[] = [];
  const say =
    (what: string) =>
    (...facts: unknown[]) => {
      said.push(
        [what, ...facts.map((fact) => (typeof fact === 'object' ? JSON.stringify(fact) : String(fact)))].join(' '),
      );
    };
  return {
    said,
    events: {
      durable: (units) => say('durable')(units.map(({ stream, position }) => `${stream}@${position}`).join(' ')),
      discarded: ({ id }, discard) => say('discarded')(id, discard),
      overwritten: ({ stream }, isDiscarded) => say('overwritten')(stream, isDiscarded),
      failed: ({ code, context }) => say('failed')(code, context.stream),
      counted: ({ id }, { rows }) => say('counted')(id, rows),
      inexact: ({ id }, column, count) => say('inexact')(id, column, count),
      refused: ({ code, context }) => say('refused')(code, context.stream),
      prepared: () => say('prepared')(),
      loading: say('loading'),
      loaded: (stream, rows, seconds) => say('loaded')(stream, rows, seconds >= 0 && seconds < 60 ? 'soon' : seconds),
    },
  };
}
