// Released states → a file that always holds the newest state, whole; then → standard output. The file is never the older one.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TargetError } from '../errors/target-error.ts';
import type { Output } from './front-end.ts';

/** A run renames a temporary file within milliseconds: an older file belongs to a run that was killed. */
const ORPHAN_AGE_MS = 600_000;
const OWNER_ONLY = 0o600;

export class StateFile implements Output {
  private readonly path: string;
  private readonly output: Output;
  private saving: Promise<void> | undefined;
  private next: Buffer | undefined;
  private failure: TargetError | undefined;
  private failed: (error: TargetError) => void = () => {};

  /** @param path as {@link openStateFile} has resolved it @param output takes each state that the file holds */
  constructor(path: string, output: Output) {
    this.path = path;
    this.output = output;
  }

  /** States that come while one is being saved are collapsed into the newest. */
  emit(payload: Buffer): void {
    this.next = payload;
    this.saving ??= this.drain();
  }

  onFailure(failed: (error: TargetError) => void): void {
    this.failed = failed;
    this.output.onFailure(failed);
  }

  async flush(): Promise<void> {
    await this.saving;
    await this.output.flush();
    if (this.failure) throw this.failure;
  }

  private async drain(): Promise<void> {
    try {
      while (this.next && !this.failure) {
        const payload = this.next;
        this.next = undefined;
        await replaceFile(this.path, Buffer.concat([payload, Buffer.from('\n')]));
        this.output.emit(payload);
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const fix = 'Make room or give the right to write there, then run again: no row is lost';
      const text = `"state_file" ${this.path} can't be written (${code ?? message})`;
      this.failure = new TargetError('STATE_NOT_WRITTEN', text, { fix }, error);
      this.failed(this.failure);
    } finally {
      this.saving = undefined;
    }
  }
}

/**
 * The output that also keeps the newest state in a file.
 * @throws TargetError CONFIG_INVALID when no file can be written there
 */
export async function openStateFile(path: string, output: Output): Promise<StateFile> {
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
