// The files of one BATCH of JSON lines, one after the other → slabs of whole lines, each a record.
import { TargetError } from '../errors/target-error.ts';
import { LINE_FEED } from '../json/ascii.ts';
import type { BatchFiles } from './batch-files.ts';
import type { ByteSource } from './input.ts';
import { type FilledSlab, type LineLimits, type SlabPool, SlabReader } from './slab-reader.ts';

/** The files of one BATCH. */
export interface BatchList {
  readonly stream: string;
  /** What the message promises. */
  readonly compression: 'gzip' | 'none';
  /** Files as the message names them, in the order of their records. */
  readonly manifest: readonly string[];
}

export interface BatchSlab extends FilledSlab {
  /** As the manifest names it. */
  readonly file: string;
  readonly linesBefore: number;
  /** Offset of the slab in the file, uncompressed. */
  readonly offset: number;
}

interface OpenFile {
  readonly name: string;
  readonly source: ByteSource;
  readonly reader: SlabReader;
  lines: number;
  bytes: number;
}

/** Files don't trickle: a slab need not leave before it is full. */
const SLAB_WAIT_MS = 10_000;
/** What is wrong with a line, not with reading the file. */
const ofLine = new Set(['INPUT_LINE_TOO_LONG', 'INPUT_NOT_JSON']);

export class BatchReader<List extends BatchList> {
  /** As it was given. */
  readonly message: List;
  private readonly files: BatchFiles;
  private readonly pool: SlabPool;
  private readonly limits: LineLimits;
  private readonly names: string[];
  private current: OpenFile | undefined;
  private stopped = false;
  private halt: () => void = () => {};
  private readonly halted = new Promise<undefined>((resolve) => {
    this.halt = () => resolve(undefined);
  });

  constructor(message: List, files: BatchFiles, pool: SlabPool, maxLineBytes: number | undefined) {
    this.limits = { maxWaitMs: SLAB_WAIT_MS, maxLineBytes };
    this.message = message;
    this.files = files;
    this.pool = pool;
    this.names = [...message.manifest];
  }

  /** @returns undefined after the last file. @throws TargetError, naming the file; it is not to be called again then */
  async next(): Promise<BatchSlab | undefined> {
    for (;;) {
      this.current ??= await this.openNext();
      const { current } = this;
      if (!current) return undefined;
      try {
        const filled = await current.reader.next();
        if (filled) return this.counted(current, filled);
      } catch (error) {
        current.source.close();
        const isOfLine = error instanceof TargetError && ofLine.has(error.code);
        throw isOfLine ? error.at({ file: current.name, fileLine: current.lines + 1 }) : error;
      }
      current.source.close();
      this.current = undefined;
    }
  }

  /** Ends the reading at once: `next` has nothing more. */
  stop(): void {
    this.stopped = true;
    this.halt();
    this.current?.reader.stop();
    this.current?.source.close();
  }

  private async openNext(): Promise<OpenFile | undefined> {
    const name = this.names.shift();
    if (name === undefined || this.stopped) return undefined;
    const opening = this.files.open(name, this.message.compression);
    // a server that doesn't answer is not waited for
    const source = await Promise.race([opening, this.halted]);
    if (!source || this.stopped) {
      opening.then(({ close }) => close()).catch(() => {});
      return undefined;
    }
    return { name, source, reader: new SlabReader(source, this.pool, this.limits), lines: 0, bytes: 0 };
  }

  private counted(file: OpenFile, filled: FilledSlab): BatchSlab {
    const slab = { ...filled, file: file.name, linesBefore: file.lines, offset: file.reader.skippedBytes + file.bytes };
    file.lines += countLines(filled);
    file.bytes += filled.length;
    return slab;
  }
}

function countLines({ slab, length }: FilledSlab): number {
  const bytes = Buffer.from(slab.buffer, slab.byteOffset, length);
  let lines = 0;
  for (let p = bytes.indexOf(LINE_FEED); p >= 0; p = bytes.indexOf(LINE_FEED, p + 1)) lines++;
  return lines;
}
