// A load whose view is there → what the lakehouse reads in its staged files, which must be what was written to them.
import type { Load } from '../destination.ts';
import { checkRows, type Tally, tallyQuery } from '../sql/load-tally.ts';
import type { LoadTarget } from '../sql/source.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { stagedReadError } from './load-errors.ts';
import type { SparkSession } from './session.ts';

/** @throws TargetError LOAD_ROWS_MISMATCH */
export async function tallied(spark: SparkSession, target: LoadTarget): Promise<Tally> {
  const { load } = target;
  const { statement, read } = tallyQuery(sparkDialect, target);
  const [counted] = await spark.run(statement).catch(asStagedRead(load));
  const tally = read(counted!);
  checkRows(load, tally.rows, 'the lakehouse');
  return tally;
}

/** For statements that read the staged files. */
export const asStagedRead =
  ({ files }: Load) =>
  (failure: unknown): never => {
    throw stagedReadError(failure, files);
  };
