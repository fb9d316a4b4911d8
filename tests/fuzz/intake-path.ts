// Bytes of a tap → rows, instructions and failure, by the real reader, framer, router and one of the encoders.

import type { EncoderSettings, RangeResult } from '../../src/encode/chunk.ts';
import { EncodePool } from '../../src/encode/encode-pool.ts';
import { TargetError } from '../../src/errors/target-error.ts';
import { type StagedColumn, stagedLayout } from '../../src/formats/layout.ts';
import type { Segment } from '../../src/formats/segment.ts';
import { SlabReader } from '../../src/input/slab-reader.ts';
import type { EncodedChunk, Instruction } from '../../src/pipeline/encoded-chunk.ts';
import { Intake } from '../../src/pipeline/intake.ts';
import { Streams } from '../../src/pipeline/streams.ts';
import { singer } from '../../src/protocols/singer/index.ts';
import type { StreamVersion } from '../../src/schema/model.ts';
import { type StreamVersionOptions, streamVersion } from '../../src/schema/stream-version.ts';
import { type CsvField, readCsv } from '../support/csv.ts';
import { readPages } from '../support/parquet-pages.ts';
import { readField } from '../unit/encode/row-oracle.ts';
import { MAX_LINE_BYTES } from './line-oracle.ts';

const SLAB_BYTES = 4096;

/** Of one input. Texts, so that two of them are soon compared. */
export interface Outcome {
  /** By their order in the input: version and fields. */
  readonly rows: readonly string[];
  /** By the same order. */
  readonly digests: readonly string[];
  readonly instructions: readonly string[];
  /** Columns that lack values, hold approximate ones, JSON text, NULL instead; delete markers; records set aside. */
  readonly notes: readonly string[];
  /** 1-based. */
  readonly failedLine: number | undefined;
  readonly code: string | undefined;
}

/** One way through the front end, for inputs that continue each other: streams and what the encoder has learned stay. */
export class IntakePath {
  readonly form: string;
  private readonly pool: EncodePool;
  private readonly streams: Streams;
  private readonly versions = new Map<number, StreamVersion>();

  constructor(
    settings: Omit<EncoderSettings, 'recordLine' | 'compression' | 'maxSegmentRows'>,
    options: StreamVersionOptions,
  ) {
    this.form = `${settings.format}, row loop ${settings.rowLoop}`;
    const inline = { workers: 0, slabBytes: SLAB_BYTES, inlineBytes: Number.POSITIVE_INFINITY };
    this.pool = new EncodePool({
      ...settings,
      ...inline,
      recordLine: singer.recordLine,
      compression: 'none',
      maxSegmentRows: 1_000,
    });
    this.streams = new Streams((message, id, known) => streamVersion(message, options, id, known));
  }

  /** @param parts one read each */
  async take(parts: readonly Buffer[]): Promise<Outcome> {
    const waiting = [...parts];
    const source = { read: async () => waiting.shift(), close: () => {} };
    const reader = new SlabReader(source, this.pool, { maxWaitMs: 10_000, maxLineBytes: MAX_LINE_BYTES });
    const intake = new Intake(reader, singer, this.streams, this.pool, noFiles, MAX_LINE_BYTES);
    const taken = new Taken();
    while (!taken.failure) {
      const chunk = await intake.next();
      if (!chunk) break;
      await this.add(chunk, taken);
    }
    return taken.outcome();
  }

  private async add(chunk: EncodedChunk, taken: Taken): Promise<void> {
    const results = await chunk.results;
    // those behind a failure, too: the next input goes on with them
    for (const instruction of chunk.steps.flatMap((step) => step.instructions))
      if (instruction.kind === 'version') this.versions.set(instruction.version.id, instruction.version);
    for (const [index, { instructions }] of chunk.steps.entries()) {
      const result = results[index];
      if (!result) return;
      for (const segment of result.segments) taken.segment(segment, this.versions.get(segment.versionId)!);
      for (const instruction of instructions)
        if (!isAfter(instruction, result)) taken.instructions.push(said(instruction));
      if (result.failure) {
        const { code, detail, context, linesBefore } = result.failure;
        taken.failure = new TargetError(code, detail, { ...context, ...chunk.placeOf(linesBefore) });
        return;
      }
    }
    taken.failure = chunk.failure;
  }
}

class Taken {
  readonly instructions: string[] = [];
  failure: TargetError | undefined;
  private readonly rows: { readonly order: number; readonly text: string; readonly digest: string }[] = [];
  private readonly notes: string[] = [];

  segment(segment: Segment, version: StreamVersion): void {
    const layout = stagedLayout(version);
    const fields = segment.pages
      ? readPages(segment.bytes, layout, segment.rows)
      : readCsv(segment.bytes).map((record) => record.map((field, place) => csvField(layout[place]!, field)));
    if (fields.length !== segment.rows) throw new Error(`${fields.length} rows, said to be ${segment.rows}`);
    const orderAt = layout.findIndex(({ role }) => role === 'order');
    for (const [index, row] of fields.entries()) {
      const digest = segment.digests.subarray(2 * index, 2 * index + 2).join();
      this.rows.push({ order: Number(row[orderAt]), text: rowText(version, row), digest });
    }
    const { versionId: id, absent, notes, hasDeletes, deadLetters, ignored } = segment;
    for (const column of absent) this.notes.push(`${id} absent ${column}`);
    for (const { what, column } of notes) this.notes.push(`${id} ${what} ${column}`);
    if (hasDeletes) this.notes.push(`${id} deletes`);
    for (const offset of deadLetters?.offsets ?? []) this.notes.push(`${id} set aside ${offset}`);
    for (const { name } of ignored) this.notes.push(`${id} ignored ${name}`);
  }

  outcome(): Outcome {
    const rows = this.rows.toSorted((a, b) => a.order - b.order);
    return {
      rows: rows.map(({ text }) => text),
      digests: rows.map(({ digest }) => digest),
      instructions: this.instructions,
      notes: [...new Set(this.notes)].sort(),
      failedLine: this.failure?.context.line,
      code: this.failure?.code,
    };
  }
}

/** The oracle knows no NaN, which only Python writes. */
const csvField = (column: StagedColumn, field: CsvField): string | null =>
  column.type.kind === 'double' && field && /^(NaN|-?Infinity)$/.test(field.text)
    ? field.text
    : readField(column, field);

export const rowText = ({ id }: StreamVersion, fields: readonly (string | null)[]): string =>
  `${id} ${JSON.stringify(fields)}`;

const isAfter = ({ offset }: Instruction, { failure }: RangeResult): boolean =>
  failure !== undefined && offset > failure.offset;

function said(instruction: Instruction): string {
  switch (instruction.kind) {
    case 'version':
      return `SCHEMA ${instruction.version.id}`;
    case 'checkpoint':
      return `STATE ${instruction.payload}`;
    case 'expire':
      return `ACTIVATE_VERSION ${instruction.stream} ${instruction.below}`;
    default:
      return `${instruction.kind} ${instruction.stream}`;
  }
}

const noFile = (): never => {
  throw new TargetError('INPUT_BATCH_FILE', 'no such file');
};
const noFiles = {
  open: async () => noFile(),
  place: async () => noFile(),
  release: async () => {},
  close: async () => {},
};
