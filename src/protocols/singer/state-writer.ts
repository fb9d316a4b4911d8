// Released states → lines on standard output.
import { write } from 'node:fs';
import { TargetError } from '../../errors/target-error.ts';
import type { Output } from '../front-end.ts';
import { NewestState } from '../newest-state.ts';

/** Each state's JSON text on a line of its own. */
export function stateWriter(fd = 1): Output {
  const write = (payload: Buffer) => writeAll(fd, Buffer.concat([payload, Buffer.from('\n')]));
  const failureOf = (error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    return new TargetError('STATE_NOT_WRITTEN', `standard output can't be written (${code ?? message})`, {}, error);
  };
  return new NewestState(write, failureOf);
}

async function writeAll(fd: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += await writeSome(fd, bytes, at);
}

function writeSome(fd: number, bytes: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.length - at, null, (error, count) => {
      if (!error) return resolve(count);
      if (error.code === 'EAGAIN') return setTimeout(() => writeSome(fd, bytes, at).then(resolve, reject), 5);
      reject(error);
    });
  });
}
