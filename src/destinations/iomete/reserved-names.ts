// A lakehouse table → the names that its columns must not have: Iceberg's own, Spark's own, and those of its partitions.
import { TargetError } from '../../errors/target-error.ts';
import { columnNames } from '../../schema/column-names.ts';
import type { StreamVersion, TableName } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import type { TableDescription } from './table-description.ts';

/** Metadata columns of tables of every format version: a table that has such a column can't be read. */
const metadataNames = [
  '_file',
  '_pos',
  '_deleted',
  '_spec_id',
  '_partition',
  '_row_id',
  '_last_updated_sequence_number',
];

/** Columns that Spark adds to the rows of a MERGE: it is refused beside them. */
const mergeNames = ['__row_from_source', '__row_from_target'];

/** With merge-on-read Spark takes its own column of this name for the table's, and writes wrong values without a word. */
const operationName = '__row_operation';

/** Columns of changelogs. A table can have them, but its changes can't be listed then. */
const changelogNames = ['_change_type', '_change_ordinal', '_commit_snapshot_id'];

const reservedNames: readonly string[] = [...metadataNames, ...mergeNames, operationName, ...changelogNames];

/** Lower-case names that no column is added under. @param found undefined for a table to be made */
export function namesReservedIn(found?: TableDescription): ReadonlySet<string> {
  const partitions = found?.partitions.flatMap(({ name }) => name ?? []) ?? [];
  return new Set([...reservedNames, ...(found?.metadataNames ?? []), ...partitions].map(foldCase));
}

/**
 * Iceberg lets anybody add such a column, and readers find out.
 * @throws TargetError TABLE_NAME_RESERVED
 */
export function refuseReserved(
  { columns, properties }: TableDescription,
  name: TableName,
  version: StreamVersion,
): void {
  const isMergeOnRead = rowLevelModes.some((mode) => /^merge-on-read$/i.test(properties.get(mode) ?? ''));
  const merged = version.keys.length === 0 ? [] : [...mergeNames, ...(isMergeOnRead ? [operationName] : [])];
  // Iceberg minds the case of its names, Spark does not.
  const broken = columns.find(
    (column) => metadataNames.includes(column.name) || merged.includes(foldCase(column.name)),
  );
  if (broken === undefined) return;
  const table = tableReference(sparkDialect, name);
  const [better] = columnNames([[broken.name]], namesReservedIn());
  const [from, to] = [broken.name, better!].map(sparkDialect.quoteName);
  throw new TargetError(
    'TABLE_NAME_RESERVED',
    `the table ${name.schema}.${name.table} has a column of a name that is Iceberg's or Spark's own, and can't be read or merged into: ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to} mends it and keeps its values, ALTER TABLE ${table} DROP COLUMN ${from} does without them`,
    { column: broken.name },
  );
}

const rowLevelModes = ['write.merge.mode', 'write.delete.mode', 'write.update.mode'];
