// Parquet: the staged layout as typed columns.
import type { FormatModule } from '../format.ts';
import { ParquetRowsFile } from './parquet-file.ts';
import { ParquetRows } from './parquet-rows.ts';

export const parquet: FormatModule = {
  loop: 'columns',
  writer: (version, compression) => new ParquetRows(version, compression),
  file: (version, compression, file) => new ParquetRowsFile(version, file, compression),
};
