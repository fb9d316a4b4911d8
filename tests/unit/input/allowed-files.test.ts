// Files that a manifest may name, by the places that "batch_sources" names.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedFiles } from '../../../src/input/allowed-files.ts';
import { batchLocation } from '../../../src/input/batch-location.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'target-allowed-')));
  for (const name of ['in', 'in/deep', 'in-other', 'elsewhere']) await mkdir(join(folder, name));
  for (const name of ['in/a', 'in/deep/b', 'in-other/c', 'elsewhere/secret']) await writeFile(join(folder, name), '');
  await symlink(join(folder, 'elsewhere/secret'), join(folder, 'in/link'));
  await symlink(join(folder, 'elsewhere'), join(folder, 'in/folder-link'));
  await symlink(join(folder, 'in'), join(folder, 'alias'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusal = (why: RegExp) =>
  expect.objectContaining({ code: 'INPUT_BATCH_SOURCE', message: expect.stringMatching(why) });
const outside = refusal(/none of the places that "batch_sources" names/);

describe('where folders are named', () => {
  const open = (...sources: string[]) => allowedFiles({ sources, isS3Chosen: true });

  test.each(['in/a', 'in/deep/b', 'alias/a', 'elsewhere/../in/a'])('%s is in them', async (name) => {
    for (const source of ['in', 'in/', 'alias']) {
      const path = await open(join(folder, source)).localFile(join(folder, name));
      expect(path).toBe(await realpath(join(folder, name)));
    }
  });

  test.each(['in-other/c', 'elsewhere/secret', 'in/../elsewhere/secret', 'in/link', 'in/folder-link/secret'])(
    '%s is not',
    async (name) => {
      for (const source of [join(folder, 'in'), `file://${folder}/in`, join(folder, 'not-there')])
        await expect(open(source).localFile(`${folder}/${name}`), source).rejects.toEqual(outside);
    },
  );

  test('one file may be named, and all of this machine', async () => {
    const file = join(folder, 'in/a');
    expect(await open(file).localFile(file)).toBe(file);
    expect(await open('/').localFile(file)).toBe(file);
  });

  test('none is on S3', () => {
    expect(() => open(folder).check(batchLocation('s3://bucket/key'))).toThrow(outside);
  });
});

describe('where a prefix is named', () => {
  const check = (source: string, name: string) => () =>
    allowedFiles({ sources: [source], isS3Chosen: false }).check(batchLocation(name));

  test.each([
    ['s3://bucket/in', 's3://bucket/in/a'],
    ['s3://bucket/in/', 's3a://bucket/in/deep/b'],
    ['s3a://bucket/in', 's3n://bucket/in'],
    ['s3://bucket', 's3://bucket/any/thing'],
    ['s3://bucket/', 's3://bucket/thing'],
  ])('%s holds %s', (source, name) => {
    expect(check(source, name)).not.toThrow();
  });

  test.each([
    ['s3://bucket/in', 's3://bucket/in-other/c'],
    ['s3://bucket/in', 's3://bucket/in/../secret'],
    ['s3://bucket/in', 's3://bucket/./in/a'],
    ['s3://bucket/in', 's3://bucket//in/a'],
    ['s3://bucket/in', 's3://other/in/a'],
    ['s3://bucket', 's3://bucket-other/in/a'],
  ])('%s does not hold %s', (source, name) => {
    expect(check(source, name)).toThrow(outside);
  });
});

test('an empty list allows nothing, and nothing is looked up', () => {
  const { check } = allowedFiles({ sources: [], isS3Chosen: true });
  for (const name of ['/not/there', 's3://bucket/key'])
    expect(() => check(batchLocation(name))).toThrow(refusal(/"batch_sources" is empty/));
});

test('without the option any local file may be named, and S3 where somebody has said how it is called', async () => {
  const unset = (isS3Chosen: boolean) => allowedFiles({ isS3Chosen });
  const link = join(folder, 'in/link');
  expect(await unset(false).localFile(link)).toBe(link);
  expect(() => unset(true).check(batchLocation('s3://bucket/key'))).not.toThrow();
  expect(() => unset(false).check(batchLocation('s3://bucket/key'))).toThrow(refusal(/no option of S3 is set/));
});

test.each(['https://host/x', ' ', ''])('%j is no place for files', (source) => {
  expect(() => allowedFiles({ sources: [source], isS3Chosen: true })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('"batch_sources"') }),
  );
});
