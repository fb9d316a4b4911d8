// One record → a load of one row, by the encoders and the sink that a run uses.

import type { StreamSink } from '../destinations/destination.ts';
import { ChunkEncoder } from '../encode/chunk-encoder.ts';
import { TargetError } from '../errors/target-error.ts';
import type { RowFormat } from '../formats/format.ts';
import type { Segment } from '../formats/segment.ts';
import { recordLine } from '../protocols/singer/record-line.ts';
import type { StreamVersion } from '../schema/model.ts';

/** @throws TargetError what writing a file and a commit throw */
export async function loadOne(
  sink: StreamSink,
  version: StreamVersion,
  record: object,
  format: RowFormat,
): Promise<void> {
  const rows = sink.create(version);
  await rows.append(segmentOf(version, record, format));
  await sink.commit({
    version,
    files: [await rows.close()],
    rows: 1,
    mayRepeatKeys: false,
    absentColumns: new Set(),
    hasDeletes: false,
    batchedAt: new Date(),
  });
}

function segmentOf(version: StreamVersion, record: object, format: RowFormat): Segment {
  const encoder = new ChunkEncoder({ recordLine, ...format, maxSegmentRows: 1, invalidValues: 'fail' });
  encoder.define([{ number: 0, version }]);
  const bytes = Buffer.from(`${JSON.stringify({ type: 'RECORD', stream: version.stream, record })}\n`);
  const runs = [{ ranges: [0, bytes.length], definitions: 1 }];
  const [result] = encoder.encode({ bytes, runs, inputOffset: 0, receivedAtMs: Date.now() });
  const [segment] = result?.segments ?? [];
  if (!segment) throw new TargetError('INTERNAL', `the probe could not be encoded: ${result?.failure?.detail}`);
  return segment;
}
