// A run directory → nothing: its lakehouse is stopped and the directory removed.

import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, withLock } from './lock.mjs';
import { readRunning } from './running.mjs';

const PATIENCE_MS = 10_000;

/** @param {string} runDir */
export async function stopLakehouse(runDir) {
  if (!existsSync(runDir)) return;
  await withLock(`${runDir}.lock`, async () => {
    const details = await readRunning(runDir);
    if (details) await end(details.pids.supervisor);
    rmSync(runDir, { recursive: true, force: true });
  });
}

/** Spark and S3 end when their supervisor does, however it ends. @param {number} pid */
async function end(pid) {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + PATIENCE_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return void process.kill(pid, 'SIGKILL');
    await sleep(20);
  }
}
