// The contract of a stage: where staged files are written until a load has read them.
import type { StagedFile, StagedFileWriter } from '../formats/staged-file.ts';

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
