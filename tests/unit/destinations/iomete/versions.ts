// Stream versions and staged rows for tests of loading, without the encoder: what a file holds is written out.
import type { Load } from '../../../../src/destinations/destination.ts';
import { stagedLayout } from '../../../../src/formats/layout.ts';
import type { StagedFile } from '../../../../src/formats/staged-file.ts';
import type { ColumnType, PlainType, StreamVersion } from '../../../../src/schema/model.ts';

let versions = 0;

export function version(
  schema: string,
  table: string,
  columns: Readonly<Record<string, ColumnType | Exclude<PlainType['kind'], 'decimal'>>>,
  rest: Partial<Pick<StreamVersion, 'metadata' | 'deletes'>> & { readonly keys?: readonly string[] } = {},
): StreamVersion {
  const names = Object.keys(columns);
  return {
    id: ++versions,
    stream: table,
    table: { schema, table },
    columns: names.map((name) => {
      const type = columns[name]!;
      return { path: [name], name, type: typeof type === 'string' ? { kind: type } : type, accepts: 15 };
    }),
    metadata: false,
    deletes: 'ignore',
    ...rest,
    keys: (rest.keys ?? []).map((key) => names.indexOf(key)),
  };
}

export interface StagedRow {
  /** CSV fields as the encoder writes them; null for NULL. */
  readonly data: readonly (string | null)[];
  readonly deletedAt?: string;
  readonly absent?: string;
  readonly tableVersion?: number;
}

let sequence = 0;

/** The fields of each row in the order of the version's layout. */
export function fields(of: StreamVersion, rows: readonly StagedRow[]): readonly (readonly string[])[] {
  return rows.map(({ data, deletedAt, absent, tableVersion }) => {
    sequence++;
    const metadata: Readonly<Record<string, string | undefined>> = {
      _sdc_deleted_at: deletedAt,
      _sdc_extracted_at: '2024-05-06 07:08:09.123456',
      _sdc_received_at: '2024-05-06 07:08:10',
      _sdc_sequence: `${sequence}`,
      _sdc_table_version: tableVersion?.toString(),
    };
    return stagedLayout(of).map((column) => {
      if (column.role === 'data') return data[column.index] ?? '';
      if (column.role === 'metadata') return metadata[column.name] ?? '';
      return column.role === 'order' ? `${sequence}` : (absent ?? '');
    });
  });
}

export const loadOf = (
  of: StreamVersion,
  files: readonly StagedFile[],
  rows: number,
  rest: Partial<Load> = {},
): Load => ({
  version: of,
  files,
  rows,
  mayRepeatKeys: false,
  absentColumns: new Set(),
  hasDeletes: false,
  batchedAt: new Date('2024-05-06T07:08:11.500Z'),
  ...rest,
});
