import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RangeResult } from '../../../src/encode/chunk.ts';
import { ChunkEncoder } from '../../../src/encode/chunk-encoder.ts';
import { recordLine } from '../../../src/protocols/singer/record-line.ts';
import { asText, jsonKind } from '../../../src/schema/model.ts';
import { chunk, chunkOfRuns, column, dataOf, definitionsOf, encode, line, version } from './encoder-input.ts';

describe('runs', () => {
  const first = version({ id: 0 });
  const second = version({ id: 1, columns: [column('name', 'string')], keys: [] });

  it('are encoded by the stream versions that are in force in them', () => {
    const lines = [line('{"id":1,"name":"a"}'), '{"type":"SCHEMA"}\n', line('{"id":2,"name":"b"}')];
    const [a, b, c] = [0, lines[0]!.length, lines[0]!.length + lines[1]!.length];
    const end = lines.join('').length;
    const results = encode(
      [first, second],
      chunkOfRuns(Buffer.from(lines.join('')), [
        { ranges: [a, b], definitions: 1 },
        { ranges: [c, end], definitions: 2 },
      ]),
    );
    expect(results.map(({ segments }) => segments.map((s) => s.versionId))).toEqual([[0], [1]]);
    expect(results.map(({ segments }) => dataOf(segments))).toEqual([[['1', "'a'"]], [["'b'"]]]);
  });

  it('need not know versions that others have replaced', () => {
    const encoder = new ChunkEncoder({
      recordLine,
      format: 'csv',
      compression: 'none',
      maxSegmentRows: 10,
      invalidValues: 'fail',
    });
    encoder.define([{ number: 7, version: version({ id: 7 }) }]);
    const lines = Buffer.from(line('{"id":1,"name":"a"}') + line('{"name":"b"}'));
    const between = lines.indexOf(10) + 1;
    const runsOf = (first: number, second: number) =>
      chunkOfRuns(lines, [
        { ranges: [0, between], definitions: first },
        { ranges: [between, lines.length], definitions: second },
      ]);
    encoder.define([11, 12].map((number) => ({ number, version: version({ id: number, keys: [] }) })));
    const idsOf = (results: readonly RangeResult[]) =>
      results.map(({ segments }) => segments.map(({ versionId }) => versionId));
    expect(idsOf(encoder.encode(runsOf(8, 12)))).toEqual([[7], [11]]);
    expect(idsOf(encoder.encode(runsOf(12, 13)))).toEqual([[11], [12]]);
  });

  it('know nothing of a version before it is in force', () => {
    const [result] = encode([version({ id: 0, stream: 'other' }), first], chunk(line('{"id":1}'), 1)) as [RangeResult];
    expect(result.failure?.code).toBe('INPUT_RECORD_BEFORE_SCHEMA');
  });

  it('take the lines of their ranges and no others', () => {
    const lines = [line('{"id":1}'), '{"type":"STATE","value":{}}\n', line('{"id":2}'), '\n', 'no line of ours\n'];
    const ends = lines.map((_, i) => lines.slice(0, i + 1).join('').length);
    const given = chunkOfRuns(Buffer.from(lines.join('')), [
      { ranges: [0, ends[0]!, ends[1]!, ends[3]!], definitions: 1 },
      { ranges: [], definitions: 1 },
    ]);
    const results = encode([first], given);
    expect(results.map(({ segments }) => dataOf(segments).map(([id]) => id))).toEqual([['1', '2'], []]);
  });

  it('keep streams that take turns apart, each in its order', () => {
    const other = version({ id: 1, stream: 'items' });
    const text = [0, 1, 2, 3, 4, 5].map((n) => line(`{"id":${n}}`, n % 2 ? 'items' : 'orders')).join('');
    const [{ segments }] = encode([first, other], chunk(text, 2)) as [RangeResult];
    expect(segments.map((s) => [s.versionId, dataOf([s]).map(([id]) => id)])).toEqual([
      [0, ['0', '2', '4']],
      [1, ['1', '3', '5']],
    ]);
  });

  it('are cut into segments of so many rows at most', () => {
    const text = [1, 2, 3, 4, 5].map((n) => line(`{"id":${n},"name":"${n}"}`)).join('');
    const [{ segments }] = encode([first], chunk(text), 2) as [RangeResult];
    expect(segments.map((s) => s.rows)).toEqual([2, 2, 1]);
    expect(segments.map((s) => s.inputBytes).reduce((a, b) => a + b)).toBe(text.length);
    expect(segments.map((s) => s.inputOffset - 1000)).toEqual([0, text.length * 0.4, text.length * 0.8]);
    expect(dataOf(segments).map(([id]) => id)).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('segments', () => {
  it('that are compressed hold the same bytes, as members that can be joined', () => {
    const text = Array.from({ length: 3000 }, (_, n) => line(`{"id":${n},"name":"\\u00e9${n}"}`)).join('');
    const segmentsOf = (compression: 'gzip' | 'none') => {
      const encoder = new ChunkEncoder({
        recordLine,
        format: 'csv',
        compression,
        maxSegmentRows: 1000,
        invalidValues: 'fail',
      });
      encoder.define(definitionsOf([version()]));
      return encoder.encode(chunk(text))[0]!.segments.map((segment) => segment.bytes);
    };
    const plain = Buffer.concat(segmentsOf('none'));
    const zipped = segmentsOf('gzip');
    expect(zipped).toHaveLength(3);
    expect(gunzipSync(Buffer.concat(zipped)).equals(plain)).toBe(true);
  });

  it('own their bytes: the next chunk does not change them', () => {
    const encoder = new ChunkEncoder({
      recordLine,
      format: 'csv',
      compression: 'none',
      maxSegmentRows: 10,
      invalidValues: 'fail',
    });
    encoder.define(definitionsOf([version()]));
    const [kept] = encoder.encode(chunk(line('{"id":1,"name":"a"}')))[0]!.segments;
    const before = Buffer.from(kept!.bytes);
    encoder.encode(chunk(line('{"id":2,"name":"b"}')));
    expect(Buffer.from(kept!.bytes).equals(before)).toBe(true);
  });

  it('count the values of a text column that are no strings, but for rows that are not written', () => {
    const accepts = jsonKind.string | asText;
    const columns = [{ ...column('oid', 'string'), accepts }, column('id', 'bigint')];
    const given = version({ columns, keys: [1] });
    const oids = ['7', '"7"', 'true', 'null', '{"a":1}', '1.50'].map((oid, id) => `{"oid":${oid},"id":${id}}`);
    const encoder = new ChunkEncoder({
      recordLine,
      format: 'csv',
      compression: 'none',
      maxSegmentRows: 10,
      invalidValues: 'dead_letter',
    });
    encoder.define(definitionsOf([given]));
    const lines = ['{"oid":7}', '{"oid":7,"id":"x"}', ...oids].map((record) => line(record));
    const [segment] = encoder.encode(chunk(lines.join('')))[0]!.segments;
    expect([segment!.rows, segment!.deadLetters?.offsets.length]).toEqual([6, 2]);
    expect(segment!.notes).toEqual([{ what: 'asText', column: 0, count: 4 }]);
  });

  it('count the date-times whose fraction was cut', () => {
    const given = version({ columns: [column('id', 'bigint'), column('at', 'timestamp')] });
    const times = ['2024-01-01T00:00:00.123456789Z', '2024-01-01T00:00:00.123456000Z', '2024-01-01T00:00:00.0000001'];
    const text = times.map((time, id) => line(`{"id":${id},"at":"${time}"}`)).join('');
    expect(encode([given], chunk(text))[0]!.segments[0]!.notes).toEqual([{ what: 'inexact', column: 1, count: 2 }]);
  });
});
