// What killed runs have left in the stage and in the warehouse → one line each, and, when told so, its removal.
import pLimit from 'p-limit';
import { s3Reason } from '../aws/s3-errors.ts';
import { type ResolvedOptions, secretsOf } from '../config/index.ts';
import type { DestinationModule, OrphanStep, Orphans } from '../destinations/destination.ts';
import type { Log } from '../errors/log.ts';
import { Secrets } from '../errors/secrets.ts';
import { TargetError } from '../errors/target-error.ts';
import type { Orphan } from '../stage/orphan.ts';
import { chosenModule } from './chosen-module.ts';

export interface CleanContext {
  /** Destinations that the caller brings. */
  readonly destinations?: readonly DestinationModule<never>[] | undefined;
  /** False lists what is there, and leaves it. */
  readonly remove: boolean;
  /** Takes a line for each thing, and a summary last. */
  print(line: string): void;
  readonly log: Log;
}

/** @throws TargetError CLEAN_INCOMPLETE when something could not be removed; what a run throws whose stage or warehouse can't be reached */
export async function clean(
  options: ResolvedOptions,
  { destinations, remove, print, log }: CleanContext,
): Promise<void> {
  const module = await chosenModule(options, destinations);
  const found = (await module.orphans?.(options as never, remove, log)) ?? nothing;
  const all = found.steps.flatMap(({ things }) => things);
  let failures = 0;
  try {
    for (const { place, why } of found.skipped) print(`skipped: ${place}: ${why}`);
    if (!remove) for (const thing of all) print(`found: ${describe(thing)}`);
    else failures = await removeAll(found.steps, log.secrets ?? new Secrets(secretsOf(options)), print);
  } finally {
    await found.close();
  }
  print(summary({ found: all.length, skipped: found.skipped.length, failures, remove }));
  if (failures > 0) throw new TargetError('CLEAN_INCOMPLETE', `${failures} of ${all.length} could not be removed`);
}

const nothing: Orphans = { steps: [], skipped: [], close: async () => {} };

/** @returns how many are still there. What tells that a run is dead stays while anything else of the run does. */
export async function removeAll(
  steps: readonly OrphanStep[],
  secrets: Secrets,
  print: (line: string) => void,
): Promise<number> {
  const unfinished = new Set<string | undefined>();
  let failures = 0;
  for (const { things, atOnce } of steps) {
    const inTurn = pLimit(atOnce);
    const isLast = things === steps.at(-1)?.things;
    const removeOne = async (thing: Orphan) => {
      try {
        if (isLast && thing.runId !== undefined && unfinished.has(thing.runId))
          throw new Error('it stays until the rest of its run is removed');
        await thing.remove();
        print(`removed: ${describe(thing)}`);
      } catch (error) {
        failures++;
        unfinished.add(thing.runId);
        print(`NOT removed: ${describe(thing)}: ${s3Reason(error, secrets)}`);
      }
    };
    await Promise.all(things.map((thing) => inTurn(() => removeOne(thing))));
  }
  return failures;
}

function describe({ what, place, bytes, runId }: Orphan): string {
  const facts = [
    bytes === undefined ? undefined : `${bytes.toLocaleString('en')} bytes`,
    runId === undefined ? undefined : `run ${runId}`,
  ].filter((fact) => fact !== undefined);
  return `${what} ${place}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

function summary(counts: { found: number; skipped: number; failures: number; remove: boolean }): string {
  const { found, skipped, failures, remove } = counts;
  const others = skipped === 0 ? '' : `; ${skipped} skipped`;
  if (!remove && found > 0)
    return `${found} found${others}. To remove what was found, run the same command with --remove`;
  return remove
    ? `${found - failures} of ${found} removed${others}`
    : `nothing found that an earlier run has left${others}`;
}
