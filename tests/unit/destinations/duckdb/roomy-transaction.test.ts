import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inRoomyTransaction } from '../../../../src/destinations/duckdb/roomy-transaction.ts';
import { firstValue } from '../../../../src/destinations/duckdb/statements.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeEach(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '4' });
  connection = await instance.connect();
});
afterEach(() => {
  connection.closeSync();
  instance.closeSync();
});

const outOfMemory = new Error('Out of Memory Error: could not allocate block of size 256.0 KiB');
const threads = async () => Number(await firstValue(connection, "SELECT current_setting('threads')"));

test.each([
  outOfMemory,
  new Error('TransactionContext Error: Failed to commit: failed to pin block of size 256.0 KiB'),
  new Error('TransactionContext Error: Failed to commit: could not allocate block of size 256.0 KiB'),
])('what does not fit into memory is done again with one thread, from its start: %s', async (failure) => {
  await connection.run('CREATE TABLE done (threads BIGINT)');
  await inRoomyTransaction(connection, async () => {
    await connection.run(`INSERT INTO done VALUES (${await threads()})`);
    if ((await threads()) > 1) throw failure;
  });
  const rows = await connection.runAndReadAll('SELECT threads FROM done');
  expect(rows.getRows()).toEqual([[1n]]);
});

test('what does not fit with one thread either is an error', async () => {
  let attempts = 0;
  const work = async () => {
    attempts++;
    throw outOfMemory;
  };
  await expect(inRoomyTransaction(connection, work)).rejects.toBe(outOfMemory);
  await expect(inRoomyTransaction(connection, work)).rejects.toBe(outOfMemory);
  expect(attempts).toBe(3);
});

test('another failure is not repeated', async () => {
  let attempts = 0;
  await expect(
    inRoomyTransaction(connection, async () => {
      attempts++;
      throw new Error('Constraint Error: no');
    }),
  ).rejects.toThrow('Constraint Error');
  expect([attempts, await threads()]).toEqual([1, 4]);
});
