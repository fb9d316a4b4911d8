// A details file, the lakehouse that is up in the cache, or else one started for this process → details to connect with.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../../tests/stand-in/build.mjs';
import { startLakehouse, stopLakehouse } from '../../tests/stand-in/lakehouse.mjs';
import { readRunning } from '../../tests/stand-in/running.mjs';

/**
 * @param {string | undefined} detailsFile what `node tests/stand-in/main.mjs info` prints, kept in a file
 * @param {(undo: () => Promise<void>) => void} defer
 */
export async function useLakehouse(detailsFile, defer) {
  if (detailsFile !== undefined) return JSON.parse(await readFile(detailsFile, 'utf8'));
  const running = await readRunning(join(cacheDir(), 'run'));
  if (running) return running;
  const started = await startLakehouse({ stopWithParent: true, report: (line) => console.error(line) });
  defer(() => stopLakehouse(started.runDir));
  return started;
}
