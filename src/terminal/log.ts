// Messages for people → lines on stderr. stdout carries states and nothing else.
import { writeSync } from 'node:fs';
import type { Log } from '../errors/log.ts';
import { onOneLine } from '../errors/plain-text.ts';
import { Secrets } from '../errors/secrets.ts';

type Level = 'INFO' | 'WARNING' | 'ERROR';

/** Where lines go; a progress line that is being shown is taken away first. */
export type WriteLine = (line: string) => void;

export interface RunLog extends Log {
  error(message: string): void;
  readonly secrets: Secrets;
}

/** Plain lines with the time, unless a person is looking: then without. */
export function runLog(write: WriteLine, isTerminal: boolean): RunLog {
  const secrets = new Secrets();
  const line = (level: Level, message: string) =>
    write(
      secrets.redact(
        isTerminal
          ? `${level === 'INFO' ? '' : `${level} `}${message}`
          : `${new Date().toISOString()} ${level} ${message}`,
      ),
    );
  return {
    info: (message) => line('INFO', onOneLine(message)),
    warn: (message) => line('WARNING', onOneLine(message)),
    // an error has lines of its own, see `describeError`
    error: (message) => line('ERROR', message),
    secrets,
  };
}

/** Writes to stderr; that nobody reads it must not end the load. */
export function writeStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // a closed or full stderr: there is nowhere left to say so
  }
}
