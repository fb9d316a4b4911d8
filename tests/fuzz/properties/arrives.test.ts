// Any JSON Schema of our grammar × any record of it → staged file → warehouse → equal to what was sent (equality.ts).
//
// TARGET_IOMETE_SEED repeats a run: it is printed with each load, and with each case that fails.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openDestination } from '../../../scripts/acceptance/destination.mjs';
import type { ErrorContext } from '../../../src/errors/target-error.ts';
import { describeLakehouse, type LakehouseDetails } from '../../setup/lakehouse.ts';
import { parseLossless } from '../../support/lossless-json.ts';
import { type FoundTable, readTables } from '../../support/read-tables.ts';
import { runTarget } from '../../support/run-target.ts';
import { equalityOf } from './equality.ts';
import type { NumberType } from './shapes.ts';
import { type Column, FLATTEN_LEVEL, propertyCases, RECORDS, type WideStream, wideStreams } from './wide-streams.ts';

/** Every format that files can be staged in, with the options that choose it. */
const stageFormats: Readonly<Record<string, object>> = {
  csv: { stage_format: 'csv' },
  parquet: { stage_format: 'parquet' },
};
const loads: readonly { readonly numberType: NumberType; readonly nested: boolean }[] = [
  { numberType: 'double', nested: false },
  { numberType: 'double', nested: true },
  { numberType: 'decimal', nested: false },
  { numberType: 'string', nested: true },
];

const seed = Number(process.env.TARGET_IOMETE_SEED ?? randomInt(2 ** 31));
const folder = mkdtempSync(join(tmpdir(), 'arrives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Extent {
  /** Of one load. */
  readonly cases: number;
  readonly columns: number;
}

function behaviours(kind: 'duckdb' | 'iomete', { cases, columns }: Extent, lakehouse?: LakehouseDetails) {
  for (const [format, formatOptions] of Object.entries(stageFormats))
    it.each(loads.map((one, index) => ({ ...one, index })))(
      `by ${format}, number_type $numberType, nested $nested`,
      async ({ numberType, nested, index }) => {
        console.log(`${kind}: ${cases} cases, TARGET_IOMETE_SEED=${seed}`);
        const all = fc.sample(propertyCases(numberType), { seed: seed + index, numRuns: cases });
        const streams = wideStreams(all, columns, nested);
        const own = mkdtempSync(join(folder, 'load-'));
        const destination = await openDestination({ kind, folder: own, lakehouse }, () => {});
        const { error, counts } = await runTarget(
          {
            ...destination.config,
            ...formatOptions,
            workers: 0,
            number_type: numberType,
            data_flattening_max_level: nested ? FLATTEN_LEVEL : 0,
          },
          join(own, 'input.singer'),
          streams.flatMap(({ lines }) => lines),
        );
        expect(error && `seed ${seed}: ${explained(error.message, error.context, streams)}`).toBeUndefined();
        const tables = await readTables(destination);
        const wrong = streams.flatMap((stream) => differences(stream, tables.get(stream.name), counts.inexact));
        expect(wrong, `seed ${seed}: ${wrong.length} of ${cases} cases`).toEqual([]);
      },
      300_000,
    );
}

/** The case in which the run ended. */
function explained(message: string, context: ErrorContext, streams: readonly WideStream[]) {
  const column = streams
    .find(({ name }) => name === context.stream)
    ?.columns.find(({ path }) => path.join('.') === context.column);
  return `${message} ${JSON.stringify(context)} ${column ? described(column) : ''}`;
}

const described = ({ shape, sent }: Column) =>
  `${JSON.stringify(shape.schema)} ${JSON.stringify(shape.definitions)}: ${sent.join(' ')}`;

function differences(
  { name, columns }: WideStream,
  table: FoundTable | undefined,
  inexact: ReadonlyMap<string, number>,
) {
  if (table?.rows.length !== RECORDS) return [`${name} has ${table?.rows.length} rows`];
  const rows = [...table.rows].sort((a, b) => Number(a.id) - Number(b.id));
  return columns.flatMap((column) => {
    const held = rows.map((row) => row[column.name] ?? null);
    const problem = problemOf(column, table.columns[column.name], held, inexact.get(`${name}.${column.name}`) ?? 0);
    return problem === undefined ? [] : [`${problem}: ${described(column)}`];
  });
}

function problemOf(
  { shape, sent }: Column,
  type: string | undefined,
  held: readonly (string | null)[],
  counted: number,
) {
  if (type !== shape.type) return `the column is ${type}, not ${shape.type}`;
  const { isEqual, isInexact } = equalityOf(type);
  const values = sent.map((text) => (text === undefined || text === 'null' ? undefined : parseLossless(text)));
  for (const [index, value] of values.entries()) {
    const found = held[index] ?? null;
    if (value === undefined ? found !== null : found === null || !isEqual(value, found))
      return `${sent[index]} became ${found}`;
  }
  const due = values.filter((value) => value !== undefined && isInexact(value)).length;
  return counted === due ? undefined : `${counted} values were counted as inexact, not ${due}`;
}

describe('any record of any schema arrives in DuckDB', () => behaviours('duckdb', { cases: 600, columns: 30 }));
describeLakehouse('any record of any schema arrives in the lakehouse', (lakehouse) =>
  behaviours('iomete', { cases: 120, columns: 60 }, lakehouse),
);
