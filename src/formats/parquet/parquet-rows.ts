import type { StreamVersion } from '../../schema/model.ts';
import type { StagedCompression } from '../compress/compression.ts';
import type { KeyDigest } from '../key-digest.ts';
import { type StagedColumn, stagedLayout } from '../layout.ts';
import type { LoopTarget, PackedRows, RowWriter, WaitingRows } from '../row-writer.ts';
import { type Codec, codecOf } from './codec.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import { BigintBuffer, DecimalBuffer, DoubleBuffer } from './number-buffers.ts';
import { BooleanBuffer, DateBuffer, TextBuffer, TimestampBuffer } from './other-buffers.ts';
import { writePages } from './page.ts';

export class ParquetRows implements RowWriter {
  private readonly columns: readonly ColumnBuffer[];
  private readonly codec: Codec;
  private rows = 0;
  /** The last of the rows, which are not in the columns yet. */
  private waiting: WaitingRows | undefined;
  private waitingRows = 0;

  readonly loop: LoopTarget = {
    form: 'columns',
    append: (waiting, rows) => {
      this.waiting = waiting;
      this.waitingRows += rows;
      this.rows += rows;
    },
    flush: () => this.flush(),
  };

  constructor(version: StreamVersion, compression: StagedCompression) {
    this.columns = stagedLayout(version).map(columnBuffer);
    this.codec = codecOf(compression);
  }

  begin(): void {
    if (this.waiting) this.flush();
  }

  value(position: number, bytes: Buffer, kind: number, start: number, end: number): boolean {
    const column = this.columns[position]!;
    const isInexact = column.value(bytes, kind, start, end);
    column.keep(this.rows);
    return isInexact;
  }

  /** What is not kept is NULL. */
  null(): void {}

  timestamp(position: number, source: Buffer, start: number, end: number): void {
    const column = this.columns[position] as TimestampBuffer;
    column.text(source, start, end);
    column.keep(this.rows);
  }

  instant(position: number, milliseconds: number): void {
    const column = this.columns[position] as TimestampBuffer;
    column.put(milliseconds);
    column.keep(this.rows);
  }

  bigint(position: number, source: Buffer, start: number, end: number): void {
    const column = this.columns[position] as BigintBuffer;
    column.encoded(source, start, end, true);
    column.keep(this.rows);
  }

  integer(position: number, value: number): void {
    const column = this.columns[position] as BigintBuffer;
    column.put(value);
    column.keep(this.rows);
  }

  ascii(position: number, text: Buffer): void {
    const column = this.columns[position] as TextBuffer;
    column.ascii(text);
    column.keep(this.rows);
  }

  addToDigest(digest: KeyDigest, position: number): void {
    this.columns[position]!.addToDigest(digest);
  }

  end(): void {
    this.rows++;
  }

  private flush(): void {
    const { waiting, columns } = this;
    if (!waiting) return;
    const firstRow = this.rows - this.waitingRows;
    waiting.takeColumns(firstRow, (position, column) => columns[position]!.append(firstRow, column));
    this.waiting = undefined;
    this.waitingRows = 0;
  }

  rollback(): void {
    for (const column of this.columns) column.drop(this.rows);
  }

  take(): PackedRows {
    this.flush();
    if (this.rows === 0) return { bytes: new Uint8Array(0) };
    const taken = writePages(this.columns, this.rows, this.codec);
    for (const column of this.columns) column.clear();
    this.rows = 0;
    return taken;
  }
}

function columnBuffer({ type }: StagedColumn): ColumnBuffer {
  switch (type.kind) {
    case 'boolean':
      return new BooleanBuffer();
    case 'bigint':
      return new BigintBuffer();
    case 'double':
      return new DoubleBuffer();
    case 'decimal':
      return new DecimalBuffer(type.precision, type.scale);
    case 'timestamp':
      return new TimestampBuffer();
    case 'date':
      return new DateBuffer();
    case 'string':
    case 'json':
      return new TextBuffer();
  }
}
