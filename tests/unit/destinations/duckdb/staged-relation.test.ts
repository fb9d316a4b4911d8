// value → staged file → DuckDB → value
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Load } from '../../../../src/destinations/destination.ts';
import { versionOf } from '../sql/staged-records.ts';
import { stagedFolder } from './staged-folder.ts';

let folder: Awaited<ReturnType<typeof stagedFolder>>;
beforeEach(async () => {
  folder = await stagedFolder();
});
afterEach(() => folder.remove());

const version = versionOf({ columns: { text: 'string', more: 'string' }, table: 'texts' });
const record = (text: string | null) => ({ data: { text, more: text } });

async function loadAll(...loads: Load[]) {
  const destination = folder.destination();
  await destination.connect();
  try {
    const loader = destination.openTable('texts');
    await loader.prepare(version);
    for (const load of loads) await loader.load(load);
    await loader.close();
  } finally {
    await destination.close();
  }
}

// Texts are compared as DuckDB's own hex: its client for Node drops a leading BOM.
const hex = (text: string | null) => (text === null ? 'null' : Buffer.from(text).toString('hex').toUpperCase());

const hostile = [
  null,
  '',
  ' ',
  '"',
  '""',
  '","',
  ',',
  ',,',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\0',
  'a\0b',
  '\\',
  '\\N',
  '\\"',
  "'",
  'NULL',
  'null',
  '#',
  '# comment',
  '\ufeff',
  '\u2028',
  '😀',
  '\x1a',
  '\x1b',
  '\t',
  '1,"x",2,\n',
  '"\n"',
  '\n"',
  'é',
  'e\u0301',
  '\uffff',
  '0',
  ' x ',
];

describe('texts', () => {
  test('that are hostile come back byte for byte, and nothing is not the empty text', async () => {
    await loadAll(await folder.load(version, hostile.map(record)));
    const found = await folder.query('SELECT hex(text), hex(more) FROM texts');
    expect(found.map(([text]) => String(text)).sort()).toEqual(hostile.map(hex).sort());
    expect(found.every(([text, more]) => text === more)).toBe(true);
  });

  test('of any kind come back, whatever stands beside them', async () => {
    const text = fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\0', '\\', "'", 'a', '1', ' ') }),
      fc.string({ unit: 'grapheme' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 40 }), async (texts) => {
        await folder.remove();
        folder = await stagedFolder();
        await loadAll(await folder.load(version, texts.map(record)));
        const found = await folder.query('SELECT hex(text) FROM texts');
        expect(found.map(([one]) => String(one)).sort()).toEqual(texts.map(hex).sort());
      }),
      { numRuns: 25 },
    );
  });

  test('that look like records and are longer than a read buffer are still one value', async () => {
    const fake = (n: number) => Array.from({ length: n }, (_, i) => `${i},evil,${i},`).join('\n');
    const texts = [fake(60_000), fake(90_001), 'short', `${fake(70_003)}\n"`, fake(80_001)];
    await loadAll(await folder.load(version, [...texts, ...texts].map(record)));
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const found = await folder.query('SELECT md5(text), md5(more) FROM texts ORDER BY ALL');
    expect(found).toEqual([...texts, ...texts].map((text) => [md5(text), md5(text)]).sort());
  });

  test('of 16 MB come back, quotes and line feeds in them or not', async () => {
    const texts = ['x', '"', '\n'].map((unit) => unit.repeat(16 * 2 ** 20));
    await loadAll(
      await folder.load(
        version,
        texts.map((text) => ({ data: { text, more: 'y' } })),
      ),
    );
    const found = await folder.query('SELECT md5(text), length(text) FROM texts ORDER BY ALL');
    const expected = texts.map((text) => [createHash('md5').update(text).digest('hex'), String(16 * 2 ** 20)]);
    expect(found).toEqual(expected.sort());
  });
});

test('the path of a staged file may hold quotes and what globs are made of', async () => {
  const load = await folder.load(version, [record('a')]);
  const odd = `${folder.folder}/it's [a] {b} *?`;
  await mkdir(odd);
  await rename(load.files[0]!.location, `${odd}/1.csv.gz`);
  await mkdir(`${folder.folder}/it's a {b} xy`);
  await writeFile(`${folder.folder}/it's a {b} xy/1.csv.gz`, 'not to be read');
  await loadAll({ ...load, files: [{ ...load.files[0]!, location: `${odd}/1.csv.gz` }] });
  expect(await folder.query('SELECT text FROM texts')).toEqual([['a']]);
});
