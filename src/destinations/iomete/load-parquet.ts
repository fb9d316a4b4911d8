// Parquet files of others → a view like that of staged files, after every value was found to fit; Spark reads them, nobody else.
import type { Discards, Load, ParquetLoad, ParquetOutcome } from '../destination.ts';
import { undeclared } from '../sql/parquet-columns.ts';
import { checkedOutcome, type DescribedFile, loadOfParquet, parquetSource } from '../sql/parquet-source.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { sparkParquetDialect } from './parquet-dialect.ts';
import { describeFile, inOrder, onFile } from './parquet-files.ts';
import type { SparkSession } from './session.ts';

export interface ParquetView {
  readonly outcome: ParquetOutcome;
  /** For the statements of staged files, over `view`. */
  readonly load: Load;
  /** Columns that are in a file and not in the stream. */
  readonly ignored: readonly string[];
}

/**
 * @param view the name that the view gets, unquoted, @param discards what the table has no place for: it is counted
 * @throws TargetError INPUT_VALUE_INVALID, INPUT_KEY_MISSING, INPUT_BATCH_FILE; StatementError
 */
export async function parquetView(
  spark: SparkSession,
  view: string,
  load: ParquetLoad,
  discards: Discards | undefined,
): Promise<ParquetView> {
  const files: DescribedFile[] = [];
  for (const [place, file] of load.files.entries()) files.push(await describeFile(spark, `${view}_${place}`, file));
  const source = parquetSource(sparkParquetDialect, load.version, files, discards);
  const only = load.files.length === 1 ? load.files[0] : undefined;
  const outcome = await onFile(only, async () => checkedOutcome(source, load, await spark.run(source.check)));
  const counted = source.repeats === undefined || outcome.rows === 0 ? [] : await spark.run(source.repeats);
  const repeats = Number(counted[0]?.repeats ?? 0);
  const { select } = repeats === 0 ? source : parquetSource(sparkParquetDialect, load.version, files.map(inOrder));
  await spark.execute(`CREATE OR REPLACE TEMPORARY VIEW ${sparkDialect.quoteName(view)} AS ${select}`);
  return {
    outcome,
    load: loadOfParquet(load, source, outcome, repeats),
    ignored: files.flatMap(({ columns }) => undeclared(columns, load.version)),
  };
}
