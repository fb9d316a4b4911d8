// What happens in a run → what happened in it, by stream. Nothing here knows how a person is told.
import { type Column, isNested, type StreamVersion } from '../schema/model.ts';
import type { ColumnNote, Discard, FieldCount, LoadedRows } from './facts.ts';

/** What became of the records of a stream. The sum is what was read, less what was not loaded. */
export interface RecordCounts {
  /** Inserted, or an update of a row. */
  loaded: number;
  /** Updated by a later record with the same key, in the same load. */
  deduplicated: number;
  /** Delete markers by which rows were removed. */
  deleted: number;
  /** Delete markers by which rows were marked as deleted. */
  marked: number;
  /** Written to a file of dead letters, as they could not be loaded. */
  setAside: number;
  /** Left out with their table, as the schema contract says. */
  discarded: number;
}

/** Values of a column that are not as they were sent, or values and files that were left out. */
export type Finding =
  | { readonly kind: 'note'; readonly what: ColumnNote['what']; readonly column: Column; count: number }
  | { readonly kind: 'discard'; readonly version: StreamVersion; readonly discard: Discard; count: number };

export interface StreamReport extends RecordCounts {
  /** Records read. */
  read: number;
  /** Commits. */
  loads: number;
  /** In the order in which each was first met. */
  readonly findings: readonly Finding[];
  /** Fields that no column took, by why: values by the name of the field. */
  readonly ignored: ReadonlyMap<FieldCount['because'], ReadonlyMap<string, number>>;
}

const noRecords: RecordCounts = { loaded: 0, deduplicated: 0, deleted: 0, marked: 0, setAside: 0, discarded: 0 };

/** Takes the events of one run. */
export class RunReport {
  /** Bytes of the input, and of the files that a BATCH names. */
  inputBytes = 0;
  /** Any message came, wrong ones included. */
  hasMessages = false;
  /** States that went out. */
  states = 0;
  /** Rows of the load that is under way, by stream. */
  readonly loading = new Map<string, number>();
  private readonly byStream = new Map<string, Counted>();

  get streams(): ReadonlyMap<string, StreamReport> {
    return this.byStream;
  }

  total(count: 'read' | 'loaded'): number {
    let sum = 0;
    for (const counts of this.byStream.values()) sum += counts[count];
    return sum;
  }

  read(stream: string, rows: number): void {
    this.of(stream).read += rows;
  }

  /** @param isBlank true when the bytes hold no message */
  input(bytes: number, isBlank: boolean): void {
    this.hasMessages ||= bytes > 0 && !isBlank;
    this.inputBytes += bytes;
  }

  state(): void {
    this.states++;
  }

  noted(stream: string, column: Column, { what, count }: ColumnNote): void {
    const form = column.type.kind === 'timestamp' ? 'time' : isNested(column.type) ? 'nested' : 'plain';
    this.of(stream).find(`${what} ${form} ${column.name}`, { kind: 'note', what, column, count });
  }

  ignored(stream: string, { name, count, because }: FieldCount): void {
    const all = this.of(stream).ignored;
    const fields = all.get(because) ?? new Map<string, number>();
    all.set(because, fields.set(name, (fields.get(name) ?? 0) + count));
  }

  discarded(version: StreamVersion, discard: Discard): void {
    const stream = this.of(version.stream);
    if (discard.of === 'tables') stream.discarded += discard.count;
    const column = 'column' in discard ? version.columns[discard.column]! : undefined;
    const form = column && isNested(column.type) ? 'nested' : 'plain';
    const key = `${discard.of} ${form} ${column?.name} of ${version.table.schema}.${version.table.table}`;
    stream.find(key, { kind: 'discard', version, discard, count: discard.count });
  }

  setAside(stream: string, records: number): void {
    const counts = this.of(stream);
    counts.read += records;
    counts.setAside += records;
  }

  /** What was loaded of the stream is in no table after all. */
  abandoned(stream: string): void {
    const counts = this.of(stream);
    const { setAside, discarded } = counts;
    Object.assign(counts, { ...noRecords, setAside, discarded });
  }

  beginLoad(stream: string, rows: number): void {
    this.loading.set(stream, rows);
  }

  loaded(stream: string, rows: LoadedRows): void {
    this.loading.delete(stream);
    const counts = this.of(stream);
    for (const what of ['loaded', 'deduplicated', 'deleted', 'marked'] as const) counts[what] += rows[what];
    counts.loads++;
  }

  private of(stream: string): Counted {
    let counts = this.byStream.get(stream);
    if (!counts) {
      counts = new Counted();
      this.byStream.set(stream, counts);
    }
    return counts;
  }
}

class Counted implements StreamReport {
  read = 0;
  loads = 0;
  loaded = 0;
  deduplicated = 0;
  deleted = 0;
  marked = 0;
  setAside = 0;
  discarded = 0;
  readonly ignored = new Map<FieldCount['because'], Map<string, number>>();
  private readonly found = new Map<string, Finding>();

  get findings(): readonly Finding[] {
    return [...this.found.values()];
  }

  /** @param key the same for findings that are one to a person */
  find(key: string, finding: Finding): void {
    const known = this.found.get(key);
    if (known) known.count += finding.count;
    else this.found.set(key, finding);
  }
}
