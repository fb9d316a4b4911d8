// Inputs and tables that a run refuses → the lines that docs/errors.md shows. Other lines there are those of
// tests/e2e/mistakes, and of tests that call `expectExample`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import type { ErrorCode } from '../../src/errors/codes.ts';
import { runCli } from '../support/cli.mjs';
import { inDuckdb } from '../support/duckdb-file.ts';
import { expectExample } from '../support/error-examples.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'error-examples-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (message: object) => `${JSON.stringify({ stream: 'items', ...message })}\n`;
const schema = (properties: object = {}) =>
  line({ type: 'SCHEMA', schema: { properties: { id: { type: 'integer' }, ...properties } }, key_properties: ['id'] });
const record = (more: object = {}) => line({ type: 'RECORD', record: { id: 1, ...more } });
const batch = (format: string, file: string) => line({ type: 'BATCH', encoding: { format }, manifest: [file] });

interface Scenario {
  readonly code: ErrorCode;
  readonly options?: object;
  /** SQL that makes the table beforehand. */
  readonly made?: string;
  readonly input: string;
}

const overwrite = { load_method: 'overwrite' };

const scenarios: readonly Scenario[] = [
  {
    code: 'INPUT_LINE_TOO_LONG',
    options: { max_line_bytes: 1_048_576 },
    input: schema({ text: { type: 'string' } }) + record({ text: 'x'.repeat(3_000_000) }),
  },
  { code: 'INPUT_BATCH_ENCODING', input: schema() + batch('csv', 'file:///srv/exports/1.csv') },
  { code: 'INPUT_BATCH_FILE', input: schema() + batch('jsonl', 'file:///srv/exports/gone.jsonl') },
  {
    code: 'INPUT_BATCH_SOURCE',
    options: { batch_sources: ['/srv/exports'] },
    input: schema() + batch('jsonl', 'file:///etc/passwd'),
  },
  {
    code: 'INPUT_VALIDATION_TIMEOUT',
    options: { validate_records: true, validate_max_seconds: 1 },
    input: schema({ text: { type: 'string', pattern: '^(a+)+$' } }) + record({ text: `${'a'.repeat(40)}b` }),
  },
  {
    code: 'TOO_MANY_DEAD_LETTERS',
    options: { invalid_values: 'dead_letter', dead_letter_max: 1 },
    input: schema() + record({ id: 'x' }) + record({ id: 'y' }),
  },
  { code: 'TABLE_KEY_TYPE', made: 'CREATE TABLE items (id DATE)', input: schema() + record() },
  {
    code: 'TABLE_COLUMN_REQUIRED',
    made: 'CREATE TABLE items (id BIGINT, must VARCHAR NOT NULL)',
    input: schema() + record(),
  },
  {
    code: 'TABLE_CONSTRAINT',
    made: 'CREATE TABLE items (id BIGINT, qty BIGINT CHECK (qty > 0))',
    input: schema({ qty: { type: 'integer' } }) + record({ qty: 0 }),
  },
  {
    code: 'SCHEMA_CONTRACT',
    options: { schema_contract: 'freeze' },
    made: 'CREATE TABLE items (id BIGINT)',
    input: schema({ note: { type: 'string' } }) + record(),
  },
  { code: 'OVERWRITE_INCOMPLETE', options: overwrite, input: schema() + record() },
  {
    code: 'OVERWRITE_TOO_FEW',
    options: { ...overwrite, overwrite_requires: 'eof', overwrite_min_rows_percent: 50 },
    made: 'CREATE TABLE items AS SELECT range AS id FROM range(1000)',
    input: schema() + record(),
  },
];

test.each(scenarios)('$code', async ({ code, options, made, input }) => {
  const file = join(folder, 'shop.duckdb');
  if (made !== undefined) await inDuckdb(file, made);
  const config = { destination: 'duckdb', duckdb_path: file, temp_dir: folder, ...options };
  const { errors } = await runCli({ config, input });
  expectExample(errors[0], code, { [folder]: '/srv/shop' });
});
