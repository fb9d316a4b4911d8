// Work that two processes must not do at once → done by one after the other.

import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any build: whoever waited that long goes ahead, as the work itself must be atomic anyway. */
const PATIENCE_MS = 15 * 60_000;

/**
 * @template T
 * @param {string} lockFile
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(lockFile, work) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!take(lockFile) && Date.now() < deadline) {
    if (!isAlive(holder(lockFile))) rmSync(lockFile, { force: true });
    else await sleep(200);
  }
  try {
    return await work();
  } finally {
    if (holder(lockFile) === process.pid) rmSync(lockFile, { force: true });
  }
}

/** A link to a finished file, so that a lock is never seen without its holder's pid. @param {string} lockFile */
function take(lockFile) {
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @param {string} lockFile */
function holder(lockFile) {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {number | undefined} pid */
export function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
