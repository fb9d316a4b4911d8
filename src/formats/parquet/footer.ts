// The layout of the rows and what was written of each column → the end of a Parquet file.
import type { PlainType } from '../../schema/model.ts';
import { type StagedColumn, stagedName } from '../layout.ts';
import { encoding } from './page.ts';
import { physical, physicalType, WIDE_DECIMAL_BYTES } from './parquet-type.ts';
import { CompactWriter } from './thrift-compact.ts';

export const MAGIC = 'PAR1';

export interface ColumnChunk {
  /** In the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Before compression. */
  readonly rawBytes: number;
  readonly nulls: number;
}

export interface RowGroup {
  readonly rows: number;
  /** In the order of the layout, one after the other in the file. */
  readonly chunks: readonly ColumnChunk[];
}

const OPTIONAL = 1;
const converted = { utf8: 0, decimal: 5, date: 6, timestampMicros: 10 } as const;

/** @param codec as `Codec.id` */
export function footer(layout: readonly StagedColumn[], groups: readonly RowGroup[], codec: number): Buffer {
  const out = new CompactWriter();
  out.i32(1, 1);
  out.structs(2, [undefined, ...layout], (column, index) => {
    if (column) writeColumn(out, column.type, index - 1);
    else writeRoot(out, layout.length);
  });
  out.i64(
    3,
    sum(groups, ({ rows }) => rows),
  );
  out.structs(4, groups, (group) => writeGroup(out, layout, group, codec));
  // With it Spark takes dates and times for what they are; without it for those of a calendar that ended in 1582.
  out.structs(5, [['org.apache.spark.version', '3.5.0']] as const, ([key, value]) => {
    out.text(1, key);
    out.text(2, value);
  });
  out.text(6, 'target-iomete');
  const metadata = out.take();
  const end = Buffer.alloc(8);
  end.writeUInt32LE(metadata.length);
  end.write(MAGIC, 4, 'latin1');
  return Buffer.concat([metadata, end]);
}

function writeRoot(out: CompactWriter, columns: number): void {
  out.text(4, 'schema');
  out.i32(5, columns);
}

function writeColumn(out: CompactWriter, type: PlainType, position: number): void {
  const form = physicalType(type);
  out.i32(1, form);
  if (form === physical.fixedBytes) out.i32(2, WIDE_DECIMAL_BYTES);
  out.i32(3, OPTIONAL);
  out.text(4, stagedName(position));
  switch (type.kind) {
    case 'string':
    case 'json':
      out.i32(6, converted.utf8);
      return out.struct(10, () => out.struct(1, () => {}));
    case 'decimal':
      out.i32(6, converted.decimal);
      out.i32(7, type.scale);
      out.i32(8, type.precision);
      return out.struct(10, () =>
        out.struct(5, () => {
          out.i32(1, type.scale);
          out.i32(2, type.precision);
        }),
      );
    case 'date':
      out.i32(6, converted.date);
      return out.struct(10, () => out.struct(6, () => {}));
    case 'timestamp':
      out.i32(6, converted.timestampMicros);
      return out.struct(10, () => out.struct(8, () => writeMicrosecondsInUtc(out)));
    default:
      return;
  }
}

function writeMicrosecondsInUtc(out: CompactWriter): void {
  out.bool(1, true);
  out.struct(2, () => out.struct(2, () => {}));
}

function writeGroup(out: CompactWriter, layout: readonly StagedColumn[], group: RowGroup, codec: number): void {
  const { rows, chunks } = group;
  out.structs(1, chunks, (chunk, position) => {
    out.i64(2, chunk.offset);
    out.struct(3, () => {
      out.i32(1, physicalType(layout[position]!.type));
      out.i32s(2, [encoding.plain, encoding.rle]);
      out.texts(3, [stagedName(position)]);
      out.i32(4, codec);
      out.i64(5, rows);
      out.i64(6, chunk.rawBytes);
      out.i64(7, chunk.bytes);
      out.i64(9, chunk.offset);
      out.struct(12, () => out.i64(3, chunk.nulls));
    });
  });
  out.i64(
    2,
    sum(chunks, ({ rawBytes }) => rawBytes),
  );
  out.i64(3, rows);
  out.i64(5, chunks[0]?.offset ?? 0);
  out.i64(
    6,
    sum(chunks, ({ bytes }) => bytes),
  );
}

const sum = <T>(items: readonly T[], size: (item: T) => number): number =>
  items.reduce((total, item) => total + size(item), 0);
