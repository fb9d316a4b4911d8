// A case that does not end blocks its thread, and with it every timer: another thread says which case it was, and ends all.
import { Worker } from 'node:worker_threads';

const SIGNS = 1_000;

const SCRIPT = `
  const { workerData: { beats, text, patienceMs } } = require('node:worker_threads');
  let seen = -1;
  setInterval(() => {
    const beat = Atomics.load(beats, 0);
    if (beat === seen) {
      const length = Atomics.load(beats, 1);
      require('node:fs').writeSync(2, 'IT HANGS: ' + Buffer.from(text.slice(0, length)) + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }
    seen = beat;
  }, patienceMs);
`;

export class Watchdog {
  private readonly beats = new Int32Array(new SharedArrayBuffer(8));
  private readonly text = new Uint8Array(new SharedArrayBuffer(SIGNS));
  private readonly worker: Worker;

  constructor(patienceMs: number) {
    this.worker = new Worker(SCRIPT, { eval: true, workerData: { beats: this.beats, text: this.text, patienceMs } });
  }

  begin(what: string): void {
    const bytes = Buffer.from(what).subarray(0, SIGNS);
    this.text.set(bytes);
    Atomics.store(this.beats, 1, bytes.length);
    Atomics.add(this.beats, 0, 1);
  }

  stop(): void {
    void this.worker.terminate();
  }
}
