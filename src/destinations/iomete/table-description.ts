// The rows of DESCRIBE TABLE EXTENDED → what stands under a name, its columns, and what depends on them.
import { sourceIn } from '../../schema/column-source.ts';
import type { ExistingColumn } from '../../schema/evolve.ts';
import { readColumnTypes } from './create-table-text.ts';
import type { Row } from './session.ts';
import { isDoubtful, parseSparkType } from './spark-types.ts';

export interface TableDescription {
  readonly kind: 'iceberg' | 'view' | 'other';
  /** In Spark's words, such as `parquet`: for messages. */
  readonly provider: string;
  readonly columns: readonly DescribedColumn[];
  /** Of all partition specs that the table has had. */
  readonly partitions: readonly PartitionField[];
  /** Columns that every Iceberg table has beside its own. */
  readonly metadataNames: readonly string[];
  /** One whose value has a comma is cut short. */
  readonly properties: ReadonlyMap<string, string>;
}

interface DescribedColumn extends ExistingColumn {
  /** True for a struct whose members may have other names than `type` says. */
  readonly isDoubtful?: boolean;
}

interface PartitionField {
  /** Undefined where only the transform is known. */
  readonly name?: string;
  /** For messages. */
  readonly text: string;
  /** The path of what it is made of; undefined where that is not known. */
  readonly column: string | undefined;
}

export function readDescription(rows: readonly Row[]): TableDescription {
  // Columns come first; what follows (partitions, metadata columns, details) starts with a row without a type.
  const end = rows.findIndex((row) => text(row, 'data_type') === '');
  const rest = end === -1 ? [] : rows.slice(end);
  const columns = (end === -1 ? rows : rows.slice(0, end)).map((row): DescribedColumn => {
    const name = text(row, 'col_name');
    const type = parseSparkType(text(row, 'data_type'));
    return { name, type, source: sourceIn(text(row, 'comment'), name), ...(isDoubtful(type) && { isDoubtful: true }) };
  });
  const details = new Map(rest.map((row) => [text(row, 'col_name'), text(row, 'data_type')]));
  const provider = details.get('Provider') ?? details.get('Type') ?? 'unknown';
  const isView = /VIEW/i.test(details.get('Type') ?? '') || viewDetails.some((name) => details.has(name));
  return {
    kind: isView ? 'view' : /^iceberg$/i.test(provider) ? 'iceberg' : 'other',
    provider,
    columns,
    partitions: readPartitions(rest, columns),
    metadataNames: section(rest, '# Metadata Columns').map(([name]) => name),
    properties: readProperties(details.get('Table Properties') ?? ''),
  };
}

/** @param statement as SHOW CREATE TABLE prints it */
export function withQuotedMembers(found: TableDescription, statement: string): TableDescription {
  const types = readColumnTypes(statement);
  if (types === undefined || !found.columns.every(({ name }) => types.has(name))) return found;
  const columns = found.columns.map(({ isDoubtful, ...column }) =>
    isDoubtful ? { ...column, type: types.get(column.name)! } : column,
  );
  return { ...found, columns };
}

/** The rows below a heading, up to the next. */
function section(rows: readonly Row[], heading: string): readonly (readonly [name: string, type: string])[] {
  const start = rows.findIndex((row) => text(row, 'col_name') === heading);
  if (start === -1) return [];
  const below = rows.slice(start + 1);
  const end = below.findIndex((row) => text(row, 'data_type') === '');
  return below.slice(0, end === -1 ? undefined : end).map((row) => [text(row, 'col_name'), text(row, 'data_type')]);
}

/** The current spec's fields come as transforms of columns, and those of all specs as members of `_partition`. */
function readPartitions(rows: readonly Row[], columns: readonly ExistingColumn[]): readonly PartitionField[] {
  const plain = section(rows, '# Partition Information').filter(([name]) => name !== '# col_name');
  const transforms = [...plain.map(([name]) => name), ...section(rows, '# Partitioning').map(([, text]) => text)];
  const current = transforms.map((transform) => ({ text: transform, column: transformed(transform) }));
  const all = parseSparkType(new Map(section(rows, '# Metadata Columns')).get('_partition') ?? 'struct<>');
  const names = all.kind === 'struct' ? all.fields.map(({ name }) => name) : [];
  return [...current, ...names.map((name) => ({ name, text: name, column: columnOf(name, columns) }))];
}

/** `days(ts)`, `bucket(4, id)` or the column itself. */
function transformed(transform: string): string {
  const [, inner] = /^\w+\((?:\d+, )?(.*)\)$/s.exec(transform) ?? [];
  return (inner ?? transform).replace(/^`(.*)`$/s, '$1').replaceAll('``', '`');
}

/** What a field is called that was given no name of its own: `v`, `ts_day`, `id_bucket`, `id_bucket_8`. */
function columnOf(field: string, columns: readonly ExistingColumn[]): string | undefined {
  const names = columns.map(({ name }) => name);
  const [, column] = /^(.+)_(?:bucket|trunc|year|month|day|hour|null)(?:_\d+)?$/s.exec(field) ?? [];
  return [field, column].find((name) => name !== undefined && names.includes(name));
}

/** `[format-version=2,write.wap.enabled=true]` */
const readProperties = (list: string): ReadonlyMap<string, string> =>
  new Map([...list.matchAll(/(?<=[[,])([^=,]+)=([^,\]]*)/g)].map(([, name, value]) => [name!, value!]));

/** What only views have; Iceberg's own views have no `Type`. */
const viewDetails = ['View Text', 'View Query Output Columns', 'View Catalog and Namespace'];

function text(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}
