// The configuration of a run → a proof, step by step, that the run can load: what it needs is done once, and undone.
import { randomBytes } from 'node:crypto';
import type { ResolvedOptions } from '../config/index.ts';
import type {
  Destination,
  DestinationModule,
  Proof,
  Remembered,
  RunInfo,
  StreamSink,
} from '../destinations/destination.ts';
import { schemasOf } from '../destinations/staged/schemas-of.ts';
import type { Log } from '../errors/log.ts';
import { TargetError } from '../errors/target-error.ts';
import type { StreamVersion, TableName } from '../schema/model.ts';
import { streamVersion } from '../schema/stream-version.ts';
import { newRunId } from '../stage/run-id.ts';
import { chosenModule } from './chosen-module.ts';
import { loadOne } from './probe-load.ts';
import { tableNameOptions } from './table-name-options.ts';

/** One thing that a run needs, and whether it works. */
export interface CheckedStep {
  /** In a few words, such as `write to the stage`. */
  readonly name: string;
  readonly seconds: number;
  /** Why the step failed. No step follows one that failed, but for those that clean up. */
  readonly error?: TargetError | undefined;
}

export interface CheckContext {
  /** Destinations that the caller brings. */
  readonly destinations?: readonly DestinationModule<never>[] | undefined;
  /** Takes each step when it is done. */
  tell(step: CheckedStep): void;
  readonly log: Log;
}

/** @returns whether a run with these options can load: all steps work. Nothing stays of what was done. */
export async function check(options: ResolvedOptions, { destinations, tell, log }: CheckContext): Promise<boolean> {
  const module = await chosenModule(options, destinations);
  // what a load says of its table is of no use here
  const quiet: Log = { info: () => {}, warn: (message) => log.warn(message), secrets: log.secrets };
  const run: RunInfo = { runId: newRunId(), startedAtMs: Date.now(), log: quiet };
  const steps = new Steps(tell);
  const proofs = module.proofs?.(options as never, run) ?? [];
  try {
    await steps.all(proofs);
    await checkDestination(steps, options, module, run);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
  } finally {
    for (const proof of proofs) await proof.undo?.();
  }
  return !steps.hasFailed;
}

/** Thrown at the step that failed; the step has been told by then. */
class StepFailed extends Error {}

class Steps {
  hasFailed = false;
  private readonly tell: (step: CheckedStep) => void;

  constructor(tell: (step: CheckedStep) => void) {
    this.tell = tell;
  }

  async all(proofs: readonly Proof[]): Promise<void> {
    for (const { what, prove } of proofs) await this.step(what, prove);
  }

  /** @throws StepFailed */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    try {
      const result = await work();
      this.tell({ name, seconds: seconds() });
      return result;
    } catch (error) {
      this.hasFailed = true;
      this.tell({ name, seconds: seconds(), error: asTargetError(error) });
      throw new StepFailed(name, { cause: error });
    }
  }
}

async function checkDestination(
  steps: Steps,
  options: ResolvedOptions,
  module: DestinationModule<never>,
  run: RunInfo,
): Promise<void> {
  const schemas = schemasOf(options);
  const destination = module.open(options as never, run);
  const made: TableName[] = [];
  let remembered: Remembered | undefined;
  try {
    await steps.step('connect to the destination', async () => {
      remembered = await module.remember?.(options as never, schemas, run.log);
      await destination.connect();
    });
    for (const schema of schemas) await checkSchema(steps, destination, schema, options, made);
  } finally {
    await destination.close();
    const { restore } = remembered ?? {};
    if (made.length > 0 && restore) await steps.step('remove what the check has made', () => restore(made));
    // connecting may have made a file
    else await restore?.([]).catch(() => {});
  }
}

/** The statements of a first load and of a second one whose schema has a column more. */
async function checkSchema(
  steps: Steps,
  destination: Destination,
  schema: string,
  options: ResolvedOptions,
  made: TableName[],
): Promise<void> {
  const stream = `target_iomete_check_${randomBytes(6).toString('hex')}`;
  const [first, second] = versionsOf(stream, schema, options);
  const sink: StreamSink = destination.openStream(stream, 'upsert');
  try {
    made.push(first.table);
    await steps.step(`make a table in ${schema}`, () => sink.prepare(first));
    await steps.step(`load a row into the table`, () => loadOne(sink, first, { id: 1 }, destination.format));
    await steps.step('add a column to the table', () => sink.prepare(second));
    await steps.step('update the row by its key', () =>
      loadOne(sink, second, { id: 1, name: 'é' }, destination.format),
    );
  } finally {
    await sink.close();
  }
}

function versionsOf(stream: string, schema: string, options: ResolvedOptions): readonly [StreamVersion, StreamVersion] {
  const settings = {
    ...tableNameOptions(options),
    defaultTargetSchema: schema,
    loadMethod: 'upsert',
    addMetadataColumns: options.add_metadata_columns,
    hardDelete: options.hard_delete,
    flattenMaxLevel: 0,
    primaryKeyRequired: true,
    validateRecords: false,
  } as const;
  const id = { type: 'integer' };
  const version = (properties: object, number: number) =>
    streamVersion({ stream, schema: { properties }, key_properties: ['id'] }, settings, number);
  return [version({ id }, 0), version({ id, name: { type: 'string' } }, 1)];
}

const asTargetError = (error: unknown): TargetError =>
  error instanceof TargetError
    ? error
    : new TargetError('INTERNAL', String((error as Error)?.stack ?? error), {}, error);
