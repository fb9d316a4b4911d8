// A small source whose every record tells which it is, the taps that send it, and what a table must hold of it.
import type { LoadMethod } from './scenarios.mjs';

export const RECORDS = 40;
/** Ids come again after so many records: the last ten update the first ten. */
const IDS = 30;
/** So many records between two states; a batch holds as many. */
export const BATCH = 10;

export interface FoundRow {
  readonly id: number;
  readonly text: string;
}

const idOf = (seq: number): number => ((seq - 1) % IDS) + 1;
const line = (message: object): string => `${JSON.stringify(message)}\n`;

export const schemaOf = (loadMethod: LoadMethod): string =>
  line({
    type: 'SCHEMA',
    stream: 'boats',
    schema: { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } },
    key_properties: loadMethod === 'append-only' ? [] : ['id'],
  });

export const recordOf = (seq: number, padding = ''): string =>
  line({ type: 'RECORD', stream: 'boats', record: { id: idOf(seq), text: `v${seq}${padding}` } });

const stateOf = (seq: number): string => line({ type: 'STATE', value: { seq } });

/** Records after the first `covered`, with a STATE after each batch. */
export function linesFrom(covered: number, upTo = RECORDS, padding = ''): string {
  let text = '';
  for (let seq = covered + 1; seq <= upTo; seq++)
    text += recordOf(seq, padding) + (seq % BATCH === 0 ? stateOf(seq) : '');
  return text;
}

/** How many records the newest of the states says are safe. */
export function coveredBy(states: readonly string[]): number {
  const numbers = states.map((state) => (JSON.parse(state) as { seq: number }).seq);
  if (numbers.some((seq, index) => index > 0 && seq < numbers[index - 1]!))
    throw new Error(`states go back: ${numbers}`);
  return numbers.at(-1) ?? 0;
}

export const OLD: readonly FoundRow[] = [
  { id: 1, text: 'old 1' },
  { id: 99, text: 'old 99' },
];

const seqOf = ({ text }: FoundRow): number => Number(/^v(\d+)/.exec(text)?.[1] ?? Number.NaN);
const isOld = (rows: readonly FoundRow[]): boolean => JSON.stringify(sorted(rows)) === JSON.stringify(sorted(OLD));
const sorted = (rows: readonly FoundRow[]) => rows.toSorted((a, b) => a.id - b.id || (a.text < b.text ? -1 : 1));

export interface Promised {
  readonly loadMethod: LoadMethod;
  /** By the newest state. */
  readonly covered: number;
  /** The run ended as if nothing had been: all of its input is there. */
  readonly complete: boolean;
  /** Records that the tap has sent. */
  readonly sent: number;
  /** Records from there on may be there twice, as a run that failed may have loaded them and this one was resumed before them. */
  readonly resumedFrom?: number;
}

/** @returns what is wrong with the table */
export function problemsOf(rows: readonly FoundRow[], promised: Promised): string[] {
  switch (promised.loadMethod) {
    case 'upsert':
      return upsertProblems(rows, promised);
    case 'append-only':
      return appendProblems(rows, promised);
    case 'overwrite':
      return overwriteProblems(rows, promised);
  }
}

function upsertProblems(rows: readonly FoundRow[], { covered, complete, sent }: Promised): string[] {
  const due = complete ? sent : covered;
  const problems: string[] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (byId.size !== rows.length) problems.push(`${rows.length} rows of ${byId.size} keys`);
  for (let seq = 1; seq <= due; seq++) {
    const row = byId.get(idOf(seq));
    if (!row) problems.push(`record ${seq} is not there`);
    else if (seqOf(row) < seq) problems.push(`record ${seq} is not there: ${row.text} stands in its place`);
  }
  for (const row of rows)
    if (idOf(seqOf(row)) !== row.id || seqOf(row) > sent)
      problems.push(`a row that was never sent: ${row.id} ${row.text}`);
  return problems;
}

function appendProblems(rows: readonly FoundRow[], { covered, complete, sent, resumedFrom }: Promised): string[] {
  const due = complete ? sent : covered;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(seqOf(row), (counts.get(seqOf(row)) ?? 0) + 1);
  const problems: string[] = [];
  for (let seq = 1; seq <= sent; seq++) {
    const count = counts.get(seq) ?? 0;
    const most = resumedFrom !== undefined && seq > resumedFrom ? 2 : 1;
    if (count > most || (count === 0 && seq <= due)) problems.push(`record ${seq} is there ${count} times`);
  }
  if ([...counts.keys()].some((seq) => !(seq <= sent))) problems.push('a row that was never sent');
  return problems;
}

function overwriteProblems(rows: readonly FoundRow[], { covered, complete, sent }: Promised): string[] {
  if (isOld(rows)) return covered > 0 || complete ? [`the old rows are there, the state covers ${covered}`] : [];
  const problems = upsertProblems(rows, { loadMethod: 'upsert', covered: sent, complete: true, sent });
  return problems.map((problem) => `neither all old nor all new: ${problem}`);
}
