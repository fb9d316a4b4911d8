// StreamVersion → the columns of its staged files, in order. The encoder writes this layout, a destination reads it.
import { type ColumnType, isNested, type MetadataName, type PlainType, type StreamVersion } from '../schema/model.ts';

/**
 * What a staged column is for.
 * - `data`: `columns[index]` of the stream version; STRUCT and ARRAY as the text that `NestedEncoder` writes.
 * - `metadata`: the metadata column `name`; the others (`_sdc_batched_at`, `_sdc_sync_started_at`) are constants of a load.
 * - `order`: offset in the input of the record's line, BIGINT, unique in a run and rising: of two records with one key, the higher is the later.
 * - `absent`: NULL when the record had every property; else one character per data column, '1' where the property was missing.
 */
export type StagedColumn =
  | { readonly role: 'data'; readonly index: number; readonly type: PlainType }
  | { readonly role: 'metadata'; readonly name: MetadataName; readonly type: PlainType }
  | { readonly role: 'order'; readonly type: PlainType }
  | { readonly role: 'absent'; readonly type: PlainType };

/** The name by which position `i` of a staged file is read: staged files have no header, so hostile names stay out of them. */
export const stagedName = (position: number): string => `c${position}`;

/** `_sdc_deleted_at` is staged whenever deletes matter, the other metadata only when metadata columns are on. */
export function stagedLayout(version: StreamVersion): readonly StagedColumn[] {
  const layout: StagedColumn[] = version.columns.map((column, index) => ({
    role: 'data',
    index,
    type: stagedType(column.type),
  }));
  const metadata = (name: MetadataName, kind: 'timestamp' | 'bigint') =>
    layout.push({ role: 'metadata', name, type: { kind } });
  if (version.deletes !== 'ignore' || version.metadata) metadata('_sdc_deleted_at', 'timestamp');
  if (version.metadata) {
    metadata('_sdc_extracted_at', 'timestamp');
    metadata('_sdc_received_at', 'timestamp');
    metadata('_sdc_sequence', 'bigint');
    metadata('_sdc_table_version', 'bigint');
  }
  layout.push({ role: 'order', type: { kind: 'bigint' } }, { role: 'absent', type: { kind: 'string' } });
  return layout;
}

/** Of a data column. */
export const stagedType = (type: ColumnType): PlainType => (isNested(type) ? { kind: 'string' } : type);
