// Commands → what they took: clock, CPU, memory. Two that are compared take turns, so that what else the machine does hits both.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const RUSAGE = resolve(import.meta.dirname, 'rusage.py');

/**
 * @typedef {object} Task one side of a comparison
 * @property {string} name
 * @property {number} rows of its input
 * @property {string} input a file, which is its stdin
 * @property {(folder: string) => Promise<readonly string[]> | readonly string[]} command command and arguments; what it writes goes into `folder`
 * @property {number} [code] the exit code to expect, 0 when it is not set
 *
 * @typedef {object} Usage
 * @property {number} wall seconds
 * @property {number} cpu seconds, threads and children included
 * @property {number} peak MB of resident memory
 * @property {string} output its stdout
 */

/** @param {Task} task @returns {Promise<Usage>} @throws when it ends with another exit code than expected */
export async function measure({ name, input, command, code = 0 }) {
  const folder = await mkdtemp(join(tmpdir(), 'target-iomete-bench-'));
  try {
    const sink = join(folder, 'stdout');
    const { told, said } = await run(['python3', RUSAGE, input, sink, '--', ...(await command(folder))], folder);
    const usage = JSON.parse(told.trim().split('\n').at(-1) ?? '');
    if (usage.code !== code) throw new Error(`${name} ended with ${usage.code}:\n${said.slice(-2000)}`);
    return { ...usage, output: await readFile(sink, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly Task[]} tasks
 * @param {number} rounds each task runs so many times, in turns
 * @returns {Promise<Usage[][]>} by task, by round
 */
export async function takeTurns(tasks, rounds) {
  const usages = tasks.map(() => /** @type {Usage[]} */ ([]));
  for (let round = 0; round < rounds; round++)
    for (const [index, task] of tasks.entries()) {
      const usage = await measure(task);
      console.error(
        `  ${task.name}: ${usage.wall.toFixed(2)} s, CPU ${usage.cpu.toFixed(2)} s, ${Math.round(usage.peak)} MB`,
      );
      usages[index].push(usage);
    }
  return usages;
}

/** @param {readonly number[]} numbers not empty */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function run([command, ...args], folder) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    let said = '';
    child.stdout.on('data', (bytes) => {
      told += bytes;
    });
    child.stderr.on('data', (bytes) => {
      said = (said + bytes).slice(-10_000);
    });
    child.on('error', failed);
    child.on('close', () => done({ told, said }));
  });
}
