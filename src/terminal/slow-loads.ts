// Loads that take long → a line for each now and then, where no progress line shows them.
import { counted } from '../errors/counted.ts';

/** After so long there is the first line; each further one comes when twice as much has passed. */
const firstMs = 30_000;

export class SlowLoads {
  private readonly write: (text: string) => void;
  private readonly nowMs: () => number;
  private readonly underWay = new Map<string, { readonly rows: number; readonly sinceMs: number; dueMs: number }>();

  /** @param write takes a line, @param nowMs any clock that goes on */
  constructor(write: (text: string) => void, nowMs: () => number = () => performance.now()) {
    this.write = write;
    this.nowMs = nowMs;
  }

  begin(stream: string, rows: number): void {
    this.underWay.set(stream, { rows, sinceMs: this.nowMs(), dueMs: firstMs });
  }

  end(stream: string): void {
    this.underWay.delete(stream);
  }

  /** To be called about once a second. */
  tick(): void {
    for (const [stream, load] of this.underWay) {
      const ms = this.nowMs() - load.sinceMs;
      if (ms < load.dueMs) continue;
      while (load.dueMs <= ms) load.dueMs *= 2;
      const rows = load.rows === 0 ? 'files' : counted(load.rows, 'row');
      this.write(`still loading ${rows} of ${stream}, for ${Math.round(ms / 1000)} s`);
    }
  }
}
