// A tap's command and a config → `tap | target-iomete` over a real pipe, with the target's states, memory and exit code.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const TARGET = resolve(import.meta.dirname, '../../bin/target-iomete.js');
const MEMORY_POLL_MS = 50;

// fd 3 tells the target's process id first and both exit codes last
const SHELL = `
node=$1 target=$2 config=$3; shift 3
"$@" 3>&- | { echo $BASHPID >&3; exec "$node" "$target" --config "$config" 3>&-; }
codes="\${PIPESTATUS[*]}"; echo "$codes" >&3
`;

/**
 * @param {object} options
 * @param {readonly string[]} options.tap command and arguments
 * @param {object} options.config written to a file in `folder`
 * @param {string} options.folder
 * @param {(line: string) => void} [options.onState] called with each complete line of the target's stdout
 */
export async function startPipe({ tap, config, folder, onState = () => {} }) {
  const configFile = join(folder, 'config.json');
  const logFile = join(folder, 'pipe.log');
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });
  const log = openSync(logFile, 'w');
  // a process group of its own, so that one kill -9 hits tap and target at one moment
  const shell = spawn('bash', ['-c', SHELL, 'pipe', process.execPath, TARGET, configFile, ...tap], {
    detached: true,
    stdio: ['ignore', 'pipe', log, 'pipe'],
  });
  closeSync(log);
  const states = [];
  const told = [];
  let peakBytes = 0;
  splitLines(shell.stdout, (line) => {
    states.push(line);
    onState(line);
  });
  splitLines(shell.stdio[3], (line) => told.push(line));
  const poll = setInterval(() => {
    if (told[0] !== undefined) peakBytes = Math.max(peakBytes, memoryOf(Number(told[0]), 'VmHWM'));
  }, MEMORY_POLL_MS);
  const ended = new Promise((done, failed) => {
    shell.on('error', failed);
    shell.on('close', (_, signal) => {
      clearInterval(poll);
      const [tapCode, code] = told[1]?.split(' ').map(Number) ?? [];
      done({ killed: signal === 'SIGKILL', tapCode, code, states, peakBytes });
    });
  });
  return {
    /** Resolves once both have ended, with the complete lines of stdout and the target's peak of resident memory. */
    ended,
    kill: () => signalGroup(shell.pid, 'SIGKILL'),
    /** @param {NodeJS.Signals} name to the target alone, once it is there */
    signal: (name) => told[0] !== undefined && signalOne(Number(told[0]), name),
    /** The target's resident memory now; 0 before it is there and after its end. */
    rssBytes: () => (told[0] === undefined ? 0 : memoryOf(Number(told[0]), 'VmRSS')),
    /** The last lines that tap and target wrote to stderr. */
    log: () => readFileSync(logFile, 'utf8').slice(-4000),
  };
}

/** Runs to the end. @throws when tap or target ended with another code than 0 */
export async function runPipe(options, defer = () => {}) {
  const pipe = await startPipe(options);
  defer(() => pipe.kill());
  const result = await pipe.ended;
  if (result.code === 0 && result.tapCode === 0) return result;
  throw new Error(`tap ended with ${result.tapCode}, target-iomete with ${result.code}:\n${pipe.log()}`);
}

/** Only what ends in \n: a killed process may leave half a line. */
function splitLines(stream, onLine) {
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      onLine(rest.toString('utf8', start, end));
      start = end + 1;
    }
    rest = rest.subarray(start);
  });
}

/** VmHWM, the peak, only rises: the last look before the end is all that it takes. */
function memoryOf(pid, what) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(new RegExp(`${what}:\\s*(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const signalGroup = (pid, name) => signalOne(-pid, name);

function signalOne(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended already
  }
}
