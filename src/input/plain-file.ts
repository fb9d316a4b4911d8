// A local path → a plain file that is there, and its bytes. Pipes and devices may never answer, and no signal ends the wait.
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TargetError } from '../errors/target-error.ts';

const READ_BYTES = 1 << 20;

/**
 * @param paths by which one name may be meant: the first that is there counts
 * @returns absolute. @throws TargetError INPUT_BATCH_FILE
 */
export async function plainFile(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (found === undefined) continue;
    refuseOther(found);
    return resolve(path);
  }
  throw new TargetError('INPUT_BATCH_FILE', 'there is no such file');
}

export async function* plainFileBytes(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await openPlain(path);
  // it closes the file
  yield* file.createReadStream({ highWaterMark: READ_BYTES });
}

/** @throws TargetError INPUT_BATCH_FILE */
export async function openPlain(path: string): Promise<FileHandle> {
  // A pipe that took the file's place since it was looked at does not hold up the opening. Windows has no such flag.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    refuseOther(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function refuseOther(found: Stats): void {
  if (found.isFile()) return;
  const kind = found.isDirectory() ? 'a folder' : 'a pipe or a device';
  throw new TargetError('INPUT_BATCH_FILE', `the file is ${kind}, not a plain file`);
}
