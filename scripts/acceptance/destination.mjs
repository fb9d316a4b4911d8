// `duckdb` or `iomete` → a place of its own to load into: the target's options for it, and what stands in its tables.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { duckdbReader } from './duckdb-reader.mjs';
import { iometeReader, removeStaged, stagedBelow } from './iomete-reader.mjs';
import { useLakehouse } from './lakehouse.mjs';

/**
 * @typedef {object} Reader
 * @property {(sql: string) => Promise<readonly unknown[][]>} query
 * @property {(table: string, columns: readonly import('./column-sums.mjs').Column[], rangeColumn?: string)
 *   => AsyncIterable<readonly unknown[]>} rows values for {@link canonicalText}; `rangeColumn` is an integer column to page by
 * @property {() => Promise<void>} close
 */

/**
 * Tables are removed in the end, and so is what killed runs left staged.
 * @param {object} settings
 * @param {'duckdb' | 'iomete'} settings.kind
 * @param {string} settings.folder for the DuckDB file and the files staged for it
 * @param {string | object} [settings.lakehouse] details of a lakehouse, or the file that holds them
 * @param {(undo: () => unknown) => void} defer
 */
export async function openDestination({ kind, folder, lakehouse }, defer) {
  requireBuild();
  const schema = `acceptance_${randomBytes(4).toString('hex')}`;
  return kind === 'duckdb' ? await duckdb(schema, folder) : iomete(schema, lakehouse, defer);
}

function requireBuild() {
  const built = resolve(import.meta.dirname, '../../dist/cli.js');
  if (!existsSync(built)) throw new Error('dist/ is not there: npm run build');
}

async function duckdb(schema, folder) {
  // not named after the schema: DuckDB would take the name for either
  const path = join(folder, `${schema}_file.duckdb`);
  const stage = join(folder, 'stage');
  await mkdir(stage, { recursive: true });
  return {
    kind: 'duckdb',
    schema,
    config: { destination: 'duckdb', duckdb_path: path, temp_dir: stage, default_target_schema: schema },
    /** A DuckDB file has one process at a time: open it between runs. @returns {Promise<Reader>} */
    reader: () => duckdbReader(path, schema),
    // a run that is killed between its folder and its first file leaves the folder, for ten minutes
    staged: async () => {
      const found = await readdir(stage, { recursive: true, withFileTypes: true });
      return found.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    },
  };
}

async function iomete(schema, lakehouse, defer) {
  const details = typeof lakehouse === 'object' ? lakehouse : await useLakehouse(lakehouse, defer);
  const prefix = `${schema}/`;
  defer(() => removeStaged(details, prefix));
  defer(() => dropSchema(details, schema));
  return {
    kind: 'iomete',
    schema,
    config: {
      host: details.host,
      port: details.port,
      data_plane: details.dataPlane,
      lakehouse: details.lakehouse,
      user: details.user,
      password: details.password,
      tls_ca_file: details.caFile,
      s3_bucket: details.s3.bucket,
      s3_key_prefix: prefix,
      s3_endpoint_url: details.s3.endpoint,
      s3_region_name: details.s3.region,
      aws_access_key_id: details.s3.accessKeyId,
      aws_secret_access_key: details.s3.secretAccessKey,
      default_target_schema: schema,
    },
    reader: () => iometeReader(details, schema),
    staged: () => stagedBelow(details, prefix),
  };
}

async function dropSchema(details, schema) {
  const reader = await iometeReader(details, schema);
  try {
    const tables = await reader.query(`SHOW TABLES IN \`${schema}\``).catch(() => []);
    for (const [, table] of tables) await reader.query(`DROP TABLE \`${schema}\`.\`${table}\` PURGE`);
    await reader.query(`DROP SCHEMA IF EXISTS \`${schema}\` CASCADE`);
  } finally {
    await reader.close();
  }
}
