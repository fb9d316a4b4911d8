// A fresh clone → what README's commands make of it, from the lockfile alone.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const INSTALL_PATIENCE_MS = 300_000;
const exec = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-clone-'));
const clone = join(folder, 'clone');
const lockfile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

beforeAll(async () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const file of String(listed).split('\0').filter(Boolean)) cpSync(join(ROOT, file), join(clone, file));
  await exec('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: clone });
}, INSTALL_PATIENCE_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  'installs the command by `npm install --global .`',
  async () => {
    const prefix = join(folder, 'global');
    await exec('npm', ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '.'], { cwd: clone });
    const { stdout } = await exec(join(prefix, 'bin/target-iomete'), ['--version'], { cwd: folder });
    expect(stdout).toMatch(/^target-iomete \d+\.\d+\.\d+/);
  },
  INSTALL_PATIENCE_MS,
);

test(
  'shows the tables of `npm run demo`',
  async () => {
    const { stdout } = await exec('npm', ['run', 'demo'], { cwd: clone });
    expect(stdout).toContain('2450 orders with 2450 ids');
  },
  INSTALL_PATIENCE_MS,
);

test('installs what the lockfile says, which is left as it was', () => {
  expect(readFileSync(join(clone, 'package-lock.json'), 'utf8')).toBe(lockfile);
});

test('names no registry', () => {
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, { resolved?: string; integrity?: string }> };
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

test('pins the packages whose insides matter', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of ['@aws-sdk/client-s3', '@aws-sdk/credential-providers', '@databricks/sql'])
    expect(dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
});
