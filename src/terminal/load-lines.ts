// Loads → a log line each or, when there are very many, a line now and then for those since the last one.
import { counted } from '../errors/counted.ts';

/** So many loads have lines of their own; from then on there is one for each of these spans. */
const maxOwnLines = 500;
const spanMs = 10_000;

export class LoadLines {
  private readonly write: (text: string) => void;
  private readonly nowMs: () => number;
  private ownLines = 0;
  private saidAtMs = 0;
  private loads = 0;
  private rows = 0;

  /** @param write takes a line, @param nowMs any clock that goes on */
  constructor(write: (text: string) => void, nowMs: () => number = () => performance.now()) {
    this.write = write;
    this.nowMs = nowMs;
  }

  loaded(stream: string, rows: number, seconds: number): void {
    if (this.ownLines < maxOwnLines) {
      this.ownLines++;
      this.saidAtMs = this.nowMs();
      return this.write(`loaded ${counted(rows, 'row')} of ${stream} in ${seconds.toFixed(1)} s`);
    }
    this.loads++;
    this.rows += rows;
    if (this.nowMs() - this.saidAtMs >= spanMs) this.finish();
  }

  /** Says what is left to be said. */
  finish(): void {
    if (this.loads === 0) return;
    this.write(`loaded ${counted(this.rows, 'row')} in ${counted(this.loads, 'more load')}`);
    this.loads = this.rows = 0;
    this.saidAtMs = this.nowMs();
  }
}
