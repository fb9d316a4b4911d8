// Streams that are to be loaded anew → their tables, one line each; when told so, the tables go, and the streams' bookmarks.
import { readFile, realpath } from 'node:fs/promises';
import type { ResolvedOptions } from '../config/index.ts';
import type { FoundTable, Tables } from '../destinations/destination.ts';
import { counted } from '../errors/counted.ts';
import type { Log } from '../errors/log.ts';
import { TargetError } from '../errors/target-error.ts';
import { bookmarks } from '../protocols/singer/bookmarks.ts';
import { replaceFile } from '../protocols/state-file.ts';
import type { TableName } from '../schema/model.ts';
import { tableNameOf } from '../schema/names.ts';
import { chosenModule } from './chosen-module.ts';
import { tableNameOptions } from './table-name-options.ts';

export interface ResetContext {
  readonly streams: readonly string[];
  /** False lists what is there, and leaves it. */
  readonly remove: boolean;
  /** Takes a line for each stream, and what to do next. */
  print(line: string): void;
  readonly log: Log;
}

/** A bookmark that says nothing: the tap begins the stream anew. */
const noBookmark = { value: Buffer.from('{}') };

/** @throws TargetError what a run throws whose destination can't be reached, or whose table is none of ours */
export async function reset(options: ResolvedOptions, { streams, remove, print, log }: ResetContext): Promise<void> {
  const module = await chosenModule(options);
  if (!module.tables) throw new TargetError('CONFIG_INVALID', `"reset" is not for the destination ${module.name}`);
  const tables = await module.tables(options as never, remove, log);
  try {
    const all = await findAll(tables, streams, options);
    if (remove) await removeAll(all, options.state_file, print);
    else list(all, print);
  } finally {
    await tables.close();
  }
}

interface StreamTable {
  readonly stream: string;
  readonly name: TableName;
  /** Undefined when there is none. */
  readonly table: FoundTable | undefined;
}

/** Before anything is dropped: a table that is none of ours ends the command. */
async function findAll(tables: Tables, streams: readonly string[], options: ResolvedOptions): Promise<StreamTable[]> {
  const all: StreamTable[] = [];
  for (const stream of streams) {
    const name = tableNameOf(stream, tableNameOptions(options));
    all.push({ stream, name, table: await tables.find(name) });
  }
  return all;
}

function list(all: readonly StreamTable[], print: (line: string) => void): void {
  for (const one of all) print(one.table ? `found: ${described(one.stream, one.table)}` : missing(one));
  if (all.some(({ table }) => table)) print('nothing is changed: --remove drops what is listed, with all of its rows');
}

async function removeAll(all: readonly StreamTable[], file: string | undefined, print: (line: string) => void) {
  const streams = all.map(({ stream }) => stream);
  // first: without its bookmark a stream is loaded twice at worst, without its table rows would be missing
  const kept = await forgetBookmarks(file, streams, print);
  for (const one of all) {
    await one.table?.drop();
    print(one.table ? `dropped: ${described(one.stream, one.table)}` : missing(one));
  }
  for (const stream of kept) print(`the state of your tap may have a bookmark of ${stream}: remove it there`);
}

const described = (stream: string, { place, rows }: FoundTable): string =>
  `table ${place} (${counted(rows, 'row')}) of the stream ${stream}`;

const missing = ({ stream, name }: StreamTable): string =>
  `nothing: the stream ${stream} has no table ${name.schema}.${name.table}`;

/** @returns the streams of which the file has no bookmark: a state elsewhere may have one. */
async function forgetBookmarks(
  file: string | undefined,
  streams: readonly string[],
  print: (line: string) => void,
): Promise<readonly string[]> {
  if (file === undefined) return streams;
  const state = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new TargetError(
      'CONFIG_INVALID',
      `"state_file" ${file} can't be read (${error.code ?? error.message})`,
      {},
      error,
    );
  });
  const payload = Buffer.from(state.trim());
  const known = streams.filter((stream) => bookmarks.of(payload).has(stream));
  if (known.length === 0) return streams;
  const forgotten = bookmarks.replace(payload, new Map(known.map((stream) => [stream, noBookmark])));
  await replaceFile(await realpath(file), Buffer.concat([forgotten, Buffer.from('\n')]));
  for (const stream of known) print(`emptied: the bookmark of the stream ${stream} in ${file}`);
  return streams.filter((stream) => !known.includes(stream));
}
