// A package on PyPI → a virtual environment of its own with it, installed once, in the cache.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache.mjs';

const run = promisify(execFile);

/** @param {string} requirement such as `target-jsonl==0.1.4` @returns {Promise<string>} the environment's bin folder */
export async function installed(requirement) {
  const home = join(cacheFolder(), requirement);
  // an environment can't be moved, so a mark says that it is complete
  const mark = join(home, 'complete');
  if (!existsSync(mark)) {
    console.error(`installing ${requirement} into ${home} (once)`);
    await rm(home, { recursive: true, force: true });
    await mkdir(cacheFolder(), { recursive: true });
    await run('python3', ['-m', 'venv', home]);
    await run(join(home, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', requirement]);
    await writeFile(mark, '');
  }
  return join(home, 'bin');
}
