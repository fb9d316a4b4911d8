// A run directory → a lakehouse that is up in it, under a supervisor process of its own.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLakehouse } from './build.mjs';
import { isAlive, withLock } from './lock.mjs';
import { readRunning } from './running.mjs';
import { findJavaHome } from './tools.mjs';

const TEMPORARY = /^target-iomete-lakehouse-(\d+)-/;

/**
 * @param {import('./lakehouse.d.mts').StartOptions} options
 * @returns {Promise<import('./lakehouse.d.mts').LakehouseDetails>}
 */
export async function startLakehouse({ runDir, stopWithParent, report }) {
  const javaHome = findJavaHome();
  const built = await buildLakehouse(javaHome, report);
  if (runDir === undefined) return supervise({ runDir: newRunDir(), built, javaHome, stopWithParent });
  mkdirSync(join(runDir, '..'), { recursive: true });
  return withLock(`${runDir}.lock`, async () => {
    const running = await readRunning(runDir);
    if (running) return running;
    rmSync(runDir, { recursive: true, force: true });
    mkdirSync(runDir);
    return supervise({ runDir, built, javaHome, stopWithParent });
  });
}

/** Named after this process, so that a later start can tell what a killed one left behind. */
function newRunDir() {
  for (const name of readdirSync(tmpdir())) {
    const owner = TEMPORARY.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `target-iomete-lakehouse-${process.pid}-`));
}

/** @returns {Promise<import('./lakehouse.d.mts').LakehouseDetails>} */
async function supervise(settings) {
  const logFile = join(settings.runDir, 'supervisor.log');
  const log = openSync(logFile, 'a');
  // detached: a Ctrl-C in the terminal must not stop Spark while tests still tidy up
  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervise.mjs'), JSON.stringify(settings)], {
    detached: true,
    stdio: [settings.stopWithParent ? 'pipe' : 'ignore', 'pipe', log],
  });
  const details = await firstLine(child.stdout);
  child.stdout.destroy();
  child.unref();
  if (child.stdin) /** @type {any} */ (child.stdin).unref();
  if (details) return JSON.parse(details);
  throw new Error(`the stand-in lakehouse did not start:\n${takeLog(logFile, settings.runDir)}`);
}

/** @returns {Promise<string>} '' when it ended without one */
async function firstLine(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0] ?? '';
}

function takeLog(logFile, runDir) {
  const text = readFileSync(logFile, 'utf8');
  rmSync(runDir, { recursive: true, force: true });
  return text;
}
