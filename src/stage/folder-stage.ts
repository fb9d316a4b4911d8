// A folder on disk → a stage whose files lie in a subfolder of this run's own, for a destination in this process.

import { type FileHandle, mkdtemp, open, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { counted } from '../errors/counted.ts';
import type { Log } from '../errors/log.ts';
import { messageOf } from '../errors/message-of.ts';
import { TargetError } from '../errors/target-error.ts';
import type { StagedCompression } from '../formats/compress/compression.ts';
import type { StagedFile, StagedFileWriter } from '../formats/staged-file.ts';
import { type FileContent, fileNamer, safeName } from './file-names.ts';
import { type Beating, heartbeatName, keepBeating, signOfLife } from './heartbeat.ts';
import { OpenFiles, type Reopenable } from './open-files.ts';
import type { Stage } from './store.ts';

export interface FolderStageSettings {
  /** Must exist. */
  readonly folder: string;
  /** Staged files outlive their loads and the run. */
  readonly keepFiles: boolean;
  /** Begins the name of this run's folder. */
  readonly runFolder: string;
  /** Decides the ending of the names; the bytes come in that form already. */
  readonly compression: StagedCompression;
  /** `csv` when not set. */
  readonly content?: FileContent | undefined;
  /** How often a file beside the staged ones says that the run is alive; never when not set. */
  readonly heartbeatMs?: number | undefined;
}

export interface FolderStage extends Stage {
  /**
   * A place for the destination's own temporary files, beside the staged files: only this user can enter the folder around
   * it. The destination makes what lies there, and has removed it when it calls `close`.
   * @returns an absolute path. @throws TargetError STAGE_FAILED, STAGE_DISK_FULL
   */
  pathFor(name: string): Promise<string>;
}

/** A file for each stream with an open batch may be more than a process may have open. */
const maxOpenFiles = 40;

export function folderStage(settings: FolderStageSettings, log: Log): FolderStage {
  const folder = resolve(settings.folder);
  const nextName = fileNamer(settings.compression, settings.content);
  const unfinished = new Set<FolderFile>();
  const files = new OpenFiles(maxOpenFiles);
  let beating: Beating | undefined;
  let staged = 0;
  let runFolder: Promise<string> | undefined;
  /** mkdtemp makes it 0700, and new even where a run id comes again. */
  const openRunFolder = () => {
    runFolder ??= mkdtemp(join(folder, `${safeName(settings.runFolder)}-`));
    return runFolder;
  };

  return { check, create, remove, pathFor, close };

  async function check(): Promise<void> {
    await startBeating();
    const probe = create('probe');
    await probe.write(Buffer.from('probe'));
    await probe.abort();
  }

  /** Before anything else is there of the run. */
  async function startBeating(): Promise<void> {
    const { heartbeatMs } = settings;
    if (heartbeatMs === undefined) return;
    let path = join(folder, heartbeatName);
    // not cut to nothing before it is written: whoever reads it meanwhile finds the same content
    const beat = () => writeFile(path, signOfLife(), { mode: 0o600, flag: 'r+' });
    try {
      path = join(await openRunFolder(), heartbeatName);
      await writeFile(path, signOfLife(), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw folderError(error, folder);
    }
    beating = keepBeating(beat, heartbeatMs, (error) =>
      log.warn(`The heartbeat "${path}" could not be renewed: ${messageOf(error)}`),
    );
  }

  /** Last of all: without it the staged files would be nobody's. */
  async function stopBeating(runPath: string): Promise<void> {
    if (!beating) return;
    await beating.stop();
    beating = undefined;
    await unlink(join(runPath, heartbeatName)).catch(() => {});
  }

  async function pathFor(name: string): Promise<string> {
    try {
      return join(await openRunFolder(), name);
    } catch (error) {
      throw folderError(error, folder);
    }
  }

  function create(name: string): StagedFileWriter {
    const fileName = nextName(name);
    const file = new FolderFile(folder, async () => join(await openRunFolder(), fileName), files, ended);
    unfinished.add(file);
    return file;
  }

  function ended(file: FolderFile, isStaged: boolean): void {
    unfinished.delete(file);
    if (isStaged) staged += 1;
  }

  async function remove(files: readonly StagedFile[]): Promise<void> {
    if (settings.keepFiles) return;
    for (const { key } of files) {
      await unlink(key).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') log.warn(`A staged file could not be removed: ${messageOf(error)}`);
      });
    }
  }

  async function close(): Promise<void> {
    await Promise.all([...unfinished].map((file) => file.abort()));
    const path = await runFolder?.catch(() => undefined);
    runFolder = undefined;
    if (path === undefined) return;
    if (settings.keepFiles) await stopBeating(path);
    if (settings.keepFiles && staged > 0)
      return log.info(
        `Kept ${counted(staged, `${settings.content === 'jsonl' ? 'dead-letter' : 'staged'} file`)} in "${path}"`,
      );
    // the heartbeat goes with the folder
    await beating?.stop();
    try {
      await (settings.keepFiles ? rmdir(path) : rm(path, { recursive: true, force: true }));
    } catch (error) {
      log.warn(`The folder "${path}" could not be removed: ${messageOf(error)}`);
    }
  }
}

class FolderFile implements StagedFileWriter, Reopenable {
  /** On disk as soon as written. */
  readonly bufferedBytes = 0;
  private readonly folder: string;
  private readonly pathOf: () => Promise<string>;
  private readonly files: OpenFiles;
  private readonly ended: (file: FolderFile, isStaged: boolean) => void;
  private handle: FileHandle | undefined;
  /** Rejects when what was written before may not be there. */
  private away: Promise<void> = Promise.resolve();
  private path = '';
  private bytes = 0;
  private state: 'open' | 'closed' | 'dropped' = 'open';

  constructor(
    folder: string,
    pathOf: () => Promise<string>,
    files: OpenFiles,
    ended: (file: FolderFile, isStaged: boolean) => void,
  ) {
    this.folder = folder;
    this.pathOf = pathOf;
    this.files = files;
    this.ended = ended;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.orAbort(async () => {
      const handle = await this.open();
      for (let from = 0; from < bytes.length; ) from += (await handle.write(bytes, from)).bytesWritten;
      this.bytes += bytes.length;
      this.files.rest(this);
    });
  }

  async close(): Promise<StagedFile> {
    await this.orAbort(async () => {
      this.files.take(this);
      await this.away;
      if (this.path === '') await this.open();
      await this.handle?.close();
    });
    this.state = 'closed';
    this.ended(this, true);
    return { location: this.path, key: this.path, bytes: this.bytes };
  }

  async abort(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'dropped';
    this.files.take(this);
    // A handle that is closed twice, a file that never came to be: either way nothing stays.
    await this.handle?.close().catch(() => {});
    if (this.path !== '') await unlink(this.path).catch(() => {});
    this.ended(this, false);
  }

  putAway(): void {
    this.away = this.handle?.close() ?? this.away;
    // told when the file is used again
    this.away.catch(() => {});
    this.handle = undefined;
  }

  private async open(): Promise<FileHandle> {
    this.files.take(this);
    await this.away;
    if (this.handle) return this.handle;
    if (this.path !== '') {
      this.handle = await open(this.path, 'a');
      return this.handle;
    }
    const path = await this.pathOf();
    this.handle = await open(path, 'wx', 0o600);
    this.path = path;
    return this.handle;
  }

  private async orAbort<T>(step: () => Promise<T>): Promise<T> {
    if (this.state !== 'open') throw new TargetError('STAGE_FAILED', 'The staged file is no longer open');
    try {
      return await this.files.use(step);
    } catch (error) {
      await this.abort();
      throw folderError(error, this.folder);
    }
  }
}

function folderError(error: unknown, folder: string): TargetError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
  return isFull
    ? new TargetError('STAGE_DISK_FULL', `There is no space left for staged files in "${folder}"`, {}, error)
    : new TargetError(
        'STAGE_FAILED',
        `Staged files can't be written to "${folder}": ${messageOf(error)}`,
        { fix: fixOf(error) },
        error,
      );
}

const fixOf = (error: unknown): string | undefined =>
  codeOf(error) === 'ENOENT' ? 'Make the folder that "temp_dir" names, or name another' : undefined;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? '';
