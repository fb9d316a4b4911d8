#!/usr/bin/env node
// The stand-in lakehouse from the shell: `node tests/stand-in/main.mjs start|stop|info [run directory]`.
// start and info print the details as JSON; stop removes all data. Without a directory: one in the cache, shared by all
// who name none.

import { join, resolve } from 'node:path';
import { cacheDir } from './build.mjs';
import { readRunning } from './running.mjs';
import { startLakehouse } from './start.mjs';
import { stopLakehouse } from './stop.mjs';

const [command, directory] = process.argv.slice(2);
const runDir = directory ? resolve(directory) : join(cacheDir(), 'run');

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main() {
  if (command === 'start') {
    const startedAt = performance.now();
    const details = await startLakehouse({ runDir, stopWithParent: false, report: (line) => console.error(line) });
    console.error(`stand-in lakehouse up in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return print(details);
  }
  if (command === 'info') return print(await readRunning(runDir));
  if (command === 'stop') {
    await stopLakehouse(runDir);
    return 0;
  }
  console.error('usage: node tests/stand-in/main.mjs start|stop|info [run directory]');
  return 2;
}

function print(details) {
  if (!details) {
    console.error(`no lakehouse is up in ${runDir}`);
    return 1;
  }
  console.log(JSON.stringify(details, null, 2));
  return 0;
}
