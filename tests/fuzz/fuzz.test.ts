// Lines of taps, broken in every way, through reader, framer, router and encoders: a line is taken as JSON.parse and the row
// oracle take it, or refused with a code, on every path alike. A sample, or a million lines (npm run test:long).
//
// TARGET_IOMETE_SEED repeats a run, TARGET_IOMETE_FUZZ_LINES says how many lines.
import { expect, it, vi } from 'vitest';
import type { InvalidValues } from '../../src/encode/chunk.ts';
import type { StreamVersionOptions } from '../../src/schema/stream-version.ts';
import { isLong, testSeed } from '../support/long-tests.ts';
import { Dice } from '../unit/encode/spelling.ts';
import { type CorpusStream, corpus, linesOf, otherLines, schemaLine } from './corpus.ts';
import { IntakePath, type Outcome, rowText } from './intake-path.ts';
import { type Due, LineOracle, withoutMark } from './line-oracle.ts';
import { mutatedInput } from './mutate-input.ts';
import { Watchdog } from './watchdog.ts';

const LINES = Number(process.env.TARGET_IOMETE_FUZZ_LINES ?? (isLong ? 1_000_000 : 20_000));
const LINES_OF_A_SESSION = 2_000;
/** A line of megabytes takes tens of milliseconds, on a busy machine more. */
const PATIENCE_OF_A_CASE_MS = 20_000;
/** Four paths at once, the oracle, and what the collector has not got to. */
const MAX_GROWTH_BYTES = 700 * 2 ** 20;
const RECEIVED_AT_MS = 1_700_000_000_123;
const seed = testSeed();

interface Case {
  readonly lines: Buffer[];
  /** Of each line, where the oracle has a say. */
  readonly due: Due[] | undefined;
}

class Session {
  readonly dice: Dice;
  readonly hasOracle: boolean;
  readonly streams: readonly CorpusStream[];
  private readonly options: StreamVersionOptions;
  private readonly oracle: LineOracle;
  private readonly paths: readonly IntakePath[];
  private readonly bases: readonly string[];
  /** Good lines, to stand behind a bad one. */
  private readonly good: readonly string[];
  private held: Buffer | undefined;

  constructor(seed: number) {
    const dice = new Dice(seed);
    this.dice = dice;
    // every fourth has options that the oracle does not know: there the paths are only held against each other
    this.hasOracle = seed % 4 !== 0;
    this.streams = dice.shuffled(corpus).slice(0, 1 + dice.below(3));
    this.options = optionsOf(dice, this.hasOracle);
    const invalidValues = this.hasOracle ? 'fail' : dice.pick<InvalidValues>(['fail', 'null', 'dead_letter']);
    this.oracle = new LineOracle(this.options, RECEIVED_AT_MS);
    const slow = dice.pick(['csv', 'parquet'] as const);
    this.paths = [slow, 'csv' as const, 'parquet' as const].map(
      (format, index) =>
        new IntakePath({ format, rowLoop: index === 0 ? 'never' : 'always', invalidValues }, this.options),
    );
    this.good = this.streams.flatMap(linesOf).map(latin1);
    this.bases = [
      ...this.good,
      ...this.good,
      ...this.streams.flatMap((stream) => [schemaLine(stream), ...otherLines(stream)]).map(latin1),
    ];
  }

  schemas(): Case {
    const lines = this.streams.map((stream) => Buffer.from(schemaLine(stream)));
    return { lines, due: this.hasOracle ? lines.map((line) => this.oracle.due(line, 0)) : undefined };
  }

  /** Lines up to the first that must be refused, or of which it is open. */
  nextCase(): Case {
    const lines: Buffer[] = [];
    const due: Due[] = [];
    let offset = 0;
    for (let left = 1 + this.dice.below(this.hasOracle ? 30 : 4); left > 0; left--) {
      const line = this.held ?? this.line();
      this.held = undefined;
      // what it changes must not depend on a line before it that may be refused
      if (!this.hasOracle && lines.length > 0 && line.includes('SCHEMA')) {
        this.held = line;
        break;
      }
      lines.push(line);
      const text = offset === 0 ? withoutMark(line) : line;
      if (this.hasOracle) {
        const of = this.oracle.due(text, offset);
        due.push(of);
        if (of.kind === 'refused' || of.kind === 'open') {
          // nothing may come of what stands behind it
          if (of.kind === 'refused' && this.dice.oneIn(8)) lines.push(Buffer.from(this.dice.pick(this.good), 'latin1'));
          break;
        }
      }
      offset += text.length + 1;
    }
    return { lines, due: this.hasOracle ? due : undefined };
  }

  private line(): Buffer {
    const { dice } = this;
    const base = dice.pick(this.bases);
    return Buffer.from(dice.oneIn(4) ? base : mutatedInput(base, dice.pick(this.bases), dice), 'latin1');
  }

  async outcomes({ lines }: Case): Promise<{ form: string; outcome: Outcome }[]> {
    const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
    const bytes = this.dice.oneIn(3) ? text.subarray(0, -1) : text;
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + this.dice.below(this.dice.pick([40, 3_000, 100_000]));
      parts.push(bytes.subarray(at, at + size));
      at += size;
    }
    const found: { form: string; outcome: Outcome }[] = [];
    for (const path of this.paths) found.push({ form: path.form, outcome: await path.take(parts) });
    return found;
  }

  describe(): object {
    return { options: this.options, streams: this.streams.map(({ name }) => name), hasOracle: this.hasOracle };
  }
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

function optionsOf(dice: Dice, hasOracle: boolean): StreamVersionOptions {
  const [addMetadataColumns, hardDelete] = dice.pick([
    [false, false],
    [true, false],
    [true, true],
  ] as const);
  const common = {
    defaultTargetSchema: 'main',
    schemaMapping: undefined,
    catalog: undefined,
    addMetadataColumns,
    hardDelete,
    loadMethod: dice.pick(['upsert', 'append-only'] as const),
    streamLoadMethods: undefined,
    flattenMaxLevel: dice.pick([0, 0, 1, 2]),
    numberType: dice.pick(['double', 'decimal', 'string'] as const),
    primaryKeyRequired: false,
    validateRecords: false,
  };
  if (hasOracle) return common as StreamVersionOptions;
  return {
    ...common,
    nestedColumns: dice.pick(['json', 'struct'] as const),
    validateRecords: dice.oneIn(3),
    undeclaredFields: dice.pick(['ignore', 'add'] as const),
  } as StreamVersionOptions;
}

const counted = {
  lines: 0,
  rows: 0,
  refused: 0,
  open: 0,
  differential: 0,
  slowestMs: 0,
  codes: {} as Record<string, number>,
};

it(
  `takes ${LINES} broken lines as JSON.parse does, or refuses them with a code (TARGET_IOMETE_SEED=${seed})`,
  async () => {
    vi.spyOn(Date, 'now').mockReturnValue(RECEIVED_AT_MS);
    const watchdog = new Watchdog(PATIENCE_OF_A_CASE_MS);
    // every second line is an error, and the stack of none is looked at
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    let least = Number.POSITIVE_INFINITY;
    let peak = 0;
    try {
      for (let round = 0; counted.lines < LINES; round++) {
        const roundSeed = (seed + round) % 2 ** 31 || 1;
        await runSession(new Session(roundSeed), roundSeed, watchdog);
        const { rss } = process.memoryUsage();
        if (round >= 5) least = Math.min(least, rss);
        peak = Math.max(peak, rss);
      }
    } finally {
      watchdog.stop();
      Error.stackTraceLimit = stackTraceLimit;
      vi.restoreAllMocks();
    }
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    console.log('fuzz: seed', seed, counted, `RSS ${megabytes(least)} to ${megabytes(peak)} MiB`);
    expect(peak - least).toBeLessThan(MAX_GROWTH_BYTES);
    // without these the comparison would say little
    expect(counted.rows).toBeGreaterThan(counted.lines * 0.1);
    expect(counted.refused).toBeGreaterThan(counted.lines * 0.1);
    expect(counted.differential).toBeGreaterThan(counted.lines * 0.05);
  },
  isLong ? 3_600_000 : 400_000,
);

async function runSession(session: Session, roundSeed: number, watchdog: Watchdog): Promise<void> {
  let next = session.schemas();
  for (let lines = 0; lines < LINES_OF_A_SESSION; lines += next.lines.length, next = session.nextCase()) {
    watchdog.begin(`TARGET_IOMETE_SEED=${roundSeed}, the session's line ${lines}`);
    const startedAt = performance.now();
    const found = await session.outcomes(next).catch((error: unknown) => {
      throw new Error(explain(session, roundSeed, next), { cause: error });
    });
    counted.slowestMs = Math.max(counted.slowestMs, Math.round(performance.now() - startedAt));
    judge(session, roundSeed, next, found);
    counted.lines += next.lines.length;
    // whether it is in force the oracle can't tell
    if (next.due?.at(-1)?.kind === 'open' && next.lines.at(-1)!.includes('SCHEMA')) return;
  }
}

const explain = (session: Session, roundSeed: number, { lines, due }: Case): string =>
  JSON.stringify({
    seed: roundSeed,
    ...session.describe(),
    lines: lines.map((line) => line.toString('latin1').slice(0, 3_000)),
    due: due?.map(({ kind }) => kind),
  });

function judge(
  session: Session,
  roundSeed: number,
  { lines, due }: Case,
  found: readonly { form: string; outcome: Outcome }[],
): void {
  const first = found[0]!.outcome;
  const problem = (what: string) => {
    const text = explain(session, roundSeed, { lines, due });
    expect.fail(`${what}\n${JSON.stringify(found, null, 1).slice(0, 12_000)}\n${text}`);
  };
  for (const { form, outcome } of found) {
    if (outcome.code !== undefined && !/^(INPUT_|CONFIG_INVALID)/.test(outcome.code))
      problem(`${form}: ${outcome.code}`);
    // digests are of the same form only within one format
    const isSameFormat = form.slice(0, 3) === found[0]!.form.slice(0, 3);
    const digests = isSameFormat ? outcome.digests : first.digests;
    if (!isSame({ ...outcome, digests }, first)) problem(`${form}: not as ${found[0]!.form}`);
  }
  if (first.code !== undefined) counted.codes[first.code] = (counted.codes[first.code] ?? 0) + 1;
  if (!due) {
    counted.differential += lines.length;
    return;
  }
  const rows: string[] = [];
  const instructions: string[] = [];
  let failedLine: number | undefined;
  let isOpen = false;
  for (const [index, of] of due.entries()) {
    if (of.kind === 'row') rows.push(rowText(of.version, of.row.fields));
    else if (of.kind === 'instruction') instructions.push(of.text);
    else if (of.kind === 'refused') failedLine = index + 1;
    else if (of.kind === 'open') isOpen = true;
  }
  counted.rows += rows.length;
  if (isOpen) {
    counted.open++;
    if (first.failedLine !== undefined && first.failedLine !== due.length) problem('it ends before its last line');
    if (!isSame(first.rows.slice(0, rows.length), rows))
      problem(`other rows than due before the last line: ${JSON.stringify(rows)}`);
    return;
  }
  if (failedLine !== undefined) counted.refused++;
  if (first.failedLine !== failedLine) problem(`refused at line ${first.failedLine}, due: ${failedLine}`);
  if (!isSame(first.rows, rows)) problem(`other rows than due: ${JSON.stringify(rows)}`);
  if (!isSame(first.instructions, instructions)) problem(`other instructions than due: ${instructions}`);
  const notes = new Set(due.flatMap((of) => (of.kind === 'row' ? notesOf(of) : [])));
  const said = first.notes.filter((note) => !note.includes(' ignored '));
  if (!isSame(said, [...notes].sort())) problem(`other notes than due: ${[...notes].sort()}`);
}

const notesOf = ({ version: { id }, row }: Extract<Due, { kind: 'row' }>): string[] => [
  ...row.absent.map((column) => `${id} absent ${column}`),
  ...row.inexact.map((column) => `${id} inexact ${column}`),
  ...row.asText.map((column) => `${id} asText ${column}`),
  ...(row.isDeleted ? [`${id} deletes`] : []),
];

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
