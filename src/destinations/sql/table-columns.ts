// StreamVersion → the columns that its table must have, each with the staged column or constant that fills it.
import { type ColumnType, type MetadataName, metadataColumns, type StreamVersion } from '../../schema/model.ts';
import type { TableColumnType } from './dialect.ts';

/** A column that a version wants in its table. `metadata` tells the data columns from those of the target itself. */
export interface WantedColumn {
  readonly name: string;
  /** The path of its property; undefined for the target's own columns. */
  readonly source?: readonly string[] | undefined;
  readonly type: ColumnType;
  readonly key: boolean;
  /** True for the target's own columns. */
  readonly metadata: boolean;
  readonly from: { readonly data: number } | { readonly metadata: MetadataName };
}

/** A column of a table that a version does not fill. */
export interface OtherColumn {
  readonly name: string;
  /** The path of the property that it was made for, where its comment tells. */
  readonly source?: readonly string[] | undefined;
  /** In the warehouse's own words; undefined for NULL. */
  readonly default?: string | undefined;
  /** True when it is NOT NULL. */
  readonly required?: boolean | undefined;
}

/** Where the table holds a wanted column: its name and type as they really are. */
export interface TableColumn {
  readonly name: string;
  readonly type: TableColumnType;
}

/**
 * Data columns in the version's order, then the metadata columns when the version has them. A data column that is named
 * like a metadata column gives way to it: taps that pass on another target's `_sdc_` columns declare these too.
 */
export function wantedColumns(version: StreamVersion): readonly WantedColumn[] {
  const metadata = version.metadata ? metadataColumns : [];
  const taken = new Set<string>(metadata.map(({ name }) => name));
  const data = version.columns.map(({ path, name, type }, index) => ({
    name,
    source: path,
    type,
    key: version.keys.includes(index),
    metadata: false,
    from: { data: index },
  }));
  return [
    ...data.filter(({ name }) => !taken.has(name.toLowerCase())),
    ...metadata.map(({ name, type }) => ({ name, type, key: false, metadata: true, from: { metadata: name } })),
  ];
}
