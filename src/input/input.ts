// Standard input or a file → bytes as they come.
import { close, closeSync, fstatSync, openSync, read } from 'node:fs';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { isatty, ReadStream } from 'node:tty';
import { messageOf } from '../errors/message-of.ts';
import { TargetError } from '../errors/target-error.ts';

export interface ByteSource {
  /**
   * The next bytes, valid until the next call; undefined at the end. Calls must not overlap.
   * @throws TargetError INPUT_UNREADABLE
   */
  read(): Promise<Uint8Array | undefined>;
  close(): void;
}

const READ_BYTES = 256 * 1024;

/** @param path a file instead of standard input. Throws TargetError CONFIG_INVALID when it is a folder or can't be opened. */
export function openInput(path?: string): ByteSource {
  const fd = path === undefined ? 0 : openFile(path);
  const source = mayKeepWaiting(fd) ? openStream(fd) : openBlocking(fd);
  const read = () => source.read().catch(refuse);
  return { read, close: source.close };
}

const refuse = (error: unknown): never => {
  throw new TargetError('INPUT_UNREADABLE', `the input can't be read: ${messageOf(error)}`, {}, error);
};

function openFile(path: string): number {
  const fd = openedFile(path);
  if (!fstatSync(fd).isDirectory()) return fd;
  closeSync(fd);
  throw new TargetError('CONFIG_INVALID', `the input file ${path} is a folder: name a file in it with --input`);
}

function openedFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    const text = `the input file ${path} can't be opened: ${why}. Correct the path after --input`;
    throw new TargetError('CONFIG_INVALID', text, {}, error);
  }
}

function mayKeepWaiting(fd: number): boolean {
  // Big, because Node.js looks at the numbers of its last plain stat when it follows links: were they a pipe's, it would
  // stop there, and load symlinked packages under two paths.
  const stat = fstatSync(fd, { bigint: true });
  return stat.isFIFO() || stat.isSocket() || isatty(fd);
}

/**
 * Pipes, sockets and terminals. Not by `fs.read`: while a thread waits in it for a tap that says nothing, the process
 * can't end, not even by `process.exit`.
 */
function openStream(fd: number): ByteSource {
  let arrived: Uint8Array | undefined;
  let failure: Error | undefined;
  let ended = false;
  let wake = () => {};
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length, buffer) => {
        arrived = buffer.subarray(0, length);
        wake();
        // no more until the next call
        return false;
      },
    },
  };
  const socket = isatty(fd) ? new ReadStream(fd, options) : new Socket(options);
  const end = () => {
    ended = true;
    wake();
  };
  socket.pause();
  socket.on('end', end).on('close', end);
  socket.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    read: async () => {
      arrived = undefined;
      if (!ended && !failure) {
        const change = new Promise<void>((resolve) => {
          wake = resolve;
        });
        socket.resume();
        await change;
      }
      if (failure) throw failure;
      return arrived;
    },
    close: () => {
      socket.destroy();
    },
  };
}

function openBlocking(fd: number): ByteSource {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return {
    read: () =>
      new Promise((resolve, reject) => {
        read(fd, buffer, 0, buffer.length, null, (error, count) => {
          if (!error) return resolve(count === 0 ? undefined : buffer.subarray(0, count));
          if (error.code === 'EOF') return resolve(undefined);
          reject(error);
        });
      }),
    close: () => {
      if (fd !== 0) close(fd, () => {});
    },
  };
}
