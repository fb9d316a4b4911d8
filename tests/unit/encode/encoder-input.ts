// Short ways to say what an encoder gets, and to read what it gives.

import type { Chunk, EncoderSettings, RangeResult, RecordRange } from '../../../src/encode/chunk.ts';
import { ChunkEncoder } from '../../../src/encode/chunk-encoder.ts';
import type { Definition } from '../../../src/encode/definitions.ts';
import type { FormatName } from '../../../src/formats/format.ts';
import type { Segment } from '../../../src/formats/segment.ts';
import { recordLine } from '../../../src/protocols/singer/record-line.ts';
import { type Column, jsonKind, type PlainType, type StreamVersion } from '../../../src/schema/model.ts';
import { readCsv } from '../../support/csv.ts';

const accepts: Record<PlainType['kind'], number> = {
  boolean: jsonKind.boolean,
  bigint: jsonKind.number,
  double: jsonKind.number,
  decimal: jsonKind.number | jsonKind.string,
  string: jsonKind.string,
  timestamp: jsonKind.string,
  date: jsonKind.string,
  json: jsonKind.number | jsonKind.boolean | jsonKind.string | jsonKind.structure,
};

/** @param path property names, joined with dots */
export function column(path: string, type: PlainType['kind'] | PlainType): Column {
  const full = typeof type === 'string' ? ({ kind: type } as PlainType) : type;
  return { path: path.split('.'), name: path, type: full, accepts: accepts[full.kind] };
}

/** A version with a BIGINT `id` that is its key, and a `name`, unless told otherwise. No metadata columns. */
export function version(given: Partial<StreamVersion> = {}): StreamVersion {
  return {
    id: 0,
    stream: 'orders',
    table: { schema: 's', table: 't' },
    columns: [column('id', 'bigint'), column('name', 'string')],
    keys: [0],
    metadata: false,
    deletes: 'ignore',
    ...given,
  };
}

/** One record line of the usual look. */
export const line = (record: string, stream = 'orders'): string =>
  `{"type":"RECORD","stream":"${stream}","record":${record}}\n`;

/** All lines in one run. */
export function chunk(text: string | Buffer, definitions = 1): Chunk {
  const bytes = Buffer.from(text);
  return chunkOfRuns(bytes, [{ ranges: [0, bytes.length], definitions }]);
}

/** Definitions as they come one after the other. */
export const definitionsOf = (versions: readonly StreamVersion[]): Definition[] =>
  versions.map((version, number) => ({ number, version }));

export const chunkOfRuns = (bytes: Buffer, runs: readonly RecordRange[]): Chunk => ({
  bytes,
  runs,
  inputOffset: 1000,
  receivedAtMs: Date.UTC(2024, 0, 1),
});

export function encode(
  versions: readonly StreamVersion[],
  given: Chunk,
  maxSegmentRows = 1_000_000,
  format: FormatName = 'csv',
  rowLoop: EncoderSettings['rowLoop'] = 'auto',
): RangeResult[] {
  const encoder = new ChunkEncoder({
    recordLine,
    format,
    compression: 'none',
    maxSegmentRows,
    invalidValues: 'fail',
    rowLoop,
  });
  encoder.define(definitionsOf(versions));
  return encoder.encode(given);
}

/** The data fields of all rows, without order and absent flags: NULL as null, strings in quotes. */
export function dataOf(segments: readonly Segment[]): (string | null)[][] {
  return rowsOf(segments).map((row) => row.slice(0, -2));
}

export function rowsOf(segments: readonly Segment[]): (string | null)[][] {
  return segments.flatMap(({ bytes }) =>
    readCsv(bytes).map((record) => record.map((f) => (f === null ? null : f.quoted ? `'${f.text}'` : f.text))),
  );
}
