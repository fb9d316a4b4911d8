// Released states → one place that takes them one at a time. A place that is slow never holds up the load: states wait, the newest wins.
import type { TargetError } from '../errors/target-error.ts';
import type { Output } from './front-end.ts';

export class NewestState implements Output {
  private readonly write: (payload: Buffer) => Promise<void>;
  private readonly failureOf: (error: unknown) => TargetError;
  private writing: Promise<void> | undefined;
  private next: Buffer | undefined;
  private failure: TargetError | undefined;
  private failed: (error: TargetError) => void = () => {};

  /**
   * @param write resolves when the place has the state; never called while another state is being written
   * @param failureOf what makes STATE_NOT_WRITTEN out of that which `write` rejects with
   */
  constructor(write: (payload: Buffer) => Promise<void>, failureOf: (error: unknown) => TargetError) {
    this.write = write;
    this.failureOf = failureOf;
  }

  emit(payload: Buffer): void {
    this.next = payload;
    this.writing ??= this.drain();
  }

  onFailure(failed: (error: TargetError) => void): void {
    this.failed = failed;
  }

  async flush(): Promise<void> {
    await this.writing;
    if (this.failure) throw this.failure;
  }

  private async drain(): Promise<void> {
    try {
      while (this.next && !this.failure) {
        const payload = this.next;
        this.next = undefined;
        await this.write(payload);
      }
    } catch (error) {
      this.failure = this.failureOf(error);
      this.failed(this.failure);
    } finally {
      this.writing = undefined;
    }
  }
}
