// A run that is alive → a small file in its stage, renewed every minute; such a file → whether its run is alive.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What the file is called, beside the staged files of its run. */
export const heartbeatName = 'heartbeat';
export const heartbeatMs = 60_000;
/** Nine in a row may fail before a run is taken for dead. */
const silentMs = 10 * heartbeatMs;

/** What a heartbeat says: nothing that tells a stranger about the machine. */
export function signOfLife(): Buffer {
  const { pid } = process;
  return Buffer.from(`${JSON.stringify({ machine: machineId(), pid, started: processStart(pid) })}\n`);
}

/** The last sign of a run. Ages are by the clock of the store that holds the files. */
export interface LastSign {
  /** Content of the heartbeat; undefined when the run has none. */
  readonly text?: string | undefined;
  /** Of the heartbeat, or, where there is none, of the newest thing that the run has left. */
  readonly ageMs: number;
}

/** A process on this machine is looked up; of any other only the age of its sign tells. */
export function isAlive({ text, ageMs }: LastSign): boolean {
  const sign = text === undefined ? undefined : readSign(text);
  const here = machineId();
  if (sign === undefined || here === undefined || sign.machine !== here) return ageMs < silentMs;
  return isRunning(sign.pid) && processStart(sign.pid) === sign.started;
}

export interface Beating {
  /** Resolves when no heartbeat will be written any more. */
  stop(): Promise<void>;
}

/** Calls `beat` now and then, one at a time. The timer keeps no process alive. @param failed called for the first failure */
export function keepBeating(beat: () => Promise<void>, everyMs: number, failed: (error: unknown) => void): Beating {
  let current: Promise<void> | undefined;
  let isTold = false;
  const timer = setInterval(() => {
    current ??= beat()
      .catch((error: unknown) => {
        if (!isTold) failed(error);
        isTold = true;
      })
      .finally(() => {
        current = undefined;
      });
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await current;
    },
  };
}

interface Sign {
  readonly machine: string | undefined;
  readonly pid: number;
  readonly started: string | undefined;
}

function readSign(text: string): Sign | undefined {
  try {
    const { machine, pid, started } = JSON.parse(text);
    return typeof machine === 'string' && Number.isSafeInteger(pid) && pid > 0 ? { machine, pid, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Equal only where process ids mean the same processes: one boot of one kernel, one namespace. Undefined beyond Linux. */
function machineId(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const text = [hostname(), boot, readlinkSync('/proc/self/ns/pid')].join('\n');
    return createHash('sha256').update(text).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Process ids come again: the time of its start, in ticks since boot, tells a process from an earlier one. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the name, in parentheses, may hold anything
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
