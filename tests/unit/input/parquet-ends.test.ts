// Files that are said to be Parquet.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parquetBytes, refuseNoParquet } from '../../../src/input/parquet-ends.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'target-parquet-ends-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function handedOn(text: string, chunkLength: number): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < text.length; at += chunkLength) yield Buffer.from(text.slice(at, at + chunkLength));
  }
  let seen = '';
  try {
    for await (const chunk of parquetBytes(chunks())) seen += Buffer.from(chunk).toString();
  } catch (error) {
    expect(error).toMatchObject({ code: 'INPUT_BATCH_FILE', message: expect.stringContaining('PAR1') });
    return `${seen}, refused`;
  }
  return seen;
}

async function isRefused(text: string): Promise<boolean> {
  const path = join(folder, 'file');
  await writeFile(path, text);
  return refuseNoParquet(path).then(
    () => false,
    (error) => error.code === 'INPUT_BATCH_FILE',
  );
}

test.each([1, 3, 4, 5, 100])('what begins and ends with PAR1 is handed on, in pieces of %i', async (length) => {
  for (const text of ['PAR1....PAR1', `PAR1${'x'.repeat(50)}PAR1`]) {
    expect(await handedOn(text, length)).toBe(text);
    expect(await isRefused(text)).toBe(false);
  }
});

test.each([1, 3, 4, 5, 100])('what does not begin so is never handed on, in pieces of %i', async (length) => {
  for (const text of ['{"password":"geheim"}', '', 'PAR', 'xPAR1....PAR1', 'PARE....PARE']) {
    expect(await handedOn(text, length)).toBe(', refused');
    expect(await isRefused(text)).toBe(true);
  }
});

test.each(['PAR1', 'PAR1PAR1', 'PAR1....PAR', 'PAR1 cut off'])('%j is refused at its end', async (text) => {
  expect(await handedOn(text, 3)).toMatch(/, refused$/);
  expect(await isRefused(text)).toBe(true);
});
