// JSON Lines: an object for each row.
import type { FormatModule } from '../format.ts';
import { plainRowsFile } from '../plain-rows-file.ts';
import { JsonlRows } from './jsonl-rows.ts';

export const jsonl: FormatModule = {
  writer: (version, compression) => new JsonlRows(version, compression),
  file: (_version, _compression, file) => plainRowsFile(file),
};
