// Segments of one stream version → one staged file, in the format of the run.

import { free } from '../memory/free.ts';
import type { StreamVersion } from '../schema/model.ts';
import type { StagedCompression } from './compress/compression.ts';
import { ParquetFile } from './parquet/parquet-file.ts';
import type { StageFormat } from './row-writer.ts';
import type { RowsFile } from './rows-file.ts';
import type { StagedFileWriter } from './staged-file.ts';

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
