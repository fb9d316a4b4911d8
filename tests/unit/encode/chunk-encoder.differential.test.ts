// The encoder against the oracle: generated stream versions × records × spellings → the same rows, or the same refusal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk, RangeResult, RecordRange } from '../../../src/encode/chunk.ts';
import { ChunkEncoder } from '../../../src/encode/chunk-encoder.ts';
import type { StageFormat } from '../../../src/formats/format.ts';
import { stagedLayout } from '../../../src/formats/layout.ts';
import type { Segment } from '../../../src/formats/segment.ts';
import { recordLine } from '../../../src/protocols/singer/record-line.ts';
import type { StreamVersion } from '../../../src/schema/model.ts';
import { readCsv } from '../../support/csv.ts';
import { readPages } from '../../support/parquet-pages.ts';
import { definitionsOf } from './encoder-input.ts';
import { lineOf, streamVersions } from './generated-input.ts';
import { type Canonical, type ExpectedRow, expectedRow, Refused, readField } from './row-oracle.ts';
import { Dice } from './spelling.ts';

interface Line {
  readonly text: string;
  /** How many of the scenario's versions have been defined before it. */
  readonly definitions: number;
}

interface Scenario {
  readonly versions: readonly StreamVersion[];
  readonly lines: readonly Line[];
  readonly maxSegmentRows: number;
  readonly seed: number;
}

/** Of each stream, the last version that is defined. */
function inForce(versions: readonly StreamVersion[], count: number): Map<string, StreamVersion> {
  return new Map(versions.slice(0, count).map((version) => [version.stream, version]));
}

const damage = fc.oneof(
  { weight: 90, arbitrary: fc.constant(undefined) },
  fc.record({
    at: fc.oneof(fc.nat(), fc.constant('end' as const)),
    remove: fc.nat({ max: 1 }),
    insert: fc.constantFrom(
      '',
      '"',
      '{',
      '}',
      ',',
      '1',
      'x',
      ' ',
      '\\',
      '\\ud800',
      ',"type":1',
      ',"record":{}',
      '[]',
      '-',
    ),
  }),
);

const damaged = (text: string, at: number | 'end', remove: number, insert: string): string => {
  const chars = [...text];
  chars.splice(at === 'end' ? chars.length : at % (chars.length + 1), remove, insert);
  return chars.join('');
};

const scenarios: fc.Arbitrary<Scenario> = streamVersions.chain((versions) =>
  fc.record({
    versions: fc.constant(versions),
    lines: fc
      .tuple(
        ...versions.map((_, index) => {
          const current = [...inForce(versions, index + 1).values()];
          const line = fc.oneof(...current.map(lineOf));
          return fc.array(
            fc
              .tuple(line, damage)
              .map(([text, hit]) => (hit ? damaged(text, hit.at, hit.remove, hit.insert) : text))
              .map((text) => ({ text, definitions: index + 1 })),
            { maxLength: 14 },
          );
        }),
      )
      .map((perVersion) => perVersion.flat()),
    maxSegmentRows: fc.constantFrom(1, 3, 1000),
    seed: fc.nat(),
  }),
);

/** A chunk of the lines, one run for each definition that comes up; blank lines and messages stand between the ranges. */
function chunkOf(lines: readonly Line[], inputOffset: number, dice: Dice): { chunk: Chunk; starts: number[] } {
  let text = '';
  const starts: number[] = [];
  const runs: { ranges: number[]; definitions: number }[] = [];
  for (const line of lines) {
    let run = runs.at(-1);
    if (run?.definitions !== line.definitions) {
      text += dice.pick(['', '{"type":"SCHEMA"}\n']);
      run = { ranges: [], definitions: line.definitions };
      runs.push(run);
    } else if (dice.oneIn(6)) text += '{"type":"STATE","value":1}\n';
    const start = Buffer.byteLength(text);
    if (dice.oneIn(10)) text += '\n \t\r\n';
    starts.push(Buffer.byteLength(text) + /^[ \t\r]*/.exec(line.text)![0].length);
    text += `${line.text}\n`;
    const end = Buffer.byteLength(text);
    if (run.ranges.at(-1) === start) run.ranges[run.ranges.length - 1] = end;
    else run.ranges.push(start, end);
  }
  return {
    chunk: {
      bytes: Buffer.from(text),
      runs: runs satisfies RecordRange[],
      inputOffset,
      receivedAtMs: 1_700_000_000_123,
    },
    starts,
  };
}

/** What the oracle makes of the lines of a chunk, up to the first that it refuses. */
function expectedOf(scenario: Scenario, lines: readonly Line[], starts: readonly number[], chunk: Chunk) {
  const rows: { definitions: number; version: StreamVersion; row: ExpectedRow }[] = [];
  for (const [index, { text, definitions }] of lines.entries()) {
    const versions = inForce(scenario.versions, definitions);
    try {
      const order = chunk.inputOffset + starts[index]!;
      const found = expectedRow((stream) => versions.get(stream), text, order, chunk.receivedAtMs);
      rows.push({ definitions, ...found });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { rows, refusedAt: starts[index]! };
    }
  }
  return { rows, refusedAt: undefined };
}

function compareRun(segments: readonly Segment[], expected: readonly { version: StreamVersion; row: ExpectedRow }[]) {
  for (const version of new Set(expected.map((entry) => entry.version))) {
    const rows = expected.filter((entry) => entry.version === version).map((entry) => entry.row);
    let from = 0;
    for (const segment of segments.filter(({ versionId }) => versionId === version.id)) {
      compareSegment(segment, rows.slice(from, from + segment.rows), version);
      from += segment.rows;
    }
    expect(from).toBe(rows.length);
  }
  expect(segments.reduce((sum, { rows }) => sum + rows, 0)).toBe(expected.length);
}

function stagedRows({ bytes, pages, rows }: Segment, version: StreamVersion): Canonical[][] {
  const layout = stagedLayout(version);
  if (pages) return readPages(bytes, layout, rows);
  return readCsv(bytes).map((record) => {
    expect(record).toHaveLength(layout.length);
    return record.map((field, place) => readField(layout[place]!, field));
  });
}

function compareSegment(segment: Segment, rows: readonly ExpectedRow[], version: StreamVersion) {
  expect(stagedRows(segment, version)).toEqual(rows.map((row) => row.fields));
  expect([...segment.absent]).toEqual([...new Set(rows.flatMap((row) => row.absent))].sort((a, b) => a - b));
  expect(segment.hasDeletes).toBe(rows.some((row) => row.isDeleted));
  expect(segment.digests).toHaveLength(version.keys.length > 0 ? rows.length * 2 : 0);
  expect(String(segment.inputOffset)).toBe(rows[0]!.fields.at(-2));
  const due = (['inexact', 'asText'] as const).flatMap((what) => {
    const counts = new Map<number, number>();
    for (const column of rows.flatMap((row) => row[what])) counts.set(column, (counts.get(column) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => a - b).map(([column, count]) => ({ what, column, count }));
  });
  expect(segment.notes).toEqual(due);
}

/** Of rows with keys: equal keys have equal digests, and different ones different digests. */
function compareDigests(
  keysByDigest: Map<string, string>,
  digestsByKey: Map<string, string>,
  segment: Segment,
  keys: string[],
) {
  for (const [row, key] of keys.entries()) {
    const digest = `${segment.digests[row * 2]},${segment.digests[row * 2 + 1]}`;
    expect(digestsByKey.get(key) ?? digest).toBe(digest);
    expect(keysByDigest.get(digest) ?? key).toBe(key);
    digestsByKey.set(key, digest);
    keysByDigest.set(digest, key);
  }
}

interface Counted {
  lines: number;
  refused: number;
}

function check(scenario: Scenario, format: StageFormat, counted: Counted): void {
  const dice = new Dice(scenario.seed);
  const encoder = new ChunkEncoder({
    recordLine,
    format,
    compression: 'none',
    maxSegmentRows: scenario.maxSegmentRows,
    invalidValues: 'fail',
    rowLoop: dice.pick(['never', 'always']),
  });
  encoder.define(definitionsOf(scenario.versions));
  const digests = scenario.versions.map(() => [new Map<string, string>(), new Map<string, string>()] as const);
  let inputOffset = dice.pick([0, 12_345_678_901_234]);
  for (let rest = scenario.lines; rest.length > 0; ) {
    const lines = dice.oneIn(2) ? rest.slice(0, Math.ceil(rest.length / 2)) : rest;
    rest = rest.slice(lines.length);
    const { chunk, starts } = chunkOf(lines, inputOffset, dice);
    inputOffset += chunk.bytes.length;
    const results = encoder.encode(chunk);
    const { rows, refusedAt } = expectedOf(scenario, lines, starts, chunk);
    counted.lines += rows.length;
    if (refusedAt !== undefined) counted.refused++;
    expect(results.at(-1)?.failure?.offset).toBe(refusedAt);
    compareResults(results, chunk, rows);
    for (const segment of results.flatMap((result) => result.segments)) {
      expect(segment.rows).toBeLessThanOrEqual(scenario.maxSegmentRows);
      if (segment.digests.length === 0) continue;
      const version = scenario.versions[segment.versionId]!;
      const orders = new Set(stagedRows(segment, version).map((row) => row.at(-2)!));
      const keys = rows.filter((entry) => entry.version === version && orders.has(entry.row.fields.at(-2)!));
      compareDigests(
        ...digests[version.id]!,
        segment,
        keys.map((entry) => entry.row.key),
      );
    }
    if (refusedAt !== undefined) return;
  }
}

function compareResults(
  results: readonly RangeResult[],
  chunk: Chunk,
  rows: readonly { definitions: number; version: StreamVersion; row: ExpectedRow }[],
) {
  for (const [index, { segments, failure }] of results.entries()) {
    const { definitions } = chunk.runs[index]!;
    compareRun(
      segments,
      rows.filter((entry) => entry.definitions === definitions),
    );
    if (failure) {
      expect(failure.linesBefore).toBe(
        Buffer.from(chunk.bytes).toString('latin1', 0, failure.offset).split('\n').length - 1,
      );
      expect(index).toBe(results.length - 1);
    } else if (index === results.length - 1) expect(results).toHaveLength(chunk.runs.length);
  }
}

describe('an encoded chunk', () => {
  it.each(['csv', 'parquet'] as const)(
    'of %s holds exactly the rows that the oracle expects, and stops where it refuses',
    (format) => {
      const counted = { lines: 0, refused: 0 };
      fc.assert(
        fc.property(scenarios, (scenario) => check(scenario, format, counted)),
        { numRuns: 400 },
      );
      // without these the property would say little
      expect(counted.lines).toBeGreaterThan(2_000);
      expect(counted.refused).toBeGreaterThan(50);
    },
  );
});
