// CSV without a header: the staged layout as texts.
import type { FormatModule } from '../format.ts';
import { plainRowsFile } from '../plain-rows-file.ts';
import { CsvRows } from './csv-rows.ts';

export const csv: FormatModule = {
  loop: 'csv',
  writer: ({ columns }, compression) => new CsvRows(columns, compression),
  file: (_version, _compression, file) => plainRowsFile(file),
};
