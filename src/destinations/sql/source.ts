// Load + staged relation → a SELECT with one row per row to write, and how each column of the table follows from it.
//
// A load must end as if its records had been applied one by one. When no key repeats a projection does it (`plainSource`);
// when keys repeat, the last record of each key or, where records say only a part, one GROUP BY (`foldedSource`). All
// answer the same questions for a column: what an update sets, when it keeps the table's value, what an insert writes.

import { type StagedColumn, stagedLayout, stagedName } from '../../formats/layout.ts';
import { isNested, type MetadataName } from '../../schema/model.ts';
import type { Load } from '../destination.ts';
import { castTo, type Dialect } from './dialect.ts';
import { stagedValue } from './nested-value.ts';
import { type OtherColumn, type TableColumn, type WantedColumn, wantedColumns } from './table-columns.ts';

export interface LoadTarget {
  readonly load: Load;
  /** The table, quoted. */
  readonly table: string;
  /** For each of `wantedColumns(load.version)`, in its order, the table's column that holds it; undefined: it is left out. */
  readonly columns: readonly (TableColumn | undefined)[];
  /** The table's other columns: a row that is deleted and made again within the load has nothing of its old self in them. */
  readonly others: readonly OtherColumn[];
  /** Anything that may stand after FROM and has the typed columns c0, c1, … of `layout`. */
  readonly relation: string;
  /** As `readLayout` has it; that of the version when it is not set. */
  readonly layout?: readonly StagedColumn[] | undefined;
  /** Start of the run, in milliseconds since 1970, for `_sdc_sync_started_at`. */
  readonly syncStartedAtMs: number;
}

/** How a column of the table is written, as expressions over the source, which goes by the alias `s`. */
export interface SourceColumn {
  /** The table's column, quoted. */
  readonly target: string;
  readonly key: boolean;
  readonly value: string;
  /** When this is false, an update keeps the table's value; undefined: it never does. */
  readonly given: string | undefined;
  /** What a new row gets. */
  readonly inserted: string;
}

export interface Source {
  readonly select: string;
  readonly columns: readonly SourceColumn[];
  /** True (never NULL) when the row must not be in the table; undefined when no row is deleted. */
  readonly removed: string | undefined;
  /** True (never NULL) when an update stands for a delete and an insert of the same key; undefined when none does. */
  readonly remade: string | undefined;
}

export function loadSource(dialect: Dialect, target: LoadTarget): Source {
  const staged = stagedSide(dialect, target);
  const { load } = target;
  if (!load.mayRepeatKeys || load.version.keys.length === 0) return plainSource(staged);
  const needsFold = staged.markers === 'soft' || staged.values.some(({ present }) => present !== undefined);
  return needsFold ? foldedSource(dialect, staged) : plainSource(lastOfEachKey(staged), 's.markers > 0');
}

/** A wanted column that is staged, under the name `name` and cast to the table's type. */
export interface StagedValue {
  readonly name: string;
  readonly target: string;
  readonly key: boolean;
  readonly metadata: boolean;
  /** A condition that the record had the property; undefined when every record had. */
  readonly present: string | undefined;
}

export interface StagedSide {
  /** SELECT of the values, and of `seq`, `deleted_at` and `absent` as far as they matter. */
  readonly select: string;
  readonly values: readonly StagedValue[];
  /** Columns that are the same in every row of the load. */
  readonly constants: readonly SourceColumn[];
  /** What records with `deleted_at` do; undefined when there are none, or they are rows like all others. */
  readonly markers: 'soft' | 'hard' | undefined;
}

export function stagedSide(dialect: Dialect, target: LoadTarget): StagedSide {
  const { load, columns, relation, syncStartedAtMs } = target;
  const { version } = load;
  const layout = target.layout ?? stagedLayout(version);
  const find = (role: 'order' | 'absent' | MetadataName) =>
    stagedName(
      layout.findIndex((column) => (column.role === 'metadata' ? column.name === role : column.role === role)),
    );
  const markers =
    load.hasDeletes && version.keys.length > 0 && version.deletes !== 'ignore' ? version.deletes : undefined;

  const selected: string[] = [`${find('order')} AS seq`];
  if (markers !== undefined) selected.push(`${find('_sdc_deleted_at')} AS deleted_at`);
  if (load.absentColumns.size > 0) selected.push(`${find('absent')} AS absent`);

  const values: StagedValue[] = [];
  const constants: SourceColumn[] = [];
  for (const [index, wanted] of wantedColumns(version).entries()) {
    const column = columns[index];
    if (column === undefined) continue;
    const name = dialect.quoteName(column.name);
    const constant = constantOf(dialect, wanted, load, syncStartedAtMs);
    if (constant !== undefined) {
      const value = castTo(dialect, constant, wanted.type, column.type);
      constants.push({ target: name, key: false, value, given: undefined, inserted: value });
      continue;
    }
    const staged = 'data' in wanted.from ? stagedName(wanted.from.data) : find(wanted.from.metadata);
    const type = 'data' in wanted.from && !isNested(wanted.type) ? layout[wanted.from.data]!.type : wanted.type;
    selected.push(`${stagedValue(dialect, staged, type, column.type)} AS ${staged}`);
    values.push({
      name: staged,
      target: name,
      key: wanted.key,
      metadata: 'metadata' in wanted.from,
      present:
        'data' in wanted.from && !wanted.key && load.absentColumns.has(wanted.from.data)
          ? `(absent IS NULL OR substr(absent, ${wanted.from.data + 1}, 1) <> '1')`
          : undefined,
    });
  }
  return { select: `SELECT ${selected.join(', ')} FROM ${relation}`, values, constants, markers };
}

function constantOf(dialect: Dialect, wanted: WantedColumn, load: Load, syncStartedAtMs: number): string | undefined {
  if ('data' in wanted.from) return undefined;
  if (wanted.from.metadata === '_sdc_batched_at') return dialect.timestampLiteral(load.batchedAt);
  return wanted.from.metadata === '_sdc_sync_started_at' ? `CAST(${BigInt(syncStartedAtMs)} AS BIGINT)` : undefined;
}

/**
 * The rows that end in the table when nothing in it has a key of theirs, of a load without delete markers and where every
 * record says all. The few rows that a later one of their key follows are found by keys alone: whole rows are neither
 * sorted nor exchanged, as a window would have it.
 */
export function newRowsSource(dialect: Dialect, target: LoadTarget): Source {
  const staged = stagedSide(dialect, target);
  if (!target.load.mayRepeatKeys) return plainSource(staged);
  const keys = keyNames(staged.values);
  const later = `SELECT ${keys.join(', ')}, max(seq) AS newest FROM (${staged.select}) staged GROUP BY ${keys.join(', ')} HAVING count(*) > 1`;
  const same = keys.map((key) => `later.${key} = staged.${key}`).join(' AND ');
  const select = `SELECT * FROM (${staged.select}) staged WHERE NOT EXISTS (SELECT 1 FROM (${later}) later WHERE ${same} AND staged.seq < later.newest)`;
  return plainSource({ ...staged, select });
}

/** Enough when the last record of a key says all there is to say; a window also spills to disk where groups don't. */
function lastOfEachKey(staged: StagedSide): StagedSide {
  const by = keyNames(staged.values).join(', ');
  const markers = staged.markers === undefined ? '' : `, count(deleted_at) OVER (PARTITION BY ${by}) AS markers`;
  const ranked = `SELECT staged.*, row_number() OVER (PARTITION BY ${by} ORDER BY seq DESC) AS place${markers} FROM (${staged.select}) staged`;
  return { ...staged, select: `SELECT * FROM (${ranked}) ranked WHERE place = 1` };
}

export const keyNames = (values: readonly StagedValue[]) => values.filter(({ key }) => key).map(({ name }) => name);

/** Each staged row as it is. @param hadMarker tells of a key's last record whether another record was a delete marker */
function plainSource({ select, values, constants, markers }: StagedSide, hadMarker?: string): Source {
  const flags = values.flatMap(({ name, present }) => (present === undefined ? [] : [`${present} AS has_${name}`]));
  if (markers !== undefined) flags.push('deleted_at IS NOT NULL AS is_marker');
  return {
    select: flags.length === 0 ? select : `SELECT ${['staged.*', ...flags].join(', ')} FROM (${select}) staged`,
    columns: [
      ...values.map(({ name, target, key, metadata, present }) => {
        const given = [];
        if (present !== undefined) given.push(`s.has_${name}`);
        if (markers === 'soft' && !metadata) given.push('NOT s.is_marker');
        const value = `s.${name}`;
        return { target, key, value, given: given.length === 0 ? undefined : given.join(' AND '), inserted: value };
      }),
      ...constants,
    ],
    removed: markers === 'hard' ? 's.is_marker' : undefined,
    remade: markers === 'hard' ? hadMarker : undefined,
  };
}

/**
 * One row per key. Of each group these are kept:
 * - `latest`: the columns that every record has, from the last record that is not a delete marker;
 * - `mark`: the metadata columns, from the last record of all;
 * - `v_…`, `at_…`: a column that some records lack, and where it was last seen;
 * - `earliest`: the first record: a soft delete marker says nothing of the data, except when it makes the row;
 * - `lived`, `died`: where the last record and the last delete marker were.
 */
function foldedSource(dialect: Dialect, { select, values, constants, markers }: StagedSide): Source {
  const isData = markers === undefined ? undefined : 'deleted_at IS NULL';
  const keys = values.filter(({ key }) => key);
  const sometimes = values.filter(({ present }) => present !== undefined);
  const always = values.filter(({ key, present }) => !key && present === undefined);
  const latest = always.filter(({ metadata }) => markers === undefined || !metadata);
  const mark = always.filter((value) => !latest.includes(value));
  const data = values.filter(({ key, metadata }) => !key && !metadata);
  const struct = (of: readonly StagedValue[]) => dialect.struct(of.map(({ name }) => name));

  const groups = keyNames(values);
  if (latest.length > 0) groups.push(`${dialect.maxBy(struct(latest), 'seq', isData)} AS latest`);
  if (mark.length > 0) groups.push(`${dialect.maxBy(struct(mark), 'seq')} AS mark`);
  if (markers === 'soft' && data.length > 0) groups.push(`${dialect.maxBy(struct(data), '-seq')} AS earliest`);
  if (markers !== undefined) {
    groups.push(`max(CASE WHEN deleted_at IS NULL THEN seq END) AS lived`);
    groups.push(`max(CASE WHEN deleted_at IS NOT NULL THEN seq END) AS died`);
  }
  for (const { name, present } of sometimes) {
    const seen = isData === undefined ? present! : `${present} AND ${isData}`;
    groups.push(
      `${dialect.maxBy(name, 'seq', seen)} AS v_${name}`,
      `max(CASE WHEN ${seen} THEN seq END) AS at_${name}`,
    );
  }

  const columns = [
    ...keys.map(({ name, target }) => plainColumn(target, `s.${name}`, true)),
    ...mark.map(({ name, target }) => plainColumn(target, `s.mark.${name}`, false)),
    ...latest.map(({ name, target }) =>
      markers === 'soft'
        ? softColumn(name, target, `s.latest.${name}`, 's.lived IS NOT NULL')
        : plainColumn(target, `s.latest.${name}`, false),
    ),
    ...sometimes.map(({ name, target }) => sometimesColumn(name, target, markers)),
    ...constants,
  ];
  return {
    select: `SELECT ${groups.join(', ')} FROM (${select}) staged GROUP BY ${keyNames(values).join(', ')}`,
    columns,
    removed: markers === 'hard' ? '(s.died IS NOT NULL AND (s.lived IS NULL OR s.lived < s.died))' : undefined,
    remade: markers === 'hard' ? '(s.died IS NOT NULL)' : undefined,
  };
}

function plainColumn(target: string, value: string, key: boolean): SourceColumn {
  return { target, key, value, given: undefined, inserted: value };
}

function softColumn(name: string, target: string, value: string, given: string): SourceColumn {
  return {
    target,
    key: false,
    value,
    given,
    inserted: `CASE WHEN ${given} THEN ${value} ELSE s.earliest.${name} END`,
  };
}

function sometimesColumn(name: string, target: string, markers: StagedSide['markers']): SourceColumn {
  const [value, seen] = [`s.v_${name}`, `s.at_${name} IS NOT NULL`];
  if (markers === 'soft') return softColumn(name, target, value, seen);
  if (markers === undefined) return { target, key: false, value, given: seen, inserted: value };
  // What came before a hard delete is gone, in the table too: the row that follows it starts from nothing.
  const sinceDelete = `CASE WHEN s.died IS NULL OR s.at_${name} > s.died THEN ${value} END`;
  return { target, key: false, value: sinceDelete, given: `(s.died IS NOT NULL OR ${seen})`, inserted: sinceDelete };
}
