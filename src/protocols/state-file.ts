// Released states → a file that always holds the newest state, whole; then → standard output. The file is never the older one.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TargetError } from '../errors/target-error.ts';
import type { Output } from './front-end.ts';
import { NewestState } from './newest-state.ts';

/** A run renames a temporary file within milliseconds: an older file belongs to a run that was killed. */
const ORPHAN_AGE_MS = 600_000;
const OWNER_ONLY = 0o600;

class StateFile implements Output {
  private readonly file: Output;
  private readonly output: Output;

  /** @param output takes each state that the file holds */
  constructor(path: string, output: Output) {
    this.output = output;
    const write = async (payload: Buffer) => {
      await replaceFile(path, Buffer.concat([payload, Buffer.from('\n')]));
      output.emit(payload);
    };
    this.file = new NewestState(write, (error) => notWritten(path, error));
  }

  emit(payload: Buffer): void {
    this.file.emit(payload);
  }

  onFailure(failed: (error: TargetError) => void): void {
    this.file.onFailure(failed);
    this.output.onFailure(failed);
  }

  async flush(): Promise<void> {
    // what the file has taken is on its way to standard output, whatever came of the state after it
    const [filed] = await Promise.allSettled([this.file.flush()]);
    await this.output.flush();
    if (filed.status === 'rejected') throw filed.reason;
  }
}

function notWritten(path: string, error: unknown): TargetError {
  const { code, message } = error as NodeJS.ErrnoException;
  const fix = 'Make room or give the right to write there, then run again: no row is lost';
  const text = `"state_file" ${path} can't be written (${code ?? message})`;
  return new TargetError('STATE_NOT_WRITTEN', text, { fix }, error);
}

/**
 * The output that also keeps the newest state in a file.
 * @throws TargetError CONFIG_INVALID when no file can be written there
 */
export async function openStateFile(path: string, output: Output): Promise<Output> {
  const file = await writablePath(resolve(path)).catch((error: NodeJS.ErrnoException) => {
    const text = `"state_file" ${path} can't be written (${error.code ?? error.message})`;
    throw new TargetError(
      'CONFIG_INVALID',
      text,
      { fix: 'Name a file in a folder that this user may write to' },
      error,
    );
  });
  return new StateFile(file, output);
}

/** Follows a link, so that the file it names is replaced and not the link. Tries to write, and removes orphans. */
async function writablePath(path: string): Promise<string> {
  const file = await realpath(path).catch(() => path);
  const found = await stat(file).catch(() => undefined);
  if (found && !found.isFile())
    throw Object.assign(new Error('no file'), { code: found.isDirectory() ? 'EISDIR' : 'EINVAL' });
  const trial = temporaryName(file);
  await (await open(trial, 'wx', OWNER_ONLY)).close();
  await rm(trial);
  await removeOrphans(file);
  return file;
}

const temporaryName = (file: string): string => `${file}.${randomBytes(4).toString('hex')}.tmp`;

/** Temporary files that killed runs have left beside the file. */
async function removeOrphans(file: string): Promise<void> {
  const folder = dirname(file);
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{8}\.tmp$/.test(name.slice(prefix.length))) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > ORPHAN_AGE_MS) await rm(path, { force: true });
  }
}

/** Readers see the old bytes or the new ones. Resolves when a power cut can't take the new bytes away. */
export async function replaceFile(file: string, bytes: Buffer): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await withFile(await open(temporary, 'wx', OWNER_ONLY), async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // some file systems refuse to sync a folder, and then order renames by themselves
  await withFile(await open(dirname(file)), (handle) => handle.sync().catch(() => {}));
}

async function withFile(handle: FileHandle, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}
