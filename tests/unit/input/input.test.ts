import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInput } from '../../../src/input/input.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an input file', () => {
  it('comes whole, in reads, and then ends', async () => {
    const path = join(folder, 'big');
    const bytes = Buffer.alloc(700_000, 'singer\n');
    writeFileSync(path, bytes);
    const source = openInput(path);
    const parts: Buffer[] = [];
    for (let part = await source.read(); part; part = await source.read()) parts.push(Buffer.from(part));
    source.close();
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(parts.length).toBeGreaterThan(1);
  });

  it('that is empty ends at once', async () => {
    const path = join(folder, 'empty');
    writeFileSync(path, '');
    const source = openInput(path);
    expect(await source.read()).toBeUndefined();
    source.close();
  });

  it('that is a folder is an error of the configuration', () => {
    expect(() => openInput(folder)).toThrowError(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: `the input file ${folder} is a folder: name a file in it with --input`,
      }),
    );
  });

  it('that is missing is an error of the configuration', () => {
    expect(() => openInput(join(folder, 'missing'))).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
