// The contract between formats, which write staged files, and stages, which keep them.

/** A file that is complete and readable by the destination. */
export interface StagedFile {
  /** As the destination addresses it: an absolute path, or `s3a://bucket/key`. */
  readonly location: string;
  /** As the stage addresses it, for removal. */
  readonly key: string;
  readonly bytes: number;
}

/** A staged file being written. Calls must not overlap: await each before the next. */
export interface StagedFileWriter {
  /** Resolves when more may be written, and the bytes are the caller's again. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the file is durable in the stage and readable by the destination. */
  close(): Promise<StagedFile>;
  /** Drops what was written; never throws. */
  abort(): Promise<void>;
  /** Bytes held in this process's memory at the moment. */
  readonly bufferedBytes: number;
}
