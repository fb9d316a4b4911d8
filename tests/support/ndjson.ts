// A second front end, and a small one: lines that are the records of one stream, whose schema is given beforehand.
import type { CheckpointEvent, Framer, FrontEnd, Output, RecordLines } from '../../src/protocols/front-end.ts';
import type { StreamDeclaration } from '../../src/schema/stream-version.ts';

const LINE_FEED = 10;

/** @param states takes what goes out: after each slab, how many lines are durable */
export const ndjson = (declaration: StreamDeclaration, states: string[]): FrontEnd => ({
  name: 'ndjson',
  streams: [declaration],
  recordLine: { kind: 'bare', stream: declaration.stream },
  openFramer: () => new LineFramer(),
  openOutput: () => outputTo(states),
});

class LineFramer implements Framer {
  lineCount = 0;

  *frame(bytes: Buffer): Generator<RecordLines | CheckpointEvent> {
    for (let p = bytes.indexOf(LINE_FEED); p >= 0; p = bytes.indexOf(LINE_FEED, p + 1)) this.lineCount++;
    yield { kind: 'records', start: 0, end: bytes.length };
    const payload = Buffer.from(`${this.lineCount} lines`);
    yield { kind: 'checkpoint', payload, line: this.lineCount, offset: bytes.length - 1 };
  }
}

const outputTo = (states: string[]): Output => ({
  emit: (payload) => {
    states.push(payload.toString());
  },
  onFailure: () => {},
  flush: async () => {},
});
