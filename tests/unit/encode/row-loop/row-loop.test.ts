// The row loop at its edges: what it must take, what it must leave, and that nobody can tell the difference.
import { describe, expect, it } from 'vitest';
import type { Chunk, EncoderSettings, RangeResult } from '../../../../src/encode/chunk.ts';
import { ChunkEncoder } from '../../../../src/encode/chunk-encoder.ts';
import type { StageFormat } from '../../../../src/formats/format.ts';
import type { Segment } from '../../../../src/formats/segment.ts';
import type { BareLine } from '../../../../src/protocols/record-line.ts';
import { recordLine } from '../../../../src/protocols/singer/record-line.ts';
import { jsonKind, type StreamVersion } from '../../../../src/schema/model.ts';
import { chunk, column, definitionsOf, line, version } from '../encoder-input.ts';

const settings: Omit<EncoderSettings, 'format'> = {
  recordLine,
  compression: 'none',
  maxSegmentRows: 1_000_000,
  invalidValues: 'fail',
};

/** Encodes the chunks by both paths and for both formats, compares all that the paths give, and returns the row loop's CSV. */
function both(versions: readonly StreamVersion[], ...chunks: readonly Chunk[]): Segment[] {
  const [csv, parquet] = (['csv', 'parquet'] as const).map((format) => {
    const [slow, fast] = (['never', 'always'] as const).map((rowLoop) => {
      const encoder = new ChunkEncoder({ ...settings, format, rowLoop });
      encoder.define(definitionsOf(versions));
      return chunks.flatMap((given) => encoder.encode(given));
    }) as [RangeResult[], RangeResult[]];
    expect(comparable(fast)).toEqual(comparable(slow));
    return fast.flatMap(({ segments }) => segments);
  }) as [Segment[], Segment[]];
  expect(slowLines(parquet)).toBe(slowLines(csv));
  return csv;
}

const comparable = (results: readonly RangeResult[]) =>
  results.map(({ failure, segments }) => ({
    failure,
    segments: segments.map(({ slowLines: _, bytes, ...rest }) => ({
      ...rest,
      text: Buffer.from(bytes).toString('latin1'),
    })),
  }));

const sum = (segments: readonly Segment[], of: (segment: Segment) => number) =>
  segments.reduce((total, segment) => total + of(segment), 0);
const slowLines = (segments: readonly Segment[]) => sum(segments, (segment) => segment.slowLines);
const textOf = (segments: readonly Segment[]) => segments.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
const numbered = (count: number, record: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(record(n))).join('');

/** Every column type, each in the forms that taps usually send. */
const usual = version({
  columns: [
    column('id', 'bigint'),
    column('text', 'string'),
    column('amount', 'double'),
    column('price', { kind: 'decimal', precision: 20, scale: 4 }),
    column('paid', 'boolean'),
    column('at', 'timestamp'),
    column('day', 'date'),
    column('doc', 'json'),
  ],
  metadata: true,
  deletes: 'soft',
});
/** A key whose text in some records is that of a number or a boolean. */
const mixedKey = version({
  columns: [
    { ...column('id', 'string'), accepts: jsonKind.string | jsonKind.number | jsonKind.boolean },
    column('name', 'string'),
  ],
});
const usualRecord = (n: number) =>
  JSON.stringify({
    id: n,
    text: `line ${n}\n"quoted" \u00e9 \u{1f600}`,
    amount: n / 8 + 0.1 + 0.2,
    price: n / 4,
    paid: n % 2 === 0,
    at: `2024-02-29T12:34:56.${String(n).padStart(6, '0')}${n % 3 ? 'Z' : '-05:30'}`,
    day: '2024-02-29',
    doc: { items: [n, null, 'a"b'], nested: { deep: [[]] } },
  });

describe('the row loop takes', () => {
  it('all but the first line of what taps usually send', () => {
    const segments = both([usual], chunk(numbered(500, usualRecord)));
    expect([sum(segments, ({ rows }) => rows), slowLines(segments)]).toEqual([500, 1]);
  });

  it('records that lack properties, or have them in another order, or more of them that are null', () => {
    const shapes = [
      '{"id":1,"text":"a"}',
      '{"text":"a","id":2}',
      '{"id":3}',
      '{"more":null,"id":4,"text":null,"even more":null}',
    ];
    const given = version({ columns: [column('id', 'bigint'), column('text', 'string'), column('day', 'date')] });
    const segments = both([given], chunk(numbered(400, (n) => shapes[n % 4]!)));
    expect(slowLines(segments)).toBe(1);
    expect(segments[0]!.absent).toEqual([1, 2]);
  });

  it('no record with a field that no column takes and that is not null: the other path counts it', () => {
    const records = numbered(40, (n) => `{"id":${n},"more":${n % 4 ? 'null' : `[${n}]`}}`);
    const segments = both([version()], chunk(records));
    expect(segments[0]!.ignored).toEqual([{ name: 'more', count: 10 }]);
  });

  it("the target's own metadata names in any case, and no record with a delete marker", () => {
    const marker = (n: number) => (n % 10 === 3 ? '"2024-01-01T00:00:00Z"' : 'null');
    const records = numbered(
      200,
      (n) => `{"id":${n},"_Sdc_Batched_At":"x","_SDC_DELETED_AT":${marker(n)},"_sdc_deleted_at":null}`,
    );
    const segments = both([version({ metadata: true, deletes: 'soft' })], chunk(records));
    expect([slowLines(segments), segments[0]!.hasDeletes, segments[0]!.ignored]).toEqual([21, true, []]);
    expect(textOf(segments).match(/^\d+,,2024-01-01 00:00:00,/gm)).toHaveLength(20);
  });

  it('headers with members before the record, and trailers', () => {
    const given = version({ metadata: true, deletes: 'soft' });
    const text = Array.from(
      { length: 50 },
      (_, n) =>
        `{"type": "RECORD", "stream": "orders", "version": ${n}, "time_extracted": "2024-01-01T00:00:0${n % 10}Z", "record": {"id": ${n}}}\n` +
        `{"type": "RECORD", "stream": "orders", "record": {"id": ${n}}, "version": null, "time_extracted": "2024-01-01T00:00:00+01:00"}\r\n`,
    ).join('');
    // the first line, and the first in the order from which the prefix is learned
    expect(slowLines(both([given], chunk(text)))).toBe(2);
  });

  it('keys that are strings in some records, integers or booleans in others', () => {
    const keys = [(n: number) => `${n}`, (n: number) => `"order ${n}"`, (n: number) => `-${n + 1}`, () => 'true'];
    const text = numbered(400, (n) => `{"id":${keys[n % 4]!(n)},"name":"x"}`);
    const segments = both([mixedKey], chunk(text));
    expect([sum(segments, ({ rows }) => rows), slowLines(segments)]).toEqual([400, 1]);
  });

  it('streams that take turns', () => {
    const streams = ['a', 'b', 'c', 'd'].map((stream, id) => version({ id, stream }));
    const text = Array.from({ length: 400 }, (_, n) => line(`{"id":${n},"name":"x"}`, 'abcd'[(n * 7) % 4])).join('');
    expect(slowLines(both(streams, chunk(text, 4)))).toBe(4);
  });

  it('keys that are escaped, once it has seen how, or as Python escapes them', () => {
    const given = version({ columns: [column('id', 'bigint'), column('Größe', 'string'), column('q"', 'string')] });
    const first = line('{"id":0,"q\\"":"a"}');
    const text = numbered(100, (n) => (n % 3 ? `{"q\\"":"a","id":${n}}` : `{"id":${n},"Gr\\u00f6\\u00dfe":"b"}`));
    expect(slowLines(both([given], chunk(first + text)))).toBe(1);
  });
});

describe('the row loop leaves', () => {
  const given = version({
    columns: [
      column('id', 'bigint'),
      column('n', 'bigint'),
      column('d', 'double'),
      column('at', 'timestamp'),
      column('doc', 'json'),
    ],
  });
  it.each([
    ['a key that comes twice', '{"id":1,"n":1,"n":2}'],
    ['a key in a spelling that it has not seen', '{"\\u0069d":1}'],
    ['a delete marker', '{"id":1,"_sdc_deleted_at":"2024-01-01T00:00:00Z"}'],
    ['an integer with a fraction', '{"id":1,"n":1.0}'],
    ['an integer with an exponent', '{"id":1,"n":1e3}'],
    ['NaN', '{"id":1,"d":NaN}'],
    ['a leap second', '{"id":1,"at":"2016-12-31T23:59:60Z"}'],
    ['an offset with seconds', '{"id":1,"at":"1890-01-01T00:00:00+00:53:28"}'],
    ['an escaped date-time', '{"id":1,"at":"2024-01-01T00:00:00\\u005a"}'],
    ['65 levels of nesting', `{"id":1,"doc":${'['.repeat(65)}0${']'.repeat(65)}}`],
  ])('%s', (_, record) => {
    const text =
      line('{"id":7}') + numbered(3, (n) => `{"id":${n}}`) + line(record) + numbered(3, (n) => `{"id":${n}}`);
    expect(slowLines(both([given], chunk(text)))).toBe(2);
  });

  it.each(['1.50', '1e3', '-0', '"\\u0041b"', '"true love"', '"12 a"', '"-"', '"None"', `1${'0'.repeat(300)}`])(
    'the key %s, which another one may equal',
    (key) => {
      const text = line('{"id":7}') + line('{"id":"a"}') + line(`{"id":${key}}`) + line('{"id":8}');
      expect(slowLines(both([mixedKey], chunk(text)))).toBe(2);
    },
  );

  it.each(['"1"', '"-1"', '"false"', '"NaN"', '"\\u0031"', `1${'0'.repeat(500)}`])(
    'the key %s, and the run stops there',
    (key) => {
      const segments = both([mixedKey], chunk(line('{"id":7}') + line(`{"id":${key}}`) + line('{"id":8}')));
      expect(sum(segments, ({ rows }) => rows)).toBe(1);
    },
  );

  it.each([
    ['an integer beyond 64 bits', '{"id":9223372036854775808}'],
    ['an integer below them', '{"id":-9223372036854775809}'],
    ['a number beyond doubles', '{"id":1,"d":1e400}'],
    ['a missing key', '{"n":1}'],
    ['a key that is null', '{"id":null}'],
    ['a day that is none', '{"id":1,"at":"2023-02-29T00:00:00Z"}'],
    ['a year before the first, in UTC', '{"id":1,"at":"0001-01-01T00:00:00+00:01"}'],
    ['half of a surrogate pair', '{"id":1,"doc":"\\ud800"}'],
    ['two second halves of surrogate pairs', '{"id":1,"doc":"\\udc00\\udc00"}'],
    ['a raw control character', '{"id":1,"doc":"a\u0001"}'],
    ['a comma too many', '{"id":1,}'],
    ['a structure that is not closed', '{"id":1,"doc":[1}'],
    ['a number with a leading zero', '{"id":01}'],
  ])('%s, and the run stops there', (_, record) => {
    const before = line('{"id":7}') + numbered(3, (n) => `{"id":${n}}`);
    const segments = both([given], chunk(before + line(record) + line('{"id":8}')));
    expect(sum(segments, ({ rows }) => rows)).toBe(4);
  });

  it('streams whose key is a double, whose records are validated, or whose objects are flattened', () => {
    const lines = chunk(numbered(5, (n) => `{"id":${n},"o":{"a":1}}`));
    for (const odd of [
      version({ columns: [column('id', 'double')] }),
      version({ validate: { type: 'object' } }),
      version({ columns: [column('id', 'bigint'), column('o.a', 'bigint')] }),
    ])
      expect(slowLines(both([odd], lines))).toBe(5);
  });

  it('a slab with a byte that is no UTF-8', () => {
    const bytes = Buffer.from(numbered(5, (n) => `{"id":${n},"name":"x"}`));
    bytes[bytes.lastIndexOf('x')] = 0xff;
    expect(sum(both([version()], chunk(bytes)), ({ rows }) => rows)).toBe(4);
  });
});

describe('the row loop keeps', () => {
  it('integers at the ends of their range', () => {
    const numbers = [
      '9223372036854775807',
      '-9223372036854775808',
      '1000000000000000000',
      '-0',
      '0',
      '999999999999999999',
    ];
    const segments = both([version()], chunk(numbered(7, (n) => `{"id":${numbers[n % 6]},"name":null}`)));
    expect(slowLines(segments)).toBe(1);
    expect(textOf(segments)).toMatch(/^9223372036854775807,.*\n-9223372036854775808,.*\n.*\n0,.*\n0,/);
  });

  it.each(['"', '\\\\', '\\"', '\\n', '\\u00e9', '\\ud83d\\ude00', 'é', '😀', ''])(
    'a string in which %j stands at any place of a vector',
    (piece) => {
      const text = numbered(70, (n) =>
        piece === '"'
          ? `{"id":${n},"name":"${'a'.repeat(n)}"}`
          : `{"id":${n},"name":"${'a'.repeat(n)}${piece}${'b'.repeat(n % 7)}"}`,
      );
      const segments = both([version()], chunk(text));
      expect(slowLines(segments)).toBe(1);
    },
  );

  it('strings of two megabytes, and leaves longer lines to the other path', () => {
    const name = (length: number) =>
      `{"id":1,"name":"${'x"é\n'.repeat(length / 5)}"}`.replaceAll('\n', '\\n').replaceAll('x"', 'x\\"');
    const small = line('{"id":1,"name":""}');
    const segments = both([version()], chunk(small + line(name(1_300_000)) + small + line(name(3_000_000)) + small));
    expect([sum(segments, ({ rows }) => rows), slowLines(segments)]).toEqual([5, 2]);
  });

  it('its place in slabs of more than its memory', () => {
    const text = numbered(60_000, (n) => `{"id":${n},"name":"${'x'.repeat(n % 90)}"}`);
    expect(text.length).toBeGreaterThan(5_000_000);
    const segments = both([version()], chunk(text), chunk(text));
    expect([sum(segments, ({ rows }) => rows), slowLines(segments)]).toEqual([120_000, 1]);
  });

  it('its streams apart when their plans no longer fit, and are made again', () => {
    const name = (c: number) => `column ${c}${' x'.repeat(1000)}`;
    const streams = Array.from({ length: 40 }, (_, id) =>
      version({
        id,
        stream: `s${id}`,
        columns: Array.from({ length: 600 }, (_, c) => column(name(c), 'bigint')),
        keys: [],
      }),
    );
    const text = streams.map(({ stream }) => line(`{"${name(1)}":1,"${name(599)}":2}`, stream).repeat(3)).join('');
    const segments = both(streams, ...Array.from({ length: 3 }, () => chunk(text, 40)));
    expect([sum(segments, ({ rows }) => rows), slowLines(segments)]).toEqual([360, 40]);
  });

  it.each<StageFormat>(['csv', 'parquet'])('segments no longer than they may be, of %s', (format) => {
    const encoder = new ChunkEncoder({ ...settings, format, maxSegmentRows: 7, rowLoop: 'always' });
    encoder.define(definitionsOf([version()]));
    const [{ segments }] = encoder.encode(chunk(numbered(30, (n) => `{"id":${n}}`))) as [{ segments: Segment[] }];
    expect(segments.map(({ rows }) => rows)).toEqual([7, 7, 7, 7, 2]);
  });
});

describe('lines that are records and nothing else', () => {
  const bare = (records: readonly string[], line: Partial<BareLine> = {}, name = 'a.jsonl'): Chunk => ({
    ...chunk(records.map((record) => `${record}\n`).join('')),
    file: { name, line: { kind: 'bare', stream: 'orders', ...line } },
  });
  const record = (n: number) =>
    `{"id":${n},"text":"a,b","amount":${n}.5,"price":1.25,"paid":true,"at":"2024-02-29T10:00:00Z","day":"2024-02-29","doc":{"a":1}}`;
  const records = Array.from({ length: 20 }, (_, n) => record(n));
  const withMetadata = { ...usual, metadata: true, deletes: 'hard' } as const;
  const extractedAt = (json: string) => ({ extractedAt: { key: 'time_extracted', json } });
  const tableVersion = (json: string) => ({ version: { key: 'version', json } });

  it('are taken, all but the first', () => {
    expect(slowLines(both([usual], bare(records)))).toBe(1);
  });

  it('are taken where the input itself has such lines', () => {
    const line: BareLine = { kind: 'bare', stream: 'orders' };
    const [slow, fast] = (['never', 'always'] as const).map((rowLoop) => {
      const encoder = new ChunkEncoder({ ...settings, recordLine: line, format: 'csv', rowLoop });
      encoder.define(definitionsOf([usual]));
      return encoder.encode(chunk(records.map((text) => `${text}\n`).join(''))).flatMap(({ segments }) => segments);
    }) as [Segment[], Segment[]];
    expect(textOf(fast)).toBe(textOf(slow));
    expect(slowLines(fast)).toBe(1);
  });

  it('have the metadata that is said of all of them, file by file', () => {
    const given = { ...extractedAt('"2024-05-05T00:00:00.000001Z"'), ...tableVersion('-1700000000123') };
    const segments = both([withMetadata], bare(records, given), bare(records), bare(records, tableVersion('7')));
    expect(slowLines(segments)).toBe(1);
    const text = textOf(segments);
    expect(text.match(/,2024-05-05 00:00:00\.000001,/g)).toHaveLength(20);
    expect(text.match(/,-1700000000123,/g)).toHaveLength(20);
    expect(text.match(/,7,\d+,/g)).toHaveLength(20);
  });

  it('are left to the other path where what is said of all of them is unusual', () => {
    for (const given of [
      extractedAt('"2024-05-05T00:00:00\\u005a"'),
      extractedAt(`"${' '.repeat(80)}"`),
      tableVersion('9223372036854775808'),
    ]) {
      const encoded = both([withMetadata], bare(records, given));
      if (encoded.length > 0) expect(slowLines(encoded)).toBe(20);
    }
  });

  it('end the run as the other path does, with messages between files', () => {
    const message = chunk(numbered(20, record));
    for (const wrong of [
      '{"id":1}x',
      '[1]',
      '{"id":"a"}',
      '{"id":1',
      '{"type":"RECORD","stream":"orders","record":{}}',
    ])
      both([withMetadata], message, bare([...records, wrong, ...records]), message);
    expect(slowLines(both([withMetadata], message, bare(records), message))).toBe(1);
    both([withMetadata], bare(['', ' ', ...records.map((text) => `  ${text} \r`), '']));
  });
});
