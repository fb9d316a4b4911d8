// Segments whose bytes follow each other as they are → one file.
import { free } from '../memory/free.ts';
import type { RowsFile } from './rows-file.ts';
import type { StagedFileWriter } from './staged-file.ts';

export const plainRowsFile = (file: StagedFileWriter): RowsFile => ({
  append: async ({ bytes }) => {
    await file.write(bytes);
    free(bytes);
  },
  close: () => file.close(),
  abort: () => file.abort(),
  get bufferedBytes() {
    return file.bufferedBytes;
  },
});
