// Files that are written by turns → never more of them open than a process may have.

import pLimit from 'p-limit';

export interface Reopenable {
  /** Closes the file until it is used again, which tells what went wrong. */
  putAway(): void;
}

export class OpenFiles {
  private readonly max: number;
  private readonly inTurn;
  /** Open and not in use; the one that was used first stands first. */
  private readonly resting = new Set<Reopenable>();

  /** @param max files that stay open while nobody uses them, and as many may be in use */
  constructor(max: number) {
    this.max = max;
    this.inTurn = pLimit(max);
  }

  /** Everything that opens a file, or goes on with one that is open. */
  use<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(work);
  }

  /** It is about to be used, or is gone: it will not be put away. */
  take(file: Reopenable): void {
    this.resting.delete(file);
  }

  /** It is open, and may be put away until it is used again. */
  rest(file: Reopenable): void {
    this.resting.add(file);
    if (this.resting.size <= this.max) return;
    const [first] = this.resting;
    this.resting.delete(first!);
    first!.putAway();
  }
}
