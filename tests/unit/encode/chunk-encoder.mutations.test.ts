// The encoder against the oracle on 200,000 lines, one by one: generated ones, and what a few changed bytes make of them.
//
// TARGET_IOMETE_SEED repeats a run: it is printed, and stands in each failure.
import { isUtf8 } from 'node:buffer';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChunkEncoder } from '../../../src/encode/chunk-encoder.ts';
import { stagedLayout } from '../../../src/formats/layout.ts';
import type { Segment } from '../../../src/formats/segment.ts';
import { recordLine } from '../../../src/protocols/singer/record-line.ts';
import type { ColumnNote } from '../../../src/report/facts.ts';
import type { StreamVersion } from '../../../src/schema/model.ts';
import { readCsv } from '../../support/csv.ts';
import { readPages } from '../../support/parquet-pages.ts';
import { definitionsOf } from './encoder-input.ts';
import { lineOf, streamVersions } from './generated-input.ts';
import { mutated } from './mutate-line.ts';
import { type ExpectedRow, expectedRow, Refused, readField } from './row-oracle.ts';
import { Dice } from './spelling.ts';

const LINES = 200_000;
/** Some 25 s of a free core. */
const PATIENCE_MS = 400_000;
const SETS_OF_VERSIONS = 100;
const LINES_GENERATED = 20;
const INPUT_OFFSET = 1_000;
const RECEIVED_AT_MS = 1_700_000_000_123;

const seed = Number(process.env.TARGET_IOMETE_SEED ?? randomInt(1, 2 ** 31));

interface Corpus {
  readonly versions: readonly StreamVersion[];
  /** As latin1: one character to a byte. */
  readonly lines: readonly string[];
}

/** A few versions and lines of records for those of them that are in force. */
function corpora(): Corpus[] {
  return fc.sample(streamVersions, { seed, numRuns: SETS_OF_VERSIONS }).map((versions, index) => {
    const line = fc.oneof(...new Map(versions.map((version) => [version.stream, lineOf(version)])).values());
    const lines = fc.sample(line, { seed: seed + index, numRuns: LINES_GENERATED });
    return { versions, lines: lines.map((text) => Buffer.from(text).toString('latin1')) };
  });
}

type Comparable = Pick<ExpectedRow, 'absent' | 'inexact' | 'asText' | 'isDeleted'> & {
  readonly fields: readonly (string | null)[];
};

/** What the encoder makes of a line: undefined when it refuses. */
function encoded(encoder: ChunkEncoder, versions: readonly StreamVersion[], line: Buffer) {
  const chunk = {
    bytes: Buffer.concat([line, Buffer.from('\n')]),
    runs: [{ ranges: [0, line.length + 1], definitions: versions.length }],
    inputOffset: INPUT_OFFSET,
    receivedAtMs: RECEIVED_AT_MS,
  };
  const [result] = encoder.encode(chunk);
  if (result!.failure) return result!.segments.length === 0 ? undefined : 'a row of a line that it refuses';
  const [segment] = result!.segments;
  if (!segment) return 'no row';
  const layout = stagedLayout(versions[segment.versionId]!);
  const [fields, ...more] = segment.pages
    ? readPages(segment.bytes, layout, segment.rows)
    : readCsv(segment.bytes).map((record) => record.map((field, place) => readField(layout[place]!, field)));
  if (more.length > 0 || fields?.length !== layout.length) return 'rows of another form';
  const row: Comparable = {
    fields,
    absent: segment.absent,
    inexact: noted(segment, 'inexact'),
    asText: noted(segment, 'asText'),
    isDeleted: segment.hasDeletes,
  };
  return { row, digest: segment.digests.join() };
}

const noted = ({ notes }: Segment, what: ColumnNote['what']) =>
  notes.filter((note) => note.what === what).map(({ column }) => column);

function expected(versions: ReadonlyMap<string, StreamVersion>, line: Buffer) {
  if (!isUtf8(line)) return undefined;
  const blanks = /^[ \t\r]*/.exec(line.toString('latin1'))![0].length;
  try {
    return expectedRow((stream) => versions.get(stream), line.toString(), INPUT_OFFSET + blanks, RECEIVED_AT_MS);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Equal keys of one version have equal digests, and different ones different digests. */
class Digests {
  private readonly byKey = new Map<string, string>();
  private readonly byDigest = new Map<string, string>();

  agree({ id, keys }: StreamVersion, key: string, digest: string): boolean {
    if (keys.length === 0) return digest === '';
    const [ownKey, ownDigest] = [`${id} ${key}`, `${id} ${digest}`];
    const [known, knownKey] = [this.byKey.get(ownKey) ?? ownDigest, this.byDigest.get(ownDigest) ?? ownKey];
    this.byKey.set(ownKey, ownDigest);
    this.byDigest.set(ownDigest, ownKey);
    return known === ownDigest && knownKey === ownKey;
  }
}

it(
  `makes of ${LINES} generated and mutated lines what the oracle makes of them`,
  () => {
    console.log(`TARGET_IOMETE_SEED=${seed}`);
    const dice = new Dice(seed);
    const counted = { rows: 0, refused: 0, notUtf8: 0 };
    for (const { versions, lines } of corpora()) {
      const inForce = new Map(versions.map((version) => [version.stream, version]));
      const encoders = (['csv', 'parquet'] as const).map((format) => {
        const rowLoop = dice.pick(['never', 'always'] as const);
        const encoder = new ChunkEncoder({
          ...{ recordLine, format, compression: 'none', maxSegmentRows: 1_000, invalidValues: 'fail' },
          rowLoop,
        });
        encoder.define(definitionsOf(versions));
        return { form: `${format}, row loop ${rowLoop}`, encoder, digests: new Digests() };
      });
      // what is refused as it is would hide what else is wrong with it
      const whole = lines.filter((line) => expected(inForce, Buffer.from(line, 'latin1')));
      for (let index = 0; index < LINES / SETS_OF_VERSIONS; index++) {
        const text = lines[index] ?? mutated(dice.pick(whole.length > 0 ? whole : lines), dice.pick(lines), dice);
        if (/^[ \t\r]*$/.test(text)) continue;
        const line = Buffer.from(text, 'latin1');
        const due = expected(inForce, line);
        counted[due ? 'rows' : isUtf8(line) ? 'refused' : 'notUtf8']++;
        for (const { form, encoder, digests } of encoders) {
          const found = encoded(encoder, versions, line);
          if (due && typeof found === 'object' && isSame(due.row, found.row)) {
            if (digests.agree(due.version, due.row.key, found.digest)) continue;
          } else if (!due && !found) continue;
          expect({ seed, form, line: line.toString(), version: due?.version, found }).toEqual({ ...due, seed });
        }
      }
    }
    // without these the comparison would say little
    expect(counted.rows + counted.refused + counted.notUtf8).toBeGreaterThan(LINES * 0.99);
    expect(counted.rows).toBeGreaterThan(LINES * 0.3);
    expect(counted.refused).toBeGreaterThan(LINES * 0.2);
    expect(counted.notUtf8).toBeGreaterThan(LINES * 0.001);
  },
  PATIENCE_MS,
);

/** Much faster than `expect`, which only has to tell a difference. */
function isSame(due: ExpectedRow, found: Comparable): boolean {
  const isList = (a: readonly unknown[], b: readonly unknown[]) =>
    a.length === b.length && a.every((value, index) => value === b[index]);
  return (
    isList(due.fields, found.fields) &&
    isList(due.absent, found.absent) &&
    isList(due.inexact, found.inexact) &&
    isList(due.asText, found.asText) &&
    due.isDeleted === found.isDeleted
  );
}
