// Readable records → stream versions, staged rows and loads, as the encoder and the pipeline make them.
import type { Load } from '../../../../src/destinations/destination.ts';
import { stagedLayout } from '../../../../src/formats/layout.ts';
import type { StagedFile } from '../../../../src/formats/staged-file.ts';
import {
  type ColumnType,
  type DeleteMode,
  jsonKind,
  type PlainType,
  type StreamVersion,
} from '../../../../src/schema/model.ts';

/** Values are the text that the encoder stages; a property that is not there is absent, `null` is null. */
export interface StagedRecord {
  readonly data: Readonly<Record<string, string | null>>;
  readonly deletedAt?: string;
  readonly tableVersion?: number;
}

type Kind = Exclude<PlainType['kind'], 'decimal'>;

export interface VersionShape {
  readonly columns: Readonly<Record<string, Kind | ColumnType>>;
  readonly keys?: readonly string[];
  readonly metadata?: boolean;
  readonly deletes?: DeleteMode;
  readonly schema?: string;
  readonly table?: string;
}

let lastVersionId = 0;

export function versionOf(shape: VersionShape): StreamVersion {
  const names = Object.keys(shape.columns);
  return {
    id: ++lastVersionId,
    stream: 'orders',
    table: { schema: shape.schema ?? 'main', table: shape.table ?? 'orders' },
    columns: names.map((name) => {
      const type = shape.columns[name]!;
      return {
        path: [name],
        name,
        type: typeof type === 'string' ? { kind: type } : type,
        accepts: jsonKind.number | jsonKind.boolean | jsonKind.string | jsonKind.structure,
      };
    }),
    keys: (shape.keys ?? []).map((key) => names.indexOf(key)),
    metadata: shape.metadata ?? false,
    deletes: shape.deletes ?? 'ignore',
  };
}

/** One row of texts in the order of `stagedLayout(version)`. */
export function stagedRow(version: StreamVersion, record: StagedRecord, order: number): (string | null)[] {
  const flags = version.columns.map(({ name }) => (name in record.data ? '0' : '1')).join('');
  return stagedLayout(version).map((column) => {
    if (column.role === 'data') return record.data[version.columns[column.index]!.name] ?? null;
    if (column.role === 'order') return String(order);
    if (column.role === 'absent') return flags.includes('1') ? flags : null;
    if (column.name === '_sdc_deleted_at') return record.deletedAt ?? null;
    if (column.name === '_sdc_sequence') return String(order);
    if (column.name === '_sdc_table_version') return record.tableVersion?.toString() ?? null;
    return '2024-01-01 00:00:00';
  });
}

/** The rows as a staged CSV file has them. */
export function stagedCsv(version: StreamVersion, records: readonly StagedRecord[], firstOrder = 1): string {
  const layout = stagedLayout(version);
  const field = (text: string | null, position: number) => {
    if (text === null) return '';
    const kind = layout[position]!.type.kind;
    return kind === 'string' || kind === 'json' ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return records
    .map(
      (record, i) =>
        `${stagedRow(version, record, firstOrder + i)
          .map(field)
          .join(',')}\n`,
    )
    .join('');
}

/** As precise as the pipeline may be; it may also claim more repeats, absences and deletes than there are. */
export function loadOf(
  version: StreamVersion,
  records: readonly StagedRecord[],
  files: readonly StagedFile[] = [],
): Load {
  const keyOf = ({ data }: StagedRecord) => JSON.stringify(version.keys.map((key) => data[version.columns[key]!.name]));
  const absent = version.columns.flatMap(({ name }, i) => (records.every(({ data }) => name in data) ? [] : [i]));
  return {
    version,
    files,
    rows: records.length,
    mayRepeatKeys: version.keys.length > 0 && new Set(records.map(keyOf)).size < records.length,
    absentColumns: new Set(absent),
    hasDeletes: records.some(({ deletedAt }) => deletedAt !== undefined),
    batchedAt: new Date('2024-05-06T07:08:09.123Z'),
  };
}
