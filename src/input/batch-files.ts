// The contract for files that a BATCH names: how the pipeline reads them, and how a destination gets at them.
import type { ByteSource } from './input.ts';

/** A file where the destination reads it. */
export interface PlacedFile {
  /** As the destination addresses it: an absolute path, or `s3a://bucket/key`. */
  readonly location: string;
  /** As the manifest names it, for messages. */
  readonly name: string;
}

/** Files of the manifest itself are never written or removed. */
export interface BatchFiles {
  /**
   * The bytes of a file of lines, uncompressed.
   * @param name as the manifest has it
   * @throws TargetError INPUT_BATCH_FILE, naming the file; so does reading
   */
  open(name: string, compression: 'gzip' | 'none'): Promise<ByteSource>;
  /**
   * Where the destination reads the file: itself, when the destination can; else an unchanged copy in the stage.
   * @throws TargetError INPUT_BATCH_FILE, naming the file; what the stage throws
   */
  place(name: string): Promise<PlacedFile>;
  /** The files' outcome is known: copies are removed. Never throws. */
  release(files: readonly PlacedFile[]): Promise<void>;
  /** Removes what is left of copies, and lets go of connections. Never throws. */
  close(): Promise<void>;
}
