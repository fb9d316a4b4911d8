// Parquet files of others → temporary views, one for each file, and the columns that each has.
import { TargetError } from '../../errors/target-error.ts';
import type { ParquetFile } from '../destination.ts';
import { type DescribedFile, placeOf } from '../sql/parquet-source.ts';
import { sparkDialect } from '../sql/spark-dialect.ts';
import { unreadable } from './load-errors.ts';
import { sparkFileType } from './parquet-dialect.ts';
import type { SparkSession } from './session.ts';
import { StatementError } from './statement-error.ts';

/** Dates are taken as they stand, whoever wrote them: Spark knows by the file which old ones of its own it must shift. */
const options = {
  datetimeRebaseMode: 'CORRECTED',
  int96RebaseMode: 'CORRECTED',
  mergeSchema: 'false',
  recursiveFileLookup: 'true',
  ignoreCorruptFiles: 'false',
  ignoreMissingFiles: 'false',
};

/**
 * @param view unquoted; it ends with the session
 * @throws TargetError INPUT_BATCH_FILE; StatementError
 */
export async function describeFile(spark: SparkSession, view: string, file: ParquetFile): Promise<DescribedFile> {
  const { quoteName, quoteText } = sparkDialect;
  const relation = quoteName(view);
  const settings = Object.entries({ path: file.location, ...options }).map(
    ([name, value]) => `${name} ${quoteText(value)}`,
  );
  const found = await onFile(file, async () => {
    await spark.execute(`CREATE OR REPLACE TEMPORARY VIEW ${relation} USING parquet OPTIONS (${settings.join(', ')})`);
    return spark.run(`DESCRIBE TABLE ${relation}`);
  });
  const columns = found.map(({ col_name: name, data_type: type }) => ({
    name: String(name),
    type: sparkFileType(String(type)),
  }));
  // a view does not hand on what Spark knows of each row
  return { file, columns, relation, rowNumber: '0' };
}

/** The same file with its rows counted. Only where their order matters: its schema is then read again for each statement. */
export const inOrder = ({ file, columns }: DescribedFile): DescribedFile => ({
  ...{ file, columns },
  relation: `parquet.${sparkDialect.quoteName(file.location)}`,
  rowNumber: '_metadata.row_index',
});

/** @param file undefined when it may be any of several */
export async function onFile<T>(file: ParquetFile | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StatementError) || error.outcome !== 'failed') throw error;
    const reason = unreadable(error) ?? (isOfFile(error) ? error.message : undefined);
    if (reason === undefined) throw error;
    const place = file === undefined ? {} : placeOf(file);
    throw new TargetError('INPUT_BATCH_FILE', `the lakehouse can't read the file: ${reason}`, place);
  }
}

const isOfFile = (failure: StatementError): boolean =>
  failure.says(
    /not a Parquet file|PARQUET_TYPE|Illegal Parquet type|UNABLE_TO_INFER_SCHEMA|Unable to infer schema|CANNOT_READ_FILE|FAILED_READ_FILE|Could not read footer|COLUMN_ALREADY_EXISTS|org\.apache\.parquet|CONVERT_COLUMN_TYPE/i,
  );
