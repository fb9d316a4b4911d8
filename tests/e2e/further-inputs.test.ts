// Inputs beside those that once went wrong, each with what is right: loaded into DuckDB, and read back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TargetError } from '../../src/errors/target-error.ts';
import { batch } from '../support/command.ts';
import { inDuckdb } from '../support/duckdb-file.ts';
import { duckdbWarehouse, loadInto } from '../support/warehouse.ts';
import type { FurtherInput, Line } from './further/input.ts';
import { numberKeys, timeKeys } from './further/key-inputs.ts';
import { mixedKeys } from './further/mixed-key-inputs.ts';
import { openSchemas, repeatedRows } from './further/open-inputs.ts';
import { handMadeKeys, textKeys } from './further/table-inputs.ts';
import { decimals, flattened, markers } from './further/value-inputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'further-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

async function lineOf(line: Line): Promise<string> {
  if (typeof line === 'string') return line;
  const file = join(folder, `${count++}.${'parquet' in line ? 'parquet' : 'jsonl'}`);
  if ('parquet' in line) await inDuckdb(':memory:', `COPY (${line.parquet}) TO '${file}' (FORMAT parquet)`);
  else writeFileSync(file, line.lines.map((one) => `${one}\n`).join(''));
  return JSON.stringify(batch('s', [file]));
}

/** @returns the code that ended the last run */
async function load({ table, runs }: FurtherInput, warehouse: ReturnType<typeof duckdbWarehouse>) {
  if (table !== undefined) await warehouse.execute(table);
  for (const [n, { sent, options = {} }] of runs.entries()) {
    try {
      await loadInto(warehouse, await Promise.all(sent.map(lineOf)), { workers: 0, ...options });
    } catch (error) {
      if (n < runs.length - 1 || !(error instanceof TargetError)) throw error;
      return error.code;
    }
  }
  return undefined;
}

async function found(input: FurtherInput) {
  const warehouse = duckdbWarehouse();
  try {
    const error = await load(input, warehouse);
    const held = (await warehouse.tables()).includes('s') ? await warehouse.rows('s') : [];
    const rows = held.map((row) => Object.entries(row).filter(([name]) => !name.startsWith('_sdc_')));
    return { error, rows: rows.map((row) => row.map(([, value]) => value).join('|')).sort() };
  } finally {
    await warehouse.close();
  }
}

describe('further inputs', () => {
  const all = [
    ...numberKeys,
    ...timeKeys,
    ...mixedKeys,
    ...textKeys,
    ...handMadeKeys,
    ...decimals,
    ...flattened,
    ...markers,
    ...openSchemas,
    ...repeatedRows,
  ];
  test.each(all.map((one) => [one.name, one] as const))('%s', async (_, input) => {
    expect(await found(input)).toEqual({ error: input.error, rows: [...input.rows].sort() });
  });
});
