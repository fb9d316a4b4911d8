import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/schema/columns.ts';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { inTable, type NestedColumn, nestedColumn, rowsPerCase } from './nested-cases.ts';
import { duckdbFile, load, recordMessage, schemaMessage, sparkSchema, type Warehouse } from './nested-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'nested-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let tables = 0;

async function loadAndCompare(warehouse: Warehouse, cases: readonly NestedColumn[]): Promise<void> {
  const table = `t${tables++}`;
  const properties = Object.fromEntries(cases.map(({ schema }, index) => [`c${index}`, schema]));
  const schema = { properties: { id: { type: 'integer' }, ...properties } };
  const records = Array.from({ length: rowsPerCase }, (_, row) => {
    const members = cases.map(({ values }, index) => `"c${index}":${values[row]!.json}`);
    return recordMessage(table, `{"id":${row},${members.join(',')}}`);
  });
  await load(folder, [schemaMessage(table, schema.properties), ...records], warehouse.flags);

  const columns = columnsOf(schema, { metadata: false, flattenMaxLevel: 0, nestedColumns: 'struct' }).slice(1);
  expect(columns.map(({ type }) => type.kind)).toEqual(cases.map(({ schema }) => kindOf(schema)));
  const rows = await warehouse.rows(
    table,
    columns.map(({ name }) => name),
  );
  const wanted = Array.from({ length: rowsPerCase }, (_, row) =>
    cases.map(({ values }, index) => inTable(values[row]!.held, columns[index]!.type)),
  );
  expect(rows).toEqual(wanted);
}

const kindOf = (schema: object) => ((schema as { type: string[] }).type[1] === 'object' ? 'struct' : 'array');
const cases = (count: number) => fc.array(nestedColumn, { minLength: count, maxLength: count });

describe('any value of any nested column arrives as it was sent', () => {
  it('in DuckDB', async () => {
    const warehouse = duckdbFile(folder, 'property');
    await fc.assert(
      fc.asyncProperty(cases(60), (given) => loadAndCompare(warehouse, given)),
      { numRuns: 5, endOnFailure: true },
    );
  }, 100_000);
});

describeLakehouse('any value of any nested column arrives as it was sent', (details) => {
  it('in Spark', async () => {
    const warehouse = await sparkSchema(details, `nested_${Date.now().toString(36)}`);
    try {
      await fc.assert(
        fc.asyncProperty(cases(60), (given) => loadAndCompare(warehouse, given)),
        { numRuns: 2, endOnFailure: true },
      );
    } finally {
      await warehouse.close();
    }
  }, 400_000);
});
