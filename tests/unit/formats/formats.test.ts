// CSV against Parquet and JSON Lines: of the same lines all take, refuse, null and set aside the same, and say the same of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkEncoder } from '../../../src/encode/chunk-encoder.ts';
import { type StagedColumn, stagedLayout } from '../../../src/formats/layout.ts';
import type { Segment } from '../../../src/formats/segment.ts';
import { recordLine } from '../../../src/protocols/singer/record-line.ts';
import type { StreamVersion } from '../../../src/schema/model.ts';
import { readCsv } from '../../support/csv.ts';
import { type Json, member, parseLossless } from '../../support/lossless-json.ts';
import { readPages } from '../../support/parquet-pages.ts';
import { chunk, column, definitionsOf, line, version } from '../encode/encoder-input.ts';
import { lineOf, streamVersions } from '../encode/generated-input.ts';
import { readField } from '../encode/row-oracle.ts';

const inputs = streamVersions.chain(([first]) =>
  fc.record({
    version: fc.constant({ ...first!, id: 0 }),
    lines: fc.array(lineOf(first!), { minLength: 1, maxLength: 30 }),
    // twice, as few inputs have a value that is NULL instead
    invalidValues: fc.constantFrom('fail', 'null', 'null', 'dead_letter'),
  }),
);

type Settings = ConstructorParameters<typeof ChunkEncoder>[0];

function encode(format: Settings['format'], invalidValues: Settings['invalidValues'], of: StreamVersion, text: string) {
  const encoder = new ChunkEncoder({ recordLine, format, compression: 'none', maxSegmentRows: 7, invalidValues });
  encoder.define(definitionsOf([of]));
  const [{ segments, failure }] = encoder.encode(chunk(text)) as [{ segments: Segment[]; failure?: unknown }];
  return { rows: segments.flatMap((segment) => rowsOf(segment, of, format)), said: segments.map(saidOf), failure };
}

/** Without the two columns that JSON Lines do not have: which line, and what it lacks. */
const named = (rows: readonly (readonly unknown[])[], of: StreamVersion) => {
  const roles = stagedLayout(of).map(({ role }) => role);
  return rows.map((row) => row.filter((_, place) => roles[place] === 'data' || roles[place] === 'metadata'));
};

function rowsOfLines(bytes: Uint8Array, of: StreamVersion) {
  const lines = Buffer.from(bytes).toString().split('\n').slice(0, -1);
  return lines.map((text) => {
    const row = parseLossless(text);
    if (row.kind !== 'object') throw new Error('a line that is no object');
    const names = stagedLayout(of).map((staged) => nameOf(staged, of));
    expect(row.members.map(([name]) => name)).toEqual(names.filter((name) => name !== undefined));
    return stagedLayout(of).map((staged, place) => {
      const value = names[place] === undefined ? undefined : member(row, names[place]);
      return value === undefined || value.kind === 'null' ? null : textOf(staged, value);
    });
  });
}

const nameOf = (staged: StagedColumn, of: StreamVersion): string | undefined =>
  staged.role === 'data' ? of.columns[staged.index]!.name : staged.role === 'metadata' ? staged.name : undefined;

/** As {@link readField} reads the field of CSV. */
function textOf(staged: StagedColumn, value: Json): string | null {
  const text = value.kind === 'string' ? value.value : value.source;
  if (staged.type.kind === 'timestamp')
    return readField(staged, { text: text.replace('T', ' ').replace('Z', ''), quoted: false });
  const quoted = staged.type.kind === 'string' || staged.type.kind === 'json';
  return readField(staged, { text, quoted });
}

function rowsOf({ bytes, pages, rows }: Segment, of: StreamVersion, format: Settings['format']) {
  const layout = stagedLayout(of);
  if (format === 'jsonl') return rowsOfLines(bytes, of);
  if (pages) return readPages(bytes, layout, rows);
  return readCsv(bytes).map((record) => record.map((field, place) => readField(layout[place]!, field)));
}

/** All but the bytes; of the digests, which keys are equal. */
function saidOf({ bytes: _bytes, pages: _pages, digests, deadLetters, ...said }: Segment) {
  const seen = [...digests].flatMap((high, i) => (i % 2 === 0 ? [`${high} ${digests[i + 1]}`] : []));
  const letters = deadLetters && { ...deadLetters, bytes: Buffer.from(deadLetters.bytes).toString() };
  return { ...said, keys: seen.map((digest) => seen.indexOf(digest)), letters };
}

const counted = { nulled: 0, setAside: 0, refused: 0 };

describe('the same lines', () => {
  it('give the same rows, counts, equal keys, dead letters and errors in all formats', () => {
    fc.assert(
      fc.property(inputs, ({ version: of, lines, invalidValues }) => {
        const text = lines.map((each) => `${each}\n`).join('');
        const csv = encode('csv', invalidValues, of, text);
        expect(encode('parquet', invalidValues, of, text)).toEqual(csv);
        const json = encode('jsonl', invalidValues, of, text);
        expect({ ...json, rows: named(json.rows, of) }).toEqual({ ...csv, rows: named(csv.rows, of) });
        if (csv.failure) counted.refused++;
        for (const { notes, letters } of csv.said) {
          if (letters) counted.setAside++;
          if (notes.some(({ what }) => what === 'nulled')) counted.nulled++;
        }
      }),
      { numRuns: 500 },
    );
    // without these the property would say little
    for (const count of Object.values(counted)) expect(count).toBeGreaterThan(20);
  });

  it.each(['csv', 'parquet', 'jsonl'] as const)('leave nothing of a record that is set aside, in %s', (format) => {
    const of = version({
      columns: ['string', 'boolean', 'double', 'timestamp', 'json', 'bigint'].map((kind, i) =>
        column(`c${i}`, kind as 'string'),
      ),
      keys: [],
    });
    const good = '{"c0":"a","c1":true,"c2":1.5,"c3":"2024-01-01","c4":[1],"c5":7}';
    const bad = '{"c0":"b\\n","c1":true,"c2":2.5,"c3":"2024-01-02","c4":[2],"c5":"no integer"}';
    const half = '{"c0":"half \\ud800","c1":true}';
    const { rows } = encode(
      format,
      'dead_letter',
      of,
      [good, bad, half, good, bad].map((record) => line(record)).join(''),
    );
    const row = ['a', 'true', '1.5', String(Date.UTC(2024, 0, 1) * 1000), '[1]', '7'];
    expect(rows.map((fields) => fields.slice(0, 6))).toEqual([row, row]);
  });

  it.each(['csv', 'parquet', 'jsonl'] as const)('have the invalid values of a record as NULL, in %s', (format) => {
    const of = version({ columns: [column('id', 'bigint'), column('name', 'string'), column('n', 'bigint')] });
    const text = line('{"id":1,"name":"half \\ud800","n":1.5}') + line('{"id":2,"name":"b\\n","n":2}');
    const { rows, said } = encode(format, 'null', of, text);
    expect(rows.map((fields) => fields.slice(0, 3))).toEqual([
      ['1', null, null],
      ['2', 'b\n', '2'],
    ]);
    expect(said[0]!.notes).toEqual([1, 2].map((place) => ({ what: 'nulled', column: place, count: 1 })));
  });
});
