// A folder for temporary files → what killed runs have left in it: staged files, and what DuckDB's memory could not hold.

import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { lstat, open, readdir, readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf } from '../errors/message-of.ts';
import { TargetError } from '../errors/target-error.ts';
import { isStagedName } from './file-names.ts';
import { heartbeatName, isAlive } from './heartbeat.ts';
import { type Orphan, type Skipped, type StageOrphans, unknownName } from './orphan.ts';
import { type RunFolder, readRunFolder, shortRunId } from './run-id.ts';

export interface FolderOrphanSettings {
  readonly folder: string;
  /** The folder that a run fills beside its staged files, within its own folder. */
  readonly spillFolder: string;
  /** What the names of such folders began with in earlier versions, outside the run's folder; its twelve digits follow. */
  readonly formerSpillPrefix: string;
}

/** @throws TargetError STAGE_FAILED when the folder can't be read */
export async function folderOrphans(settings: FolderOrphanSettings): Promise<StageOrphans> {
  const root = resolve(settings.folder);
  try {
    return await search(root, settings, await clockAhead(root));
  } catch (error) {
    const reason = messageOf(error);
    throw new TargetError('STAGE_FAILED', `"${root}" can't be searched for staged files: ${reason}`, {}, error);
  }
}

interface FoundFolder extends RunFolder {
  readonly path: string;
  readonly files: readonly Dirent[];
}

async function search(
  root: string,
  { spillFolder, formerSpillPrefix }: FolderOrphanSettings,
  aheadMs: number,
): Promise<StageOrphans> {
  const [things, last]: [Orphan[], Orphan[]] = [[], []];
  const skipped: Skipped[] = [];
  const entries = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const runs = new Map<string, FoundFolder[]>();
  for (const folder of await runFolders(root, entries, skipped))
    runs.set(folder.runId, [...(runs.get(folder.runId) ?? []), folder]);
  const deadRuns = new Set<string>();
  for (const [runId, folders] of runs) {
    if (await isAliveIn(folders, aheadMs)) skipped.push({ place: `run ${runId}`, why: 'it is alive' });
    else deadRuns.add(runId);
  }
  for (const folder of [...runs.values()].flat().filter(({ runId }) => deadRuns.has(runId)))
    await sort(folder, spillFolder, { things, last, skipped });
  const deadSpills = new Map([...deadRuns].map((runId) => [`${formerSpillPrefix}${shortRunId(runId)}`, runId]));
  for (const { name } of entries) {
    const runId = deadSpills.get(name);
    const path = join(root, name);
    if (runId !== undefined && (await isOurs(path))) things.push(spilled(path, runId));
  }
  return { things, last, skipped, deadRuns };
}

async function runFolders(
  root: string,
  entries: readonly Dirent[],
  skipped: Skipped[],
): Promise<readonly FoundFolder[]> {
  const found: FoundFolder[] = [];
  for (const { name } of entries) {
    // six characters make it unique
    const folder = /-[A-Za-z0-9]{6}$/.test(name) ? readRunFolder(name.slice(0, -7)) : undefined;
    // what was set aside is for a person to look into
    if (!folder || folder.part === 'dead-letters') continue;
    const path = join(root, name);
    if (await isOurs(path)) found.push({ ...folder, path, files: await readdir(path, { withFileTypes: true }) });
    else skipped.push({ place: path, why: 'it belongs to another user' });
  }
  return found;
}

/** Temporary folders are often everybody's. */
async function isOurs(path: string): Promise<boolean> {
  const { uid } = await lstat(path);
  return process.getuid === undefined || process.getuid() === uid;
}

async function isAliveIn(folders: readonly FoundFolder[], aheadMs: number): Promise<boolean> {
  const age = async (path: string) => Date.now() + aheadMs - (await lstat(path)).mtimeMs;
  const own = folders.find(({ files }) => files.some((file) => file.name === heartbeatName && file.isFile()));
  if (own) {
    const path = join(own.path, heartbeatName);
    return isAlive({ text: await readFile(path, 'utf8'), ageMs: await age(path) });
  }
  const paths = folders.flatMap(({ path, files }) => [path, ...files.map(({ name }) => join(path, name))]);
  return isAlive({ ageMs: Math.min(...(await Promise.all(paths.map(age)))) });
}

interface Sorted {
  readonly things: Orphan[];
  readonly last: Orphan[];
  readonly skipped: Skipped[];
}

async function sort(
  { runId, part, path, files }: FoundFolder,
  spillFolder: string,
  { things, last, skipped }: Sorted,
): Promise<void> {
  let stays = false;
  for (const file of files) {
    const place = join(path, file.name);
    const remove = () => unlink(place).catch(ifMissing);
    if (file.isDirectory() && file.name === spillFolder) {
      things.push(spilled(place, runId));
      continue;
    }
    const isBeat = file.isFile() && file.name === heartbeatName;
    const isStaged = file.isFile() && isStagedName(file.name);
    const bytes = isStaged ? (await lstat(place)).size : undefined;
    if (isBeat) last.push({ what: 'heartbeat', place, runId, remove });
    else if (isStaged && part === 'staged') things.push({ what: 'staged file', place, bytes, runId, remove });
    else stays = true;
    if (!isBeat && !isStaged) skipped.push({ place, why: unknownName });
  }
  if (!stays) last.push({ what: 'folder', place: path, runId, remove: () => rmdir(path).catch(ifMissing) });
}

const spilled = (path: string, runId: string): Orphan => ({
  what: 'temporary files of DuckDB',
  place: path,
  runId,
  remove: () => rm(path, { recursive: true, force: true }),
});

function ifMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** A folder on another machine has that machine's clock. */
async function clockAhead(root: string): Promise<number> {
  const path = join(root, `.target-iomete-clock-${randomBytes(6).toString('hex')}`);
  const file = await open(path, 'wx', 0o600);
  try {
    return (await file.stat()).mtimeMs - Date.now();
  } finally {
    await file.close();
    await unlink(path).catch(() => {});
  }
}
