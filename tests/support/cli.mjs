// Options, input and environment → the built command line as a process, and all that it said.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');
/** Less than a test has, so that what it said is seen. */
const PATIENCE_MS = 100_000;

/** See cli.d.mts. */
export async function runCli(options) {
  return startCli(options).ended;
}

/** See cli.d.mts. */
export function startCli({
  config,
  args = [],
  input = '',
  keepInputOpen = false,
  env = {},
  command = TARGET,
  patienceMs = PATIENCE_MS,
}) {
  const folder = mkdtempSync(join(tmpdir(), 'target-iomete-cli-'));
  const configArgs = config === undefined ? [] : ['--config', writeConfig(folder, config)];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [command, ...configArgs, ...args], {
    cwd: folder,
    env: { ...bareEnvironment(), ...env },
    stdio: 'pipe',
  });
  // it may end before it has read everything
  child.stdin.on('error', () => {});
  if (keepInputOpen) child.stdin.write(input);
  else child.stdin.end(input);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text) => {
      said[name] += text;
    });
  }
  const ended = new Promise((done, failed) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.on('error', failed);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
      if (signal === 'SIGKILL') return failed(new Error(`it did not end within ${patienceMs} ms:\n${said.stderr}`));
      done({ code, signal, ...said, ...linesOf(said), seconds: (performance.now() - startedAt) / 1000 });
    });
  });
  return { child, stdin: child.stdin, ended, said, states: () => linesOf(said).states };
}

function writeConfig(folder, config) {
  const path = join(folder, 'config.json');
  // others must not read the password
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** What this machine has set must not decide what a test sees. */
function bareEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|TARGET_IOMETE|VITEST|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' };
}

function linesOf({ stdout, stderr }) {
  const log = stderr.split('\n');
  const of = (level) => log.filter((line) => new RegExp(`^(\\S+Z )?${level} `).test(line));
  // what follows the last line feed is no line yet
  return { states: stdout.split('\n').slice(0, -1), errors: of('ERROR'), warnings: of('WARNING') };
}
