// The Python target-iomete that this one replaces, its warehouse stubbed.
import { join, resolve } from 'node:path';
import { installed } from './venv.mjs';
import { writeConfig } from './write-config.mjs';

const LIVE = resolve(import.meta.dirname, 'reference_live.py');
const STUB = resolve(import.meta.dirname, 'reference_stub.py');

/** @param {{ path: string, rows: number }} input @param {{ validate?: boolean }} [options] @returns {Promise<import('../measure.mjs').Task>} */
export async function reference({ path, rows }, { validate = false } = {}) {
  const bin = await installed('singer-target-iomete==1.1.0');
  return {
    name: 'Python reference',
    rows,
    input: path,
    command: async (folder) => {
      const config = await writeConfig(folder, {
        host: 'h',
        workspace_id: 'w',
        lakehouse: 'l',
        user: 'u',
        password: 'p',
        default_target_schema: 's',
        s3_bucket: 'b',
        aws_access_key_id: 'x',
        aws_secret_access_key: 'y',
        s3_region_name: 'us-east-1',
        temp_dir: folder,
        validate_records: validate,
      });
      return [join(bin, 'python'), STUB, '--config', config];
    },
  };
}

/**
 * With its warehouse. It knows no data planes and no ports: a host that ends in `?` makes the rest of its path a query.
 * @param {{ path: string, rows: number }} input of kind `plain-orders`: it can't load arrays
 * @param {object} config of ours, for the same lakehouse
 * @returns {Promise<import('../measure.mjs').Task>}
 */
export async function referenceLive({ path, rows }, config) {
  const bin = await installed('singer-target-iomete==1.1.0');
  const { host, port, data_plane: dataPlane, lakehouse, ...rest } = config;
  const place = {
    host: `${host}:${port}/data-plane/${dataPlane}/lakehouse/${lakehouse}?`,
    workspace_id: 'w',
    lakehouse,
  };
  return {
    name: 'Python reference into the lakehouse',
    rows,
    input: path,
    command: async (folder) => {
      const file = await writeConfig(folder, { ...rest, ...place, temp_dir: folder });
      return [join(bin, 'python'), LIVE, '--config', file];
    },
  };
}
