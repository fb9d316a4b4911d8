// What a source declares of its streams → what a run would do to their tables. Nothing is changed.
import { readFile } from 'node:fs/promises';
import type { ResolvedOptions } from '../config/index.ts';
import type { DestinationModule, Planner, TablePlan } from '../destinations/destination.ts';
import type { Log } from '../errors/log.ts';
import { TargetError } from '../errors/target-error.ts';
import type { InputPieces } from '../input/iterable-source.ts';
import { openSource } from '../input/open-source.ts';
import { SlabReader } from '../input/slab-reader.ts';
import type { Streams } from '../pipeline/streams.ts';
import { truncatedLine } from '../pipeline/truncated-line.ts';
import { catalogStreams } from '../protocols/singer/catalog.ts';
import { singer } from '../protocols/singer/index.ts';
import { awaitsColumns } from '../schema/awaits-columns.ts';
import type { LoadMethod, StreamVersion, TableName } from '../schema/model.ts';
import type { StreamDeclaration } from '../schema/stream-version.ts';
import { newRunId } from '../stage/run-id.ts';
import { chosenModule } from './chosen-module.ts';
import { streamsOf } from './stream-versions.ts';

const SLAB_BYTES = 1 << 20;

export interface PlanContext {
  /** Destinations that the caller brings. */
  readonly destinations?: readonly DestinationModule<never>[] | undefined;
  /** Singer messages: the path of a file, or pieces. Standard input when it is not set. All but SCHEMA is passed over. */
  readonly input?: string | InputPieces | undefined;
  /** The path of a tap's catalog, to be read instead of messages. */
  readonly tapCatalog?: string | undefined;
  readonly log: Log;
}

/** What a run would do to the table of one stream. */
export interface StreamPlan {
  readonly stream: string;
  /** The members below are undefined where the stream itself is refused. */
  readonly table: TableName | undefined;
  readonly loadMethod: LoadMethod | undefined;
  /** Names of properties. */
  readonly keys: readonly string[] | undefined;
  /** Undefined also where the columns follow from records: `undeclared_fields` makes them. */
  readonly plan: TablePlan | undefined;
  /** Why a run would end: the stream is refused, or its table can't be made to fit. */
  readonly error: TargetError | undefined;
}

/**
 * @returns in the order of the input
 * @throws TargetError CONFIG_INVALID for a destination that plans nothing, INPUT_NOT_JSON and others for an input that
 * can't be read, and what connecting throws
 */
export async function plan(
  options: ResolvedOptions,
  { destinations, input, tapCatalog, log }: PlanContext,
): Promise<readonly StreamPlan[]> {
  const module = await chosenModule(options, destinations);
  if (!module.planner) throw new TargetError('CONFIG_INVALID', `"plan" is not for the destination ${module.name}`);
  const streams = new Declared(streamsOf(options, log));
  // before the input, which may take long
  const planner = await module.planner(options as never, { runId: newRunId(), startedAtMs: Date.now(), log });
  try {
    if (tapCatalog === undefined) await readMessages(input, options.max_line_bytes, streams);
    else for (const declaration of catalogStreams(await catalogText(tapCatalog))) streams.declare(declaration);
    const plans: StreamPlan[] = [];
    for (const declared of streams.all) plans.push(await planOf(planner, declared));
    return plans;
  } finally {
    await planner.close();
  }
}

interface DeclaredStream {
  readonly stream: string;
  readonly versions: StreamVersion[];
  /** Of a declaration behind the versions. */
  error?: TargetError;
}

/** What was declared so far, by stream. Nothing follows a declaration that is refused. */
class Declared {
  private readonly streams: Streams;
  private readonly byStream = new Map<string, DeclaredStream>();

  constructor(streams: Streams) {
    this.streams = streams;
  }

  get all(): Iterable<DeclaredStream> {
    return this.byStream.values();
  }

  /** @param line of the input, counted from 1 */
  declare(declaration: StreamDeclaration, line?: number): void {
    const { stream } = declaration;
    const declared: DeclaredStream = this.byStream.get(stream) ?? { stream, versions: [] };
    this.byStream.set(stream, declared);
    if (declared.error) return;
    try {
      const taken = this.streams.take(declaration);
      if (taken?.change === 'version') declared.versions.push(taken.version);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      declared.error = error.at({ stream, line });
    }
  }
}

async function readMessages(
  input: PlanContext['input'],
  maxLineBytes: number,
  streams: Pick<Declared, 'declare'>,
): Promise<void> {
  const source = openSource(input);
  const slab = new Uint8Array(SLAB_BYTES);
  const pool = { slabBytes: SLAB_BYTES, acquire: async () => slab, release: () => {} };
  const reader = new SlabReader(source, pool, { maxWaitMs: 0, maxLineBytes });
  const framer = singer.openFramer();
  const read = async () => {
    try {
      return await reader.next();
    } catch (error) {
      throw error instanceof TargetError ? error.at({ line: framer.lineCount + 1 }) : error;
    }
  };
  try {
    for (let filled = await read(); filled !== undefined; filled = await read()) {
      const lines = Buffer.from(filled.slab.buffer, filled.slab.byteOffset, filled.length);
      const cut = filled.lacksLineFeed ? truncatedLine(lines, framer.lineCount) : undefined;
      for (const item of framer.frame(cut === undefined ? lines : withoutLastLine(lines)))
        if (item.kind === 'stream') streams.declare(item.declaration, item.line);
      if (cut !== undefined) throw new TargetError('INPUT_TRUNCATED', 'the input ends within the line', { line: cut });
    }
  } finally {
    source.close();
  }
}

const withoutLastLine = (lines: Buffer): Buffer => lines.subarray(0, lines.lastIndexOf('\n', -2) + 1);

async function catalogText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new TargetError(
      'CONFIG_INVALID',
      `the file after --tap-catalog, ${path}, can't be read (${code ?? message})`,
      {},
      error,
    );
  }
}

async function planOf(planner: Planner, { stream, versions, error }: DeclaredStream): Promise<StreamPlan> {
  const latest = versions.at(-1);
  if (latest === undefined)
    return { stream, table: undefined, loadMethod: undefined, keys: undefined, plan: undefined, error };
  const { table, loadMethod, columns, keys } = latest;
  const known = versions.filter((version) => !awaitsColumns(version));
  const plan = known.length === 0 ? undefined : await planner.plan(known);
  return {
    stream,
    table,
    loadMethod,
    keys: keys.map((key) => columns[key]!.path.join('.')),
    plan,
    error: plan?.refusal?.at({ stream }) ?? error,
  };
}
