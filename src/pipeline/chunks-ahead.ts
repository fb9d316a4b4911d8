// An intake → its chunks, some of them on their way through the encoders before they are asked for.
import type { EncodedChunk } from './encoded-chunk.ts';
import type { Intake } from './intake.ts';

export class ChunksAhead {
  private readonly intake: Pick<Intake, 'next'>;
  private readonly count: number;
  private readonly ahead: Promise<EncodedChunk | undefined>[] = [];

  constructor(intake: Pick<Intake, 'next'>, count: number) {
    this.intake = intake;
    this.count = count;
  }

  /** @returns undefined at the end of the input. @throws what the intake does, once all chunks before it were given */
  next(): Promise<EncodedChunk | undefined> {
    while (this.ahead.length < this.count) {
      const next = this.nextAfter(this.ahead.at(-1));
      // awaited later: until then a rejection is not unhandled
      next.catch(() => {});
      this.ahead.push(next);
    }
    return this.ahead.shift()!;
  }

  private async nextAfter(previous: Promise<EncodedChunk | undefined> | undefined): Promise<EncodedChunk | undefined> {
    await previous;
    return this.intake.next();
  }
}
