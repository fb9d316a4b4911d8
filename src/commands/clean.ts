// What killed runs have left in the stage and in the warehouse → one line each, and, when told so, its removal.
import pLimit from 'p-limit';
import { s3Reason } from '../aws/s3-errors.ts';
import { type ResolvedOptions, secretsOf } from '../config/index.ts';
import { spillPrefix } from '../destinations/duckdb/database.ts';
import { duckdbLeftovers } from '../destinations/duckdb/leftovers.ts';
import { lakehouseLeftovers } from '../destinations/iomete/leftovers.ts';
import type { Log } from '../errors/log.ts';
import { TargetError } from '../errors/target-error.ts';
import { folderLeftovers } from '../stage/folder-leftovers.ts';
import type { Leftover, Spared } from '../stage/leftover.ts';
import { shortRunId } from '../stage/run-id.ts';
import { s3Leftovers } from '../stage/s3-leftovers.ts';
import { connectionOf, s3Connection } from './sync.ts';

export interface CleanContext {
  /** False lists what is there, and leaves it. */
  readonly remove: boolean;
  /** Takes a line for each thing, and a summary last. */
  print(line: string): void;
  readonly log: Log;
}

/** Steps in their order, and the things of each: a step begins when the one before it has ended. */
interface Findings {
  readonly steps: readonly Step[];
  readonly spared: readonly Spared[];
  close(): Promise<void>;
}

export interface Step {
  readonly things: readonly Leftover[];
  readonly atOnce: number;
}

const requestsAtOnce = 16;

/** @throws TargetError CLEAN_INCOMPLETE when something could not be removed; what a run throws whose stage or warehouse can't be reached */
export async function clean(options: ResolvedOptions, { remove, print, log }: CleanContext): Promise<void> {
  const found = options.destination === 'duckdb' ? await inDuckdb(options, remove) : await inLakehouse(options, log);
  const all = found.steps.flatMap(({ things }) => things);
  let failures = 0;
  try {
    for (const { place, why } of found.spared) print(`spared: ${place}: ${why}`);
    if (!remove) for (const thing of all) print(`found: ${describe(thing)}`);
    else failures = await removeAll(found.steps, secretsOf(options), print);
  } finally {
    await found.close();
  }
  print(summary({ found: all.length, spared: found.spared.length, failures, remove }));
  if (failures > 0) throw new TargetError('CLEAN_INCOMPLETE', `${failures} of ${all.length} could not be removed`);
}

type DuckdbResolved = ResolvedOptions & { readonly destination: 'duckdb' };
type IometeResolved = ResolvedOptions & { readonly destination: 'iomete' };

async function inDuckdb(options: DuckdbResolved, remove: boolean): Promise<Findings> {
  const staged = await folderLeftovers({ folder: options.temp_dir, spillPrefix });
  const file = await duckdbLeftovers({ path: options.duckdb_path, schemas: schemasOf(options), remove });
  return {
    steps: [
      { things: file.things, atOnce: 1 },
      { things: staged.things, atOnce: requestsAtOnce },
      // of each run the heartbeat stands before its folder
      { things: staged.last, atOnce: 1 },
    ],
    spared: [...staged.spared, ...file.spared],
    close: async () => file.close(),
  };
}

/** The lakehouse is asked only when there was a run that may have left something there. */
async function inLakehouse(options: IometeResolved, log: Log): Promise<Findings> {
  const staged = await s3Leftovers(
    { ...s3Connection(options), bucket: options.s3_bucket, keyPrefix: options.s3_key_prefix },
    (message) => log.warn(message),
  );
  const deadRuns = new Map([...staged.deadRuns].map((runId) => [shortRunId(runId), runId]));
  try {
    const nothing = { things: [], close: async () => {} };
    const { catalog } = options;
    const settings = { ...connectionOf(options), catalog, schemas: schemasOf(options), deadRuns };
    const tables = deadRuns.size === 0 ? nothing : await lakehouseLeftovers(settings, log);
    return {
      steps: [
        { things: tables.things, atOnce: 1 },
        { things: staged.things, atOnce: requestsAtOnce },
        { things: staged.last, atOnce: requestsAtOnce },
      ],
      spared: staged.spared,
      close: async () => {
        await tables.close();
        staged.close();
      },
    };
  } catch (error) {
    staged.close();
    throw error;
  }
}

function schemasOf({ default_target_schema: fallback, schema_mapping: mapping = {} }: ResolvedOptions): string[] {
  const mapped = Object.values(mapping).map(({ target_schema: schema }) => schema);
  return [...new Set([...(fallback === undefined ? [] : [fallback]), ...mapped])];
}

/** @returns how many are still there. What tells that a run is dead stays while anything else of the run does. */
export async function removeAll(
  steps: readonly Step[],
  secrets: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const unfinished = new Set<string | undefined>();
  let failures = 0;
  for (const { things, atOnce } of steps) {
    const inTurn = pLimit(atOnce);
    const isLast = things === steps.at(-1)?.things;
    const removeOne = async (thing: Leftover) => {
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

function describe({ what, place, bytes, runId }: Leftover): string {
  const facts = [
    bytes === undefined ? undefined : `${bytes.toLocaleString('en')} bytes`,
    runId === undefined ? undefined : `run ${runId}`,
  ].filter((fact) => fact !== undefined);
  return `${what} ${place}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

function summary(counts: { found: number; spared: number; failures: number; remove: boolean }): string {
  const { found, spared, failures, remove } = counts;
  const others = spared === 0 ? '' : `; ${spared} spared`;
  if (!remove && found > 0) return `${found} found${others}; --remove removes them`;
  return remove ? `${found - failures} of ${found} removed${others}` : `nothing found${others}`;
}
