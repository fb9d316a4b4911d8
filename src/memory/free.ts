// A buffer that nobody reads any more → its memory back at once: the collector would let tens of megabytes of them add up.
import { MessageChannel } from 'node:worker_threads';

const { port1: nowhere, port2 } = new MessageChannel();
port2.close();

/** @param views of buffers that are nobody else's, and not used afterwards */
export function free(...views: readonly (Uint8Array | Uint32Array)[]): void {
  // what is transferred is gone from here, and a closed port drops it (`ArrayBuffer.transfer` needs Node.js 22)
  const buffers = views.map((view) => view.buffer as ArrayBuffer).filter(({ byteLength }) => byteLength > 0);
  if (buffers.length > 0) nowhere.postMessage(undefined, buffers);
}
