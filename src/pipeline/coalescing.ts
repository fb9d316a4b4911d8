// Batches of a stream that come in quick succession → one load, where each load is dear.

/** However fast they come. */
const LONGEST_MS = 5_000;

export class Coalescing {
  private readonly quietMs: number;
  private isOver = false;
  private wake: () => void = () => {};

  /** @param quietMs without a further batch, before the load begins; 0: at once */
  constructor(quietMs: number) {
    this.quietMs = quietMs;
  }

  /**
   * Resolves when nothing has come for so long, or nothing more will.
   * @param waiting what has come so far; undefined when no more can join
   */
  async done(waiting: () => number | undefined): Promise<void> {
    const endsAt = performance.now() + LONGEST_MS;
    let before: number | undefined;
    for (let now = waiting(); !this.isOver && this.quietMs > 0; now = waiting()) {
      if (now === undefined || now === before || performance.now() >= endsAt) return;
      before = now;
      await this.pause();
    }
  }

  /** The input has ended, or nothing more is to be loaded. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  private async pause(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, this.quietMs);
    });
    clearTimeout(timer);
  }
}
