// Segments of pages → one Parquet file: what is gathered becomes a row group, in which each column's pages lie together.

import { free } from '../../memory/free.ts';
import { joinBytes } from '../../memory/join-bytes.ts';
import type { StreamVersion } from '../../schema/model.ts';
import type { StagedCompression } from '../compress/compression.ts';
import { type StagedColumn, stagedLayout } from '../layout.ts';
import type { RowsFile } from '../rows-file.ts';
import type { Segment } from '../segment.ts';
import type { StagedFile, StagedFileWriter } from '../staged-file.ts';
import { codecOf } from './codec.ts';
import { type ColumnChunk, footer, MAGIC, type RowGroup } from './footer.ts';
import { nullsOf, type PageSizes, pageSizeOf, rawSizeOf } from './page-sizes.ts';

const MAX_GROUP_ROWS = 128 * 1024;
const MAX_GROUP_BYTES = 8 << 20;
/** Before compression: Spark holds up to 4096 rows of a group at once, whatever they weigh, in arrays of 2 GiB at most. */
const MAX_RAW_GROUP_BYTES = 64 << 20;
const WRITE_BYTES = 1 << 20;

interface Part {
  readonly rows: number;
  readonly bytes: Uint8Array;
  readonly pages: PageSizes;
  /** Where the page of the column that is written next begins. */
  offset: number;
}

export class ParquetRowsFile implements RowsFile {
  private readonly file: StagedFileWriter;
  private readonly layout: readonly StagedColumn[];
  private readonly codec: number;
  private readonly groups: RowGroup[] = [];
  private parts: Part[] = [];
  private rows = 0;
  private partBytes = 0;
  private rawBytes = 0;
  private position = 0;
  /** Written, but not given to the file yet. */
  private chunks: Uint8Array[] = [];
  private chunkBytes = 0;

  constructor(version: StreamVersion, file: StagedFileWriter, compression: StagedCompression) {
    this.file = file;
    this.layout = stagedLayout(version);
    this.codec = codecOf(compression).id;
    this.write(Buffer.from(MAGIC));
  }

  async append({ rows, bytes, pages }: Segment): Promise<void> {
    if (!pages) throw new Error('a segment without pages');
    this.parts.push({ rows, bytes, pages, offset: 0 });
    this.rows += rows;
    this.partBytes += bytes.length;
    for (let column = 0; column < this.layout.length; column++) this.rawBytes += rawSizeOf(pages, column);
    if (this.rows >= MAX_GROUP_ROWS || this.partBytes >= MAX_GROUP_BYTES || this.rawBytes >= MAX_RAW_GROUP_BYTES)
      await this.endGroup();
  }

  async close(): Promise<StagedFile> {
    if (this.rows > 0) await this.endGroup();
    this.write(footer(this.layout, this.groups, this.codec));
    await this.flush();
    return this.file.close();
  }

  abort(): Promise<void> {
    this.parts = [];
    this.chunks = [];
    this.partBytes = this.chunkBytes = 0;
    return this.file.abort();
  }

  get bufferedBytes(): number {
    return this.file.bufferedBytes + this.partBytes + this.chunkBytes;
  }

  private async endGroup(): Promise<void> {
    const chunks: ColumnChunk[] = [];
    for (let column = 0; column < this.layout.length; column++) {
      chunks.push(this.columnChunk(column));
      if (this.chunkBytes >= WRITE_BYTES) await this.flush();
    }
    await this.flush();
    free(...this.parts.map(({ bytes }) => bytes));
    this.groups.push({ rows: this.rows, chunks });
    this.parts = [];
    this.rows = this.partBytes = this.rawBytes = 0;
  }

  /** The column's pages, one after the other. */
  private columnChunk(column: number): ColumnChunk {
    const offset = this.position;
    let rawBytes = 0;
    let nulls = 0;
    for (const part of this.parts) {
      const end = part.offset + pageSizeOf(part.pages, column);
      this.write(part.bytes.subarray(part.offset, end));
      part.offset = end;
      rawBytes += rawSizeOf(part.pages, column);
      nulls += nullsOf(part.pages, column);
    }
    return { offset, bytes: this.position - offset, rawBytes, nulls };
  }

  private write(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.chunkBytes += bytes.length;
    this.position += bytes.length;
  }

  /** In one piece: a column's pages may be many, and small. */
  private async flush(): Promise<void> {
    const bytes = joinBytes(this.chunks, this.chunkBytes);
    this.chunks = [];
    this.chunkBytes = 0;
    await this.file.write(bytes);
    free(bytes);
  }
}
