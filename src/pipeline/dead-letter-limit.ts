// How many records may be set aside, and where in the input there was one too many.
import { counted } from '../errors/counted.ts';
import { TargetError } from '../errors/target-error.ts';
import type { DeadLetters } from '../formats/segment.ts';

export interface Excess {
  readonly error: TargetError;
  /** Offset in the input of the first record too many. */
  readonly offset: number;
}

export class DeadLetterLimit {
  private readonly most: number | undefined;
  private count = 0;
  /** One too many ends the input like a bad line: what came before is loaded, and the files that tell why are kept. */
  excess: Excess | undefined;

  /** @param most undefined for any number */
  constructor(most: number | undefined) {
    this.most = most;
  }

  add(stream: string, { offsets }: DeadLetters): void {
    const left = (this.most ?? Number.POSITIVE_INFINITY) - this.count;
    this.count += offsets.length;
    if (offsets.length <= left) return;
    const error = new TargetError(
      'TOO_MANY_DEAD_LETTERS',
      `more than ${counted(this.most!, 'record')} had to be set aside`,
      {
        stream,
      },
    );
    this.excess ??= { error, offset: offsets[left]! };
  }
}
