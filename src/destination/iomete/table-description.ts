// The rows of DESCRIBE TABLE EXTENDED → what stands under a name, and its columns.
import { sourceIn } from '../../schema/column-source.ts';
import type { ExistingColumn } from '../../schema/evolve.ts';
import type { Row } from './session.ts';
import { parseSparkType } from './spark-types.ts';

export interface TableDescription {
  readonly kind: 'iceberg' | 'view' | 'other';
  /** In Spark's words, such as `parquet`: for messages. */
  readonly provider: string;
  readonly columns: readonly ExistingColumn[];
  /** One whose value has a comma is cut short. */
  readonly properties: ReadonlyMap<string, string>;
}

export function readDescription(rows: readonly Row[]): TableDescription {
  // Columns come first; what follows (partitions, metadata columns, details) starts with a row without a type.
  const end = rows.findIndex((row) => text(row, 'data_type') === '');
  const columns = (end === -1 ? rows : rows.slice(0, end)).map((row) => ({
    name: text(row, 'col_name'),
    type: parseSparkType(text(row, 'data_type')),
    source: sourceIn(text(row, 'comment'), text(row, 'col_name')),
  }));
  const details = new Map(
    (end === -1 ? [] : rows.slice(end)).map((row) => [text(row, 'col_name'), text(row, 'data_type')]),
  );
  const provider = details.get('Provider') ?? details.get('Type') ?? 'unknown';
  const isView = /VIEW/i.test(details.get('Type') ?? '') || viewDetails.some((name) => details.has(name));
  const kind = isView ? 'view' : /^iceberg$/i.test(provider) ? 'iceberg' : 'other';
  return { kind, provider, columns, properties: readProperties(details.get('Table Properties') ?? '') };
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
