// Configuration files for one test, in a folder that is removed after it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import type { Flag } from '../../../src/config/sources.ts';
import { TargetError } from '../../../src/errors/target-error.ts';

export const lakehouse = {
  host: 'xyz12.iomete.com',
  user: 'loader',
  password: 'pw-1f0c',
  lakehouse: 'main',
  s3_bucket: 'stage',
  default_target_schema: 'singer',
};

/** Writes each value as JSON, each string as it stands, readable by this user only; gives back the paths. */
export async function writeConfigs(...contents: readonly unknown[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'target-iomete-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return Promise.all(
    contents.map(async (content, at) => {
      const path = join(folder, `config-${at}.json`);
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
      return path;
    }),
  );
}

interface Sources {
  readonly files?: readonly unknown[];
  readonly environment?: Record<string, string>;
  readonly flags?: readonly Flag[];
}

export async function load({ files = [], environment = {}, flags = [] }: Sources) {
  return loadConfig({ configFiles: await writeConfigs(...files), flags, problems: [] }, environment);
}

/** The lines of the error that loading ends with. */
export async function problemsOf(sources: Sources): Promise<string[]> {
  const error = await load(sources).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TargetError) || error.code !== 'CONFIG_INVALID') throw error ?? new Error('it was accepted');
  return error.message.split('\n').slice(1);
}
