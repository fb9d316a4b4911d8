// Standard input or a file → bytes as they come.
import { close, openSync, read } from 'node:fs';
import { TargetError } from '../errors/target-error.ts';

export interface ByteSource {
  /** The next bytes, valid until the next call; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  close(): void;
}

const READ_BYTES = 256 * 1024;
/** How long to wait where another process has made the pipe non-blocking. */
const RETRY_MS = 5;

/** @param path a file instead of standard input. Throws TargetError CONFIG_INVALID when it can't be opened. */
export function openInput(path?: string): ByteSource {
  const fd = path === undefined ? 0 : openFile(path);
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return {
    read: () => readSome(fd, buffer),
    close: () => {
      if (fd !== 0) close(fd, () => {});
    },
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new TargetError('CONFIG_INVALID', `the input file can't be opened: ${(error as Error).message}`, {}, error);
  }
}

function readSome(fd: number, buffer: Buffer): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, buffer.length, null, (error, count) => {
      if (!error) return resolve(count === 0 ? undefined : buffer.subarray(0, count));
      if (error.code === 'EAGAIN') return setTimeout(() => readSome(fd, buffer).then(resolve, reject), RETRY_MS);
      if (error.code === 'EOF') return resolve(undefined);
      reject(error);
    });
  });
}
