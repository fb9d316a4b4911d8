// A Node that is too old → one line that says so, before anything of the program loads.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const COMMAND = resolve(ROOT, 'bin/target-iomete.js');

/** The command, told that its Node is another one. */
const runAs = async (version: string) => {
  const preload = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, COMMAND, '--version'];
  return promisify(execFile)(process.execPath, args).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
};

test.each(['12.22.12', '18.20.4', '20.18.3'])('Node.js %s is told what is needed', async (version) => {
  const { code, stdout, stderr } = await runAs(version);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    `ERROR target-iomete needs Node.js 20.19 or newer, and this is Node.js ${version} (${process.execPath}). ` +
      'Install a newer one from https://nodejs.org, then run target-iomete again.\n',
  );
});

test.each(['20.19.0', '22.0.0', '30.1.2'])('Node.js %s runs the command', async (version) => {
  expect(await runAs(version)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^target-iomete \d/) });
});

test('the version is the one that package.json names', () => {
  const { engines } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const needed = /needed = \[(\d+), (\d+)\]/.exec(readFileSync(COMMAND, 'utf8'))!;
  expect(engines.node).toBe(`>=${needed[1]}.${needed[2]}`);
});

/** Tried with Node.js 12, 14, 16, 18 and 19, which are not on every machine: their parsers refuse what stands here. */
test('the command holds no syntax that an old Node cannot parse', () => {
  const code = readFileSync(COMMAND, 'utf8').replace(/^\s*\/\/.*$/gm, '');
  expect(code).not.toMatch(/^(import|export)\b|^(?! ).*\bawait\b|\?\.|\?\?|\|\|=|&&=|#\w+[^/]*\(|\d_\d/m);
});
