// The folders that scripts/record-upgrades.mjs has written → what each recorded version left, and what is run again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedColumn, RecordedRow, TableContents } from '../../../scripts/upgrades/contents.mjs';

export type { RecordedColumn, RecordedRow };

export type Kind = 'duckdb' | 'iomete';
/** By the schema's role and the table's name: `main.orders`. */
export type Contents = Readonly<Record<string, TableContents>>;

/** What differs between destinations, such as the names of types. */
type OfEach<T> = T | Readonly<Record<Kind, T>>;

export const ofKind = <T extends string | null>(value: OfEach<T>, kind: Kind): T =>
  value === null || typeof value === 'string' ? value : value[kind];

/** Columns and their values as text: `of` finds a row, `as` makes another of it. */
export interface Copy {
  readonly of: RecordedRow;
  readonly as: Readonly<Record<string, OfEach<string | null>>>;
}

export interface RecordedStream {
  readonly table: string;
  /** Lines of the tap: one row that is there already, and one that `copy` describes. */
  readonly again: readonly string[];
  readonly copy: Copy;
  /** Rows that `again` deletes. */
  readonly gone?: readonly RecordedRow[];
  /** A new schema, with one row that is there already. */
  readonly onward?: {
    readonly messages: readonly string[];
    readonly added: readonly (readonly [name: string, type: OfEach<string>, comment: string | null])[];
    readonly widened: readonly (readonly [name: string, type: OfEach<string>])[];
    readonly row: Copy;
  };
}

export interface RecordedRun {
  readonly name: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly streams: readonly RecordedStream[];
}

export interface Recording {
  readonly label: string;
  /** Of the recording's files. */
  readonly folder: string;
  readonly runs: readonly RecordedRun[];
  readonly overwrite: Omit<RecordedRun, 'streams'> & {
    readonly messages: readonly string[];
    /** Names of the boats that are there afterwards. */
    readonly rows: readonly string[];
  };
}

const recorded = join(import.meta.dirname, 'recorded');

export const recordings: readonly Recording[] = readdirSync(recorded)
  .sort()
  .map((label) => {
    const folder = join(recorded, label);
    return { ...JSON.parse(readFileSync(join(folder, 'recording.json'), 'utf8')), label, folder };
  });

/** @param name `contents` or `clean`, of one destination */
export const recordedFile = <T>({ folder }: Recording, kind: Kind, name: string): T =>
  JSON.parse(readFileSync(join(folder, kind, `${name}.json`), 'utf8'));
