// The staged layout, and the columns of the table → the layout as a load reads it.

import { type StagedColumn, stagedLayout } from '../../formats/layout.ts';
import { areParquet } from '../../stage/file-names.ts';
import type { Load } from '../destination.ts';
import type { PreparedTable } from './prepared-table.ts';
import { wantedColumns } from './table-columns.ts';

/**
 * A number on its way into a text column need not become a double: CSV holds the text that was sent, and that is what is
 * read. In a key it does, as there `1` and `1.0` are one.
 */
export function readLayout(
  { version, files }: Pick<Load, 'version' | 'files'>,
  columns: PreparedTable['columns'],
): readonly StagedColumn[] {
  const layout = stagedLayout(version);
  if (areParquet(files)) return layout;
  const asText = new Set(
    wantedColumns(version).flatMap(({ from, key, type }, place) => {
      const to = columns[place]?.type.kind;
      const goesIntoText = type.kind === 'double' && (to === 'string' || to === 'json');
      return 'data' in from && goesIntoText && !key ? [from.data] : [];
    }),
  );
  return layout.map((column) =>
    column.role === 'data' && asText.has(column.index) ? { ...column, type: { kind: 'string' } } : column,
  );
}
