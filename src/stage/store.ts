// The contract of a stage: where staged files are written until a load has read them.

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

export interface Stage {
  /** Fails early, with a coded error, when the stage can't be written (bucket missing, wrong secret, no such folder). */
  check(): Promise<void>;
  /** @param name a readable hint for the file's name, such as the stream's name; any text is safe. Keys are never used twice. */
  create(name: string): StagedFileWriter;
  /** Removes files whose load's outcome is known. Never throws: what could not be removed is reported to the log. */
  remove(files: readonly StagedFile[]): Promise<void>;
  /** Removes what this run still holds, and lets go of connections. */
  close(): Promise<void>;
}
