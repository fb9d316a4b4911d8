// Options, messages → one run of the target in this process, and what it counted.
import { writeFile } from 'node:fs/promises';
import { run } from '../../src/commands/sync.ts';
import { loadConfig, parseArguments } from '../../src/config/index.ts';
import { TargetError } from '../../src/errors/target-error.ts';
import type { ColumnNote } from '../../src/report/facts.ts';
import { unreadStates } from './unread-states.ts';

export interface RunOutcome {
  readonly error: TargetError | undefined;
  /** `stream.column` → values that the column holds approximately, with times that were cut, not at all, or as their JSON text; `stream` → records set aside. */
  readonly counts: { readonly [what in ColumnNote['what'] | 'setAside']: ReadonlyMap<string, number> };
}

/** @param input a file to be written */
export async function runTarget(
  options: Readonly<Record<string, unknown>>,
  input: string,
  lines: readonly string[],
): Promise<RunOutcome> {
  await writeFile(input, lines.map((line) => `${line}\n`).join(''));
  const given = await parseArguments(flagsOf(options));
  const none = () => new Map<string, number>();
  const counts = { inexact: none(), cut: none(), nulled: none(), asText: none(), setAside: none() };
  const add = (what: keyof typeof counts, place: string, count: number) =>
    counts[what].set(place, (counts[what].get(place) ?? 0) + count);
  const nothing = () => {};
  try {
    await run((await loadConfig(given, {})).options, {
      input,
      stateFd: unreadStates,
      log: { info: nothing, warn: nothing },
      events: {
        read: nothing,
        noted: (stream, column, { what, count }) => add(what, `${stream}.${column.name}`, count),
        setAside: (stream, count) => add('setAside', stream, count),
        abandoned: nothing,
        ignored: nothing,
        discarded: nothing,
        input: nothing,
        state: nothing,
        loading: nothing,
        loaded: nothing,
      },
      interruption: new AbortController().signal,
    });
    return { error: undefined, counts };
  } catch (error) {
    if (error instanceof TargetError) return { error, counts };
    throw error;
  }
}

/** Options as the flags that give them. */
export const flagsOf = (options: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(options).map(
    ([name, value]) => `--${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
