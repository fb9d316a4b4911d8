// What both destinations' recorders do alike: run the command, kill it, and write down nothing of this machine.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { runCli, startCli } from '../../tests/support/cli.mjs';

const PATIENCE_MS = 120_000;

/** A line for each of what lies at the depth, so that a difference can be read. */
export const writeJson = (path, value, depth = 3) => writeFile(path, `${jsonText(value, depth)}\n`);

function jsonText(value, depth, indent = '') {
  if (depth === 0 || value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent} `;
  const members = Array.isArray(value)
    ? value.map((each) => jsonText(each, depth - 1, inner))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([name, each]) => `${JSON.stringify(name)}: ${jsonText(each, depth - 1, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (members.length === 0) return open + close;
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

/** @throws unless the run ends with exit code 0 */
export async function runToEnd({ command, config, args, input }) {
  const { code, stdout, stderr } = await runCli({ command, config, args, input });
  if (code !== 0) throw new Error(`the command ended with ${code}:\n${stderr}`);
  return stdout;
}

/** Kills the command with `kill -9` once `isReached` is true. @param {{ ended?: boolean }} more whether the input ends */
export async function killWhen({ command, config, input, ended = false }, isReached) {
  const run = startCli({ command, config, input, keepInputOpen: !ended, patienceMs: PATIENCE_MS });
  let code;
  const early = run.ended.then(
    (outcome) => {
      code = outcome.code;
    },
    () => {},
  );
  for (const deadline = Date.now() + PATIENCE_MS / 2; !(await isReached()); await sleep(50)) {
    if (code !== undefined)
      throw new Error(`the run ended with ${code} before it could be killed:\n${run.said.stderr}`);
    if (Date.now() > deadline) throw new Error(`waited in vain for ${isReached}:\n${run.said.stderr}`);
  }
  run.child.kill('SIGKILL');
  await early;
}

/** What the checkout's own `clean` finds, line by line, with what stands for this place instead of it. */
export async function found({ command, config }, replace) {
  const lines = (await runToEnd({ command, config, args: ['clean'] })).split('\n').slice(0, -2);
  // a file may be cut in the recording
  return lines.map((line) => replace(line).replace(/\([\d,]+ bytes, /, '(')).sort();
}

/** @param {readonly (readonly [string, string])[]} pairs */
export const replacing = (pairs) => (text) => pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text);

const heartbeatKeys = ['machine', 'pid', 'started'];

/** A process of no machine. Tests put another one in. @throws for a heartbeat with members that nobody has thought of */
export function neutralHeartbeat(text) {
  const sign = JSON.parse(text);
  const unknown = Object.keys(sign).filter((key) => !heartbeatKeys.includes(key));
  if (unknown.length > 0) throw new Error(`a heartbeat has members that may tell of this machine: ${unknown}`);
  return `${JSON.stringify({ ...sign, machine: '0'.repeat(16), pid: 1, started: '1' })}\n`;
}

/** A short name of a host may be part of any word. */
const whole = (word) => new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&')}(?![\\w-])`);

/** @throws when a file tells where it was made. @param {readonly string[]} words */
export async function refuseTraces(folder, words) {
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath ?? file.path, file.name);
    const bytes = await readFile(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    const word = words.find((each) => whole(each).test(text));
    if (word !== undefined) throw new Error(`${path} tells of this machine: ${word}`);
  }
}

/** Twelve digits that stand in the names of what a run has made elsewhere, found in the name of one such thing. */
export const digitsIn = (name) => /_([0-9a-f]{12})(?:_|$)/.exec(name)?.[1];
