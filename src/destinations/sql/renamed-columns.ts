// A version and the columns that hold it → what a person should know of their names.

import type { Log } from '../../errors/log.ts';
import { renamedColumns } from '../../schema/column-names.ts';
import type { ColumnType, StreamVersion } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import { memberIndex, type TableColumnType } from '../../schema/table-types.ts';
import type { PreparedTable } from './prepared-table.ts';
import { wantedColumns } from './table-columns.ts';

/** @param columns for each of `wantedColumns(version)`, the table's column that holds it. */
export type SayRenamed = (version: StreamVersion, columns: PreparedTable['columns']) => void;

/** @returns what tells, once for each, of columns whose names are more than their properties' in lower case */
export function sayRenamedColumns(stream: string, log: Log): SayRenamed {
  const said = new Set<string>();
  return (version, columns) => {
    for (const { path, name } of renamedIn(version, columns)) {
      const what = `the property ${JSON.stringify(path.join('.'))} is the column ${JSON.stringify(name)}`;
      if (!said.has(what)) log.warn(`stream ${stream}: ${what}`);
      said.add(what);
    }
  };
}

/** Properties whose columns have other names than theirs in lower case. Parameters as in {@link SayRenamed}. */
export const renamedIn = (version: StreamVersion, columns: PreparedTable['columns']) =>
  renamedColumns(heldColumns(version, columns));

/** The version's columns under the names that they have in the table, upper case apart. */
function heldColumns(version: StreamVersion, columns: PreparedTable['columns']): StreamVersion['columns'] {
  return wantedColumns(version).flatMap(({ from }, place) => {
    const held = columns[place];
    const column = 'data' in from ? version.columns[from.data] : undefined;
    if (column === undefined || held === undefined) return [];
    const type = heldType(column.type, held.type);
    return [{ ...column, type, name: foldCase(held.name) === foldCase(column.name) ? column.name : held.name }];
  });
}

function heldType(type: ColumnType, held: TableColumnType): ColumnType {
  if (type.kind === 'array' && held.kind === 'array') {
    const { element } = type;
    return { kind: 'array', element: { ...element, type: heldType(element.type, held.element.type) } };
  }
  if (type.kind !== 'struct' || held.kind !== 'struct') return type;
  const fields = type.fields.map((field) => {
    const member = held.fields[memberIndex(held, field)];
    if (member === undefined) return field;
    const name = foldCase(member.name) === foldCase(field.name) ? field.name : member.name;
    return { ...field, name, type: heldType(field.type, member.type) };
  });
  return { kind: 'struct', fields };
}
