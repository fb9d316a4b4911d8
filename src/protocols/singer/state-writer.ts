// Released states → lines on standard output. A reader that does not read never holds up the load: states wait, the newest wins.
import { write } from 'node:fs';
import { TargetError } from '../../errors/target-error.ts';
import type { Output } from '../front-end.ts';

export class StateWriter implements Output {
  private readonly fd: number;
  private writing: Promise<void> | undefined;
  private next: Buffer | undefined;
  private last: Buffer | undefined;
  private failure: TargetError | undefined;
  private failed: (error: TargetError) => void = () => {};
  /** Lines written so far. */
  written = 0;

  constructor(fd = 1) {
    this.fd = fd;
  }

  /** @param value the state's JSON text, on one line. */
  emit(value: Buffer): void {
    this.next = value;
    this.writing ??= this.drain();
  }

  /** @param failed called when nobody will get a state any more */
  onFailure(failed: (error: TargetError) => void): void {
    this.failed = failed;
  }

  /** Resolves when the newest state is written; rejects when standard output can't be written. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.failure) throw this.failure;
  }

  /** The state written last, if any. */
  get lastValue(): Buffer | undefined {
    return this.last;
  }

  private async drain(): Promise<void> {
    try {
      while (this.next && !this.failure) {
        const value = this.next;
        this.next = undefined;
        await writeAll(this.fd, Buffer.concat([value, Buffer.from('\n')]));
        this.last = value;
        this.written++;
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.failure = new TargetError(
        'STATE_NOT_WRITTEN',
        `standard output can't be written (${code ?? message})`,
        {},
        error,
      );
      this.failed(this.failure);
    } finally {
      this.writing = undefined;
    }
  }
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
