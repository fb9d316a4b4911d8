// Segments of one stream version → one staged file, in the format of the run.
import type { StreamVersion } from '../schema/model.ts';
import type { Segment } from './chunk.ts';
import type { StagedCompression } from './file-names.ts';
import { free } from './free.ts';
import { ParquetFile } from './parquet/parquet-file.ts';
import type { StageFormat } from './row-writer.ts';
import type { StagedFile, StagedFileWriter } from './store.ts';

/** A staged file of rows being written. Calls must not overlap: await each before the next. */
export interface RowsFile {
  /** Takes the segment's bytes over. Resolves when more may be appended. */
  append(segment: Segment): Promise<void>;
  /** Resolves when the file is durable in the stage and readable by the destination. */
  close(): Promise<StagedFile>;
  /** Drops what was written; never throws. */
  abort(): Promise<void>;
  /** Bytes held in this process's memory at the moment. */
  readonly bufferedBytes: number;
}

/** What the segments are made of, as the encoders were told. */
export interface RowsForm {
  readonly format: StageFormat;
  readonly compression: StagedCompression;
}

export function rowsFile(form: RowsForm, version: StreamVersion, file: StagedFileWriter): RowsFile {
  if (form.format === 'parquet') return new ParquetFile(version, file, form.compression);
  return {
    append: async ({ bytes }) => {
      await file.write(bytes);
      free(bytes);
    },
    close: () => file.close(),
    abort: () => file.abort(),
    get bufferedBytes() {
      return file.bufferedBytes;
    },
  };
}
