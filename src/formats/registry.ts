// All formats, by their names.
import type { StreamVersion } from '../schema/model.ts';
import { csv } from './csv/index.ts';
import type { FormatModule, FormatName, RowFormat } from './format.ts';
import { jsonl } from './jsonl/index.ts';
import { parquet } from './parquet/index.ts';
import type { RowsFile } from './rows-file.ts';
import type { StagedFileWriter } from './staged-file.ts';

export const formats: Readonly<Record<FormatName, FormatModule>> = { csv, jsonl, parquet };

/** Segments of one stream version → one file. */
export const rowsFile = (
  { format, compression }: RowFormat,
  version: StreamVersion,
  file: StagedFileWriter,
): RowsFile => formats[format].file(version, compression, file);
