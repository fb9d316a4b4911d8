// Rows of one stream that wait in the row loop's memory → the columns of its staged layout.

import { stagedLayout } from '../../formats/layout.ts';
import { physical, physicalType, WIDE_DECIMAL_BYTES } from '../../formats/parquet/parquet-type.ts';
import type { ColumnValues, WaitingRows } from '../../formats/row-writer.ts';
import type { StreamVersion } from '../../schema/model.ts';
import type { RowModule } from './row-module.ts';

/** Bytes of a value; 0 for text. A boolean has a byte until its page is made. */
const widths: Record<number, number> = {
  [physical.boolean]: 1,
  [physical.int32]: 4,
  [physical.int64]: 8,
  [physical.double]: 8,
  [physical.byteArray]: 0,
  [physical.fixedBytes]: WIDE_DECIMAL_BYTES,
};

/** Linear memory for making columns, one at a time, of at most `maxRows` rows. */
export interface ColumnMemory {
  readonly module: RowModule;
  /** The whole memory. */
  readonly bytes: Buffer;
  /** Addresses of the rows' records: `maxRows` × 4. */
  readonly list: number;
  /** `maxRows` / 8 + 1. */
  readonly present: number;
  readonly counted: number;
  /** As much as the rows have. */
  readonly values: number;
}

export class WaitingColumns implements WaitingRows {
  private readonly plan: number;
  private readonly memory: ColumnMemory;
  private readonly widths: readonly number[];
  /** How many rows wait. */
  rows = 0;

  /** @param plan address of the stream's plan */
  constructor(version: StreamVersion, plan: number, memory: ColumnMemory) {
    this.plan = plan;
    this.memory = memory;
    this.widths = stagedLayout(version).map(({ type }) => widths[physicalType(type)]!);
  }

  takeColumns(firstRow: number, take: (position: number, column: ColumnValues) => void): void {
    const { module, list } = this.memory;
    const rows = module.takeRecords(this.plan, list);
    this.rows = 0;
    for (const [position, width] of this.widths.entries())
      take(position, this.column(rows, position, width, firstRow & 7));
  }

  private column(rows: number, position: number, width: number, bit: number): ColumnValues {
    const { module, bytes, list, present, counted, values } = this.memory;
    const end = module.packColumn(list, rows, position, width, bit, present, counted, values);
    return {
      values: bytes.subarray(values, end),
      count: bytes.readUInt32LE(counted),
      present: bytes.subarray(present, present + ((bit + rows + 7) >> 3)),
    };
  }
}
