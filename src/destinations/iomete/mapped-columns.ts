// Steps for a table whose files are read by a name mapping → the same steps, in an order in which no reader ever sees a
// column's old values in another column: a new column is made under a name that no file knows, taken out of the mapping,
// and gets its own name when the old column has given it up.
import { TargetError } from '../../errors/target-error.ts';
import type { Step } from '../../schema/evolve.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { evolveStatements } from '../sql/table-statements.ts';
import { type HiddenColumn, hideNew, isLeftover } from './hidden-columns.ts';
import {
  mappedField,
  type NameMapping,
  nameMappingProperty,
  readNameMapping,
  sharesField,
  withoutField,
} from './name-mapping.ts';
import type { Row, SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';
import { tableProperties } from './table-properties.ts';

type Rename = Extract<Step, { kind: 'rename' }>;

/**
 * All of the steps, or none: what was done is undone where a later step fails.
 * @param table quoted, @param names of the table's columns
 * @throws TargetError TABLE_NAME_MAPPING; StatementError
 */
export async function evolveMapped(
  spark: SparkSession,
  table: string,
  steps: readonly Step[],
  names: readonly string[],
): Promise<void> {
  const before = await look(spark, table);
  const renames = steps.filter((step) => step.kind === 'rename');
  const { steps: others, hidden } = hideNew(steps.filter((step) => step.kind !== 'rename'));
  const alter = (alteration: string) => spark.execute(`ALTER TABLE ${table} ${alteration}`);
  const held = await digests(
    spark,
    table,
    renames.map(({ from }) => from),
  );
  const undos: string[] = [];
  try {
    for (const orphan of names.filter(isLeftover)) await alter(`DROP COLUMN ${quoted([orphan])}`);
    undos.unshift(...hidden.map((column) => `DROP COLUMN ${quoted(temporaryPath(column))}`));
    for (const statement of evolveStatements(sparkDialect, table, others)) await spark.execute(statement);
    const { mapping } = await look(spark, table);
    await alter(settingOf(hidden.reduce((rest, column) => withoutField(rest, temporaryPath(column)), mapping)));
    for (const rename of renames) {
      undos.unshift(renaming([rename.to], rename.from));
      for (const statement of evolveStatements(sparkDialect, table, [rename])) await spark.execute(statement);
    }
    for (const column of hidden) {
      undos.unshift(renaming(column.path, column.temporary));
      await alter(renaming(temporaryPath(column), column.path.at(-1)!));
    }
    await prove(spark, table, { before, names, hidden, renames, held });
  } catch (error) {
    if (isKnown(error)) for (const undo of undos) await alter(undo).catch(() => {});
    throw error;
  }
}

/** Where it is not known what was done, the next run finds out. */
const isKnown = (failure: unknown): boolean =>
  failure instanceof TargetError || (failure instanceof StatementError && failure.outcome === 'failed');

interface Look {
  readonly mapping: NameMapping;
  readonly snapshot: string | undefined;
}

async function look(spark: SparkSession, table: string): Promise<Look> {
  const properties = await tableProperties(spark, table);
  const mapping = readNameMapping(properties.get(nameMappingProperty) ?? '[]');
  return { mapping, snapshot: properties.get('current-snapshot-id') };
}

interface Done {
  readonly before: Look;
  /** Of the table's columns, before. */
  readonly names: readonly string[];
  readonly hidden: readonly HiddenColumn[];
  readonly renames: readonly Rename[];
  /** Of the columns that were renamed, before. */
  readonly held: readonly string[];
}

/** @throws TargetError TABLE_NAME_MAPPING unless files without field ids fill the old columns and none of the new ones */
async function prove(
  spark: SparkSession,
  table: string,
  { before, names, hidden, renames, held }: Done,
): Promise<void> {
  const after = await look(spark, table);
  const idBefore = (path: readonly string[]) => mappedField(before.mapping, path)?.['field-id'];
  const idAfter = (path: readonly string[]) => mappedField(after.mapping, path)?.['field-id'];
  // A column that took the name of a dated one is in no file, and its values alone can tell.
  const isNew = ({ from, to }: Rename) => sharesField(before.mapping, from, names) && idAfter([to]) === undefined;
  const isMoved = ({ from, to }: Rename) => idBefore([from]) === undefined || idAfter([to]) === idBefore([from]);
  const isSame = before.snapshot === after.snapshot;
  const isKept = renames.every((rename) => isMoved(rename) || (isSame && isNew(rename)));
  const isEmpty = hidden.every(({ path }) => idAfter(path) === idBefore(path));
  if (!isKept || !isEmpty) throw unproved(table, 'its name mapping was not changed as it had to be');
  const counted = hidden.filter(({ isInArray }) => !isInArray).map(({ path }) => `count(${quoted(path)})`);
  const [row] = counted.length === 0 ? [] : await spark.run(`SELECT ${aliased(counted)} FROM ${table}`);
  if (values(row).some((count) => count !== '0')) throw unproved(table, 'a new column holds values of its files');
  if (!isSame) return;
  const now = await digests(
    spark,
    table,
    renames.map(({ to }) => to),
  );
  if (now.some((digest, index) => digest !== held[index])) throw unproved(table, 'a column lost its old values');
}

const unproved = (table: string, what: string): TargetError =>
  new TargetError(
    'TABLE_NAME_MAPPING',
    `the table ${table} has files that are read by column names, and can't be given new columns safely: ${what}; the table is as it was`,
  );

async function digests(spark: SparkSession, table: string, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const columns = names.map((name) => quoted([name]));
  const expressions = columns.flatMap((name) => [`count(${name})`, `bit_xor(xxhash64(CAST(${name} AS STRING)))`]);
  const [row] = await spark.run(`SELECT ${aliased(expressions)} FROM ${table}`);
  const all = values(row);
  return names.map((_, index) => all.slice(2 * index, 2 * index + 2).join(' '));
}

const aliased = (expressions: readonly string[]): string =>
  expressions.map((expression, index) => `${expression} AS c${index}`).join(', ');

const values = (row: Row | undefined): readonly string[] => Object.values(row ?? {}).map(String);

const settingOf = (mapping: NameMapping): string =>
  `SET TBLPROPERTIES ('${nameMappingProperty}' = ${sparkDialect.quoteText(JSON.stringify(mapping))})`;

const renaming = (path: readonly string[], to: string): string => `RENAME COLUMN ${quoted(path)} TO ${quoted([to])}`;

const temporaryPath = ({ path, temporary }: HiddenColumn): readonly string[] => [...path.slice(0, -1), temporary];

const quoted = (path: readonly string[]): string => path.map(sparkDialect.quoteName).join('.');
