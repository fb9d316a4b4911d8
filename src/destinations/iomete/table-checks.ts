// What a table is and what is to be done to it → the coded error for what Iceberg would refuse half way, or let pass to the
// harm of readers.
import { TargetError } from '../../errors/target-error.ts';
import type { Evolution, Step } from '../../schema/evolve.ts';
import { isNested, type StreamVersion, type TableName } from '../../schema/model.ts';
import { foldCase } from '../../schema/name-case.ts';
import { wideningsOf } from '../../schema/table-types.ts';
import { tableReference } from '../sql/dialect.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { wantedColumns } from '../sql/table-columns.ts';
import type { TableDescription } from './table-description.ts';

/** @throws TargetError TABLE_IS_VIEW, TABLE_NOT_ICEBERG, TABLE_UNSUPPORTED */
export function refuseForeign(found: TableDescription, name: TableName): void {
  const { schema, table } = name;
  if (found.kind === 'view') throw new TargetError('TABLE_IS_VIEW', `${schema}.${table} is a view`);
  if (found.kind === 'other')
    throw new TargetError('TABLE_NOT_ICEBERG', `${schema}.${table} is a table of another format (${found.provider})`);
  if (/^true$/i.test(found.properties.get(anySchema) ?? ''))
    throw new TargetError(
      'TABLE_UNSUPPORTED',
      `the property "${anySchema}" of ${schema}.${table} makes Spark refuse every MERGE: ALTER TABLE ${tableReference(sparkDialect, name)} UNSET TBLPROPERTIES ('${anySchema}') takes it away`,
    );
}

const anySchema = 'write.spark.accept-any-schema';

/** @throws TargetError TABLE_UNSUPPORTED where a struct that is to be filled may have other members than it seems */
export function refuseDoubtful(
  { columns }: TableDescription,
  version: StreamVersion,
  evolution: Evolution,
  { schema, table }: TableName,
): void {
  const isNestedAt = wantedColumns(version).map(({ type }) => isNested(type));
  const filled = new Set(
    evolution.columns.flatMap((column, index) => (column && isNestedAt[index] ? column.name : [])),
  );
  const doubtful = columns.find(({ name, isDoubtful }) => isDoubtful === true && filled.has(name));
  if (doubtful !== undefined)
    throw new TargetError(
      'TABLE_UNSUPPORTED',
      `the names of the members of this column of ${schema}.${table} can't be read: rename those with other characters than letters, digits and "_"`,
      { column: doubtful.name },
    );
}

/** Before the first of the steps. @throws TargetError TABLE_PARTITION, TABLE_IDENTIFIER */
export function refuseSteps(
  steps: readonly Step[],
  { partitions }: TableDescription,
  properties: ReadonlyMap<string, string>,
  table: string,
): void {
  const identifiers = `,${properties.get('identifier-fields')?.slice(1, -1) ?? ''},`;
  for (const step of steps) {
    if (step.kind === 'widen') refuseMembers(step, partitions);
    if (step.kind !== 'rename') continue;
    const { from } = step;
    const partition = partitions.find(({ column }) => column === from || column?.startsWith(`${from}.`));
    if (partition !== undefined)
      throw new TargetError(
        'TABLE_PARTITION',
        `the column would need another type, and the table ${table} is or was partitioned by it (${partition.text}), so no other column can take its place`,
        { column: from },
      );
    if (identifiers.includes(`,${from},`))
      throw new TargetError(
        'TABLE_IDENTIFIER',
        `the column would need another type, and it is one of the identifier fields of ${table}, which can't be without a value: ALTER TABLE ${table} DROP IDENTIFIER FIELDS ${sparkDialect.quoteName(from)} takes it out`,
        { column: from },
      );
  }
}

/** A partition field and a member of a struct can't have one path. */
function refuseMembers(
  { name, from, to }: Extract<Step, { kind: 'widen' }>,
  partitions: TableDescription['partitions'],
) {
  const added = wideningsOf(from, to)
    .filter(({ of }) => of === 'columns')
    .map(({ path }) => foldCase([name, ...path].join('.')));
  const met = partitions.find((partition) => partition.name !== undefined && added.includes(foldCase(partition.name)));
  if (met !== undefined && met.name !== name)
    throw new TargetError(
      'TABLE_PARTITION',
      `the member ${JSON.stringify(met.name)} can't be added: a partition field of the table has this name`,
      { column: name },
    );
}
