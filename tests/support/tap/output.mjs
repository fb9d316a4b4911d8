// Pieces of text → stdout in large writes, waiting when the reader is slow, and quiet when the reader is gone.
import { once } from 'node:events';

const WRITE_CHARACTERS = 1 << 18;

let waiting = '';

// The reader was killed: a tap has nobody left to serve.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 1 : 2));

/** @returns {Promise<void> | undefined} a promise when there is something to wait for */
export function put(text) {
  waiting += text;
  return waiting.length >= WRITE_CHARACTERS ? flush() : undefined;
}

export async function flush() {
  const text = waiting;
  waiting = '';
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}
