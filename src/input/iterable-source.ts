// Bytes or text of a program, piece by piece → bytes as they come.
import { messageOf } from '../errors/message-of.ts';
import { TargetError } from '../errors/target-error.ts';
import type { ByteSource } from './input.ts';

/** A Node.js stream is one, and so is an async generator. Pieces may end anywhere, even within a character's bytes. */
export type InputPieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** What the iterable throws is INPUT_UNREADABLE. */
export function iterableSource(pieces: InputPieces): ByteSource {
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  return {
    read: async () => {
      for (;;) {
        const { done, value } = await nextOf(iterator);
        if (done) return undefined;
        const bytes = typeof value === 'string' ? Buffer.from(value) : value;
        if (bytes.length > 0) return bytes;
      }
    },
    close: () => {
      // a generator that waits for its own input returns when that comes: nobody waits for it
      Promise.resolve(iterator.return?.()).catch(() => {});
    },
  };
}

type Pieces = AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>;

async function nextOf(iterator: Pieces): Promise<IteratorResult<string | Uint8Array>> {
  try {
    return await iterator.next();
  } catch (error) {
    throw new TargetError('INPUT_UNREADABLE', `what gives the input failed: ${messageOf(error)}`, {}, error);
  }
}
