// Parquet files whose columns are known → a relation like that of staged files, and the question whether it holds all exactly.
import { shownKey } from '../../errors/shown-key.ts';
import { TargetError } from '../../errors/target-error.ts';
import { stagedLayout, stagedName, stagedType } from '../../formats/layout.ts';
import { encodeTimestamp, isTimestamp } from '../../json/encode-time.ts';
import { GrowingBytes } from '../../memory/growing-bytes.ts';
import { type Column, type ColumnType, jsonKind, type MetadataName, type StreamVersion } from '../../schema/model.ts';
import type { Discards, Load, ParquetFile, ParquetLoad, ParquetOutcome } from '../destination.ts';
import type { Cast } from './cast-target.ts';
import { castFromFile } from './parquet-casts.ts';
import { findColumn } from './parquet-columns.ts';
import type { FileColumn, ParquetDialect } from './parquet-dialect.ts';

/** A file that the warehouse has looked into. */
export interface DescribedFile {
  readonly file: ParquetFile;
  readonly columns: readonly FileColumn[];
  /** Anything that may stand after FROM, and has these columns. */
  readonly relation: string;
  /** Expression: how many rows of the file stand before this one. */
  readonly rowNumber: string;
}

export interface ParquetSource {
  /** SELECT with the columns c0, c1, … of the staged layout. */
  readonly select: string;
  /** One row for each file that has rows: `f`, its place in the list; `n`, its rows; `d`, those with a delete marker; `b0`, `b1`, … as `problems` says; of keys `k0`, `k1`, …, one that is bad; `v0`, … values of column 0, … that are discarded. */
  readonly check: string;
  readonly problems: readonly Problem[];
  /** Indexes into the version's columns. */
  readonly discarded: readonly number[];
  /** One number: rows whose key came before. Undefined for a version without keys. */
  readonly repeats: string | undefined;
  readonly absentColumns: ReadonlySet<number>;
}

interface Problem {
  readonly what: 'value' | 'key';
  readonly column: string;
  readonly type: string;
}

interface FileSource {
  readonly fields: readonly string[];
  /** For each of the version's columns. */
  readonly data: readonly string[];
  readonly absent: readonly number[];
  readonly deleted: string;
  /** Conditions by the names of their columns. */
  readonly bad: ReadonlyMap<string, string>;
  /** Of key columns what an error can show. */
  readonly keyTexts: ReadonlyMap<string, string>;
  readonly keyMissing: ReadonlyMap<string, string>;
}

/** More than any file has rows. */
const rowsOfFile = 2 ** 40;

/** @param discards columns whose values are counted and not loaded. @throws TargetError INPUT_BATCH_FILE, INPUT_VALUE_INVALID */
export function parquetSource(
  dialect: ParquetDialect,
  version: StreamVersion,
  files: readonly DescribedFile[],
  discards?: Discards | undefined,
): ParquetSource {
  const discarded = [...(discards?.columns.keys() ?? [])];
  const sources = files.map((described, place) => {
    try {
      return fileSource(dialect, version, described, place);
    } catch (error) {
      throw error instanceof TargetError ? error.at(placeOf(described.file)) : error;
    }
  });
  const badColumns = [...new Set(sources.flatMap(({ bad }) => [...bad.keys()]))];
  const keys = version.keys.map((key) => version.columns[key]!.path.join('.'));
  const problems: Problem[] = [
    ...badColumns.map((column) => ({ what: 'value' as const, column, type: typeIn(dialect, version, column) })),
    ...keys.map((column) => ({ what: 'key' as const, column, type: '' })),
  ];
  const keyProblems = [...problems.keys()].filter(
    (b) => problems[b]!.what === 'value' && isKey(version, problems[b]!.column),
  );
  const select = files.map(({ relation }, i) => `SELECT ${sources[i]!.fields.join(', ')} FROM ${relation}`);
  const flags = files.map(({ relation }, i) => {
    const { bad, keyMissing, keyTexts, deleted, data } = sources[i]!;
    const conditions = problems.map(({ what, column }) => (what === 'key' ? keyMissing : bad).get(column) ?? 'false');
    const named = conditions.map((condition, b) => `${condition} AS b${b}`);
    const shown = keyProblems.map((b) => {
      const text = keyTexts.get(problems[b]!.column) ?? 'NULL';
      return `CAST(CASE WHEN ${conditions[b]} THEN ${text} END AS ${dialect.typeName({ kind: 'string' })}) AS k${b}`;
    });
    const values = discarded.map((index) => `${data[index]} IS NOT NULL AS v${index}`);
    return `SELECT ${[`${i} AS f`, `${deleted} AS d`, ...named, ...shown, ...values].join(', ')} FROM ${relation}`;
  });
  const conditions = [...problems.map((_, b) => `b${b}`), ...discarded.map((index) => `v${index}`)];
  const examples = keyProblems.map((b) => `, min(k${b}) AS k${b}`).join('');
  const counts = conditions.map((name) => `, count_if(${name}) AS ${name}`).join('') + examples;
  const all = select.join('\nUNION ALL ');
  return {
    select: all,
    check: `SELECT f, count(*) AS n, count_if(d) AS d${counts} FROM (${flags.join('\nUNION ALL ')}) flags GROUP BY f ORDER BY f`,
    problems,
    discarded,
    repeats: keys.length === 0 ? undefined : repeatsOf(dialect, version, all),
    absentColumns: new Set(sources.flatMap(({ absent }) => absent)),
  };
}

/** The rows of `check`, each as a record of numbers → how many there are of what; throws what is wrong with them. */
export function checkedOutcome(
  source: ParquetSource,
  load: ParquetLoad,
  rows: readonly Readonly<Record<string, unknown>>[],
): ParquetOutcome {
  const discarded = new Map<number, number>();
  const outcome = { rows: 0, hasDeletes: false, discarded, inexact: new Map(), deduplicated: 0, deleted: 0 };
  for (const row of rows) {
    outcome.rows += Number(row.n);
    outcome.hasDeletes ||= Number(row.d) > 0;
    for (const index of source.discarded) discarded.set(index, (discarded.get(index) ?? 0) + Number(row[`v${index}`]));
    for (const [b, problem] of source.problems.entries()) {
      const count = Number(row[`b${b}`]);
      const key = row[`k${b}`];
      if (count > 0) throw problemError(problem, count, key).at(placeOf(load.files[Number(row.f)]!));
    }
  }
  return outcome;
}

/** The load that the statements of staged files are made for. */
export function loadOfParquet(
  { version, files, batchedAt }: ParquetLoad,
  { absentColumns }: ParquetSource,
  { rows, hasDeletes }: ParquetOutcome,
  repeats: number,
): Load {
  const staged = files.map(({ location }) => ({ location, key: location, bytes: 0 }));
  return { version, files: staged, rows, mayRepeatKeys: repeats > 0, absentColumns, hasDeletes, batchedAt };
}

/** For errors about one file. */
export const placeOf = ({ name, line }: ParquetFile) => ({ file: name.replace(/\?.*$/s, ''), line });

function problemError({ what, column, type }: Problem, count: number, key: unknown): TargetError {
  const rows = count === 1 ? 'one row has' : `${count} rows have`;
  if (what === 'key') return new TargetError('INPUT_KEY_MISSING', `${rows} no value of this key property`, { column });
  const shown = key === undefined || key === null ? '' : ` (the key is ${shownKey(JSON.stringify(String(key)))})`;
  return new TargetError('INPUT_VALUE_INVALID', `${rows} a value that ${type} can't hold as it is${shown}`, { column });
}

const isKey = ({ columns, keys }: StreamVersion, name: string): boolean =>
  keys.some((key) => columns[key]!.path.join('.') === name);

function typeIn(dialect: ParquetDialect, { columns }: StreamVersion, name: string): string {
  const column = columns.find(({ path }) => path.join('.') === name);
  return `the column's type ${dialect.typeName(column?.type ?? metadataTypeOf(name as MetadataName))}`;
}

function repeatsOf(dialect: ParquetDialect, { keys }: StreamVersion, select: string): string {
  const key = dialect.struct(keys.map(stagedName));
  return `SELECT count(*) - count(DISTINCT ${key}) AS repeats FROM (${select}) staged`;
}

function fileSource(
  dialect: ParquetDialect,
  version: StreamVersion,
  { file, columns, rowNumber }: DescribedFile,
  place: number,
): FileSource {
  const bad = new Map<string, string>();
  const keyMissing = new Map<string, string>();
  const keyTexts = new Map<string, string>();
  const absent: number[] = [];
  const cast = (
    path: readonly string[],
    type: ColumnType,
    accepts: number,
    isKey: boolean = false,
  ): Cast | undefined => {
    const found = findColumn(columns, path);
    const made = found && castFromFile(dialect, dialect.quoteName(found.name), found.type, { type, accepts, isKey });
    if (isKey && found !== undefined && found.type.kind !== 'nested' && found.type.kind !== 'unsupported')
      keyTexts.set(path.join('.'), `CAST(${dialect.quoteName(found.name)} AS ${dialect.typeName({ kind: 'string' })})`);
    if (made?.bad !== undefined) bad.set(path.join('.'), made.bad);
    return made;
  };
  const objects = new Set(
    version.columns
      .filter(isMember)
      .filter(isIn(columns))
      .map(({ path }) => path[0]),
  );
  const data = version.columns.map((column, index) => {
    const { path, type, accepts } = column;
    const made = cast(path, type, accepts, version.keys.includes(index));
    // of an object that was flattened the file has some columns: what it lacks is NULL
    if (made === undefined && !(isMember(column) && objects.has(path[0]))) absent.push(index);
    const value = made?.value ?? `CAST(NULL AS ${dialect.typeName(stagedType(type))})`;
    if (version.keys.includes(index)) keyMissing.set(path.join('.'), `${value} IS NULL`);
    return value;
  });
  const metadata = (name: MetadataName): string =>
    cast([name], metadataTypeOf(name), jsonKind.string | jsonKind.number)?.value ?? metadataOf(dialect, file, name);
  const marker = findColumn(columns, ['_sdc_deleted_at']);
  const flags = version.columns.map((_, index) => (absent.includes(index) ? '1' : '0')).join('');
  const fields = stagedLayout(version).map((column, position) => {
    const value = () => {
      switch (column.role) {
        case 'data':
          return data[column.index]!;
        case 'metadata':
          return metadata(column.name);
        case 'order':
          return `CAST(${place * rowsOfFile} AS BIGINT) + ${rowNumber}`;
        case 'absent':
          return `CAST(${absent.length > 0 ? dialect.quoteText(flags) : 'NULL'} AS ${dialect.typeName(column.type)})`;
      }
    };
    return `${value()} AS ${stagedName(position)}`;
  });
  const deleted = marker === undefined ? 'false' : `${dialect.quoteName(marker.name)} IS NOT NULL`;
  return { fields, data, absent, deleted, bad, keyMissing, keyTexts };
}

const isMember = ({ path }: Column): boolean => path.length > 1;

const isIn =
  (columns: readonly FileColumn[]) =>
  ({ path }: Column): boolean =>
    findColumn(columns, path) !== undefined;

const metadataTypeOf = (name: MetadataName): ColumnType =>
  name === '_sdc_sequence' || name === '_sdc_table_version' ? { kind: 'bigint' } : { kind: 'timestamp' };

/** What the message says of all its rows. */
function metadataOf(dialect: ParquetDialect, file: ParquetFile, name: MetadataName): string {
  const type = dialect.typeName(metadataTypeOf(name));
  switch (name) {
    case '_sdc_received_at':
      return dialect.timestampLiteral(file.receivedAt);
    case '_sdc_sequence':
      return `CAST(${file.receivedAt.getTime()} AS ${type})`;
    case '_sdc_table_version':
      return `CAST(${file.tableVersion ?? 'NULL'} AS ${type})`;
    case '_sdc_extracted_at':
      return file.extractedAt === undefined ? `CAST(NULL AS ${type})` : extractedAt(dialect, file.extractedAt);
    default:
      return `CAST(NULL AS ${type})`;
  }
}

function extractedAt(dialect: ParquetDialect, text: string): string {
  const bytes = Buffer.from(text);
  if (isTimestamp(bytes, 0, bytes.length)) {
    // as records have it, so that both warehouses read the same
    const plain = new GrowingBytes(64);
    encodeTimestamp(bytes, 0, bytes.length, plain);
    return dialect.timestampOfText(dialect.quoteText(plain.bytes.toString('latin1', 0, plain.length)));
  }
  throw new TargetError('INPUT_VALUE_INVALID', 'the message has no date-time there', { column: 'time_extracted' });
}
