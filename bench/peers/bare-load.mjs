// Staged files of a run → the tables that it made, by nothing but one INSERT each, and what CPU that took Spark.
import { readFileSync } from 'node:fs';
import { iometeReader } from '../../scripts/acceptance/iomete-reader.mjs';

/** Ticks of the kernel's clock for processes in a second. */
const TICKS = 100;

/** @param {{ pids: { spark: number } }} details @returns {() => number} seconds of CPU since it was made */
export function sparkClock({ pids }) {
  const now = () => {
    const fields = readFileSync(`/proc/${pids.spark}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  };
  const start = now();
  return () => now() - start;
}

/**
 * The last row of each key, into an empty table like the one that the run made: no view, no count, no commit but one.
 * @param {object} details of the lakehouse
 * @param {{ schema: string, config: { s3_bucket: string, s3_key_prefix: string } }} staged Parquet files, kept
 * @param {() => number} clock from {@link sparkClock}
 * @returns {Promise<number>} seconds of CPU
 */
export async function bareLoad(details, { schema, config }, clock) {
  const { query, close } = await iometeReader(details, schema);
  try {
    const tables = (await query(`SHOW TABLES IN ${schema}`)).map(([, table]) => table);
    const statements = [];
    for (const table of tables) {
      const columns = (await query(`DESCRIBE TABLE ${schema}.${table}`)).length;
      const bare = `${schema}.bare_${table}`;
      await query(`CREATE TABLE ${bare} USING iceberg AS SELECT * FROM ${schema}.${table} WHERE false`);
      const path = `s3a://${config.s3_bucket}/${config.s3_key_prefix}*/${table}-*.parquet`;
      await query(`CREATE OR REPLACE TEMPORARY VIEW staged_${table} USING parquet OPTIONS (path '${path}')`);
      statements.push(`INSERT INTO ${bare} ${lastOfEachKey(`staged_${table}`, columns)}`);
    }
    const before = clock();
    for (const statement of statements) await query(statement);
    return clock() - before;
  } finally {
    await close();
  }
}

/** The key is the first staged column, the order that of the records follows the last of the table's. */
function lastOfEachKey(view, columns) {
  const names = Array.from({ length: columns }, (_, index) => `c${index}`).join(', ');
  const order = `c${columns}`;
  const later = `SELECT c0, max(${order}) AS newest FROM ${view} GROUP BY c0 HAVING count(*) > 1`;
  return `SELECT ${names} FROM ${view} s WHERE NOT EXISTS (SELECT 1 FROM (${later}) l WHERE l.c0 = s.c0 AND s.${order} < l.newest)`;
}
