// Patterns of a schema that backtrack for years: they neither hold a run for ever nor make it deaf to signals.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.mjs';
import { readDuckdb } from '../support/duckdb-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-slow-patterns-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let databases = 0;

const configOf = (options: object) => ({
  destination: 'duckdb',
  duckdb_path: join(folder, `${++databases}.duckdb`),
  default_target_schema: 'main',
  ...options,
});

const message = (value: object) => `${JSON.stringify(value)}\n`;
const schema = (rules: object) =>
  message({
    type: 'SCHEMA',
    stream: 'words',
    key_properties: ['id'],
    schema: { type: 'object', properties: { id: { type: 'integer' }, ...rules } },
  });
const record = (fields: object) => message({ type: 'RECORD', stream: 'words', record: fields });
const state = (value: number) => message({ type: 'STATE', value });

const backtracking = '^(a+)+$';
const endless = `${'a'.repeat(60)}!`;
const validated = schema({ word: { type: 'string', pattern: backtracking } });

test('a record that is validated for too long ends the run, which names its line', async () => {
  const config = configOf({ validate_records: true, validate_max_seconds: 1, workers: 0, batch_size_rows: 1 });
  const good = record({ id: 1, word: 'aa' }) + state(1);
  const input = validated + good + record({ id: 2, word: endless }) + state(2);
  const run = startCli({ config, keepInputOpen: true });
  run.stdin.write(validated + good);
  while (run.states().length === 0) await sleep(20);
  run.stdin.end(record({ id: 2, word: endless }) + state(2));
  const outcome = await run.ended;
  expect(outcome).toMatchObject({ code: 3, states: ['1'] });
  expect(outcome.errors).toEqual([expect.stringContaining('INPUT_VALIDATION_TIMEOUT: line 4, stream "words"')]);
  const rows = await readDuckdb(config.duckdb_path, 'SELECT id FROM words');
  expect(rows.getRowsJson()).toEqual([['1']]);

  // rows before it in the same slab are not loaded, and no state tells of them
  const other = configOf({ validate_records: true, validate_max_seconds: 1 });
  expect(await runCli({ config: other, input })).toMatchObject({ code: 3, states: [] });
});

test('a signal ends a run that validates a record for ever', async () => {
  const config = configOf({
    validate_records: true,
    validate_max_seconds: 600,
    shutdown_seconds: 1,
    batch_size_rows: 1,
  });
  const run = startCli({ config, keepInputOpen: true });
  run.stdin.write(validated + record({ id: 1, word: 'aa' }) + state(1));
  while (run.states().length === 0) await sleep(20);
  run.stdin.write(record({ id: 2, word: endless }) + state(2));
  await sleep(1_000);
  const asked = performance.now();
  run.child.kill('SIGTERM');
  expect(await run.ended).toMatchObject({ code: 143, states: ['1'] });
  expect(performance.now() - asked).toBeLessThan(20_000);
});

test('a pattern of field names that takes too long is an error of the schema', async () => {
  const config = configOf({ undeclared_fields: 'add' });
  const patterns = message({
    type: 'SCHEMA',
    stream: 'words',
    key_properties: ['id'],
    schema: { properties: { id: { type: 'integer' } }, patternProperties: { [backtracking]: { type: 'integer' } } },
  });
  const input = patterns + record({ id: 1, aa: 5 }) + state(1) + record({ id: 2, [endless]: 6 }) + state(2);
  const outcome = await runCli({ config, input });
  expect(outcome).toMatchObject({ code: 3, states: ['1'] });
  expect(outcome.errors).toEqual([
    expect.stringMatching(
      /INPUT_SCHEMA_INVALID: line 4, stream "words", column "a+!": the pattern "\^\(a\+\)\+\$" .* more than 5 s/,
    ),
  ]);
});
