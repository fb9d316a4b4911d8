// Bytes that are said to be Parquet → an error for all that does not begin and end like Parquet, before it is copied.
import { TargetError } from '../errors/target-error.ts';
import { openPlain } from './plain-file.ts';

const MAGIC = Buffer.from('PAR1');
/** Both ends, and the length of the footer between them. */
const MIN_BYTES = 12;

/** Looks at the file's ends alone. @throws TargetError INPUT_BATCH_FILE */
export async function refuseNoParquet(path: string): Promise<void> {
  const file = await openPlain(path);
  try {
    const { size } = await file.stat();
    const [head, tail] = [Buffer.alloc(MAGIC.length), Buffer.alloc(MAGIC.length)];
    await file.read(head, 0, MAGIC.length, 0);
    await file.read(tail, 0, MAGIC.length, Math.max(0, size - MAGIC.length));
    check(head, tail, size);
  } finally {
    await file.close();
  }
}

/**
 * The same bytes. Nothing is handed on of what does not begin like Parquet, and the end is an error where the bytes don't
 * end like Parquet.
 * @throws TargetError INPUT_BATCH_FILE
 */
export async function* parquetBytes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let held: Buffer | undefined = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    tail = Buffer.concat([tail, chunk.subarray(-MAGIC.length)]).subarray(-MAGIC.length);
    if (held === undefined) {
      yield chunk;
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < MAGIC.length) continue;
    check(held.subarray(0, MAGIC.length), MAGIC, MIN_BYTES);
    yield held;
    held = undefined;
  }
  check(held ?? MAGIC, tail, size);
}

function check(head: Uint8Array, tail: Uint8Array, size: number): void {
  if (MAGIC.equals(head) && MAGIC.equals(tail) && size >= MIN_BYTES) return;
  throw new TargetError('INPUT_BATCH_FILE', 'the file is not Parquet: it does not begin and end with PAR1');
}
