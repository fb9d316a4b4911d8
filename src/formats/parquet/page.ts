// One column's values of a segment → a data page: header and compressed body.
import { GrowingBytes } from '../../memory/growing-bytes.ts';
import type { Codec } from './codec.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import type { PageSizes } from './page-sizes.ts';
import { CompactWriter } from './thrift-compact.ts';

/** As Parquet's page headers and footer have them. */
export const encoding = { plain: 0, rle: 3 } as const;

const DATA_PAGE = 0;
const header = new CompactWriter();
const body = new GrowingBytes(1 << 16);
/** Kept: what grew anew for each segment would wait for a collector that has little to do here. */
const out = new GrowingBytes(1 << 16);

/** One page of each column. */
export function writePages(
  columns: readonly ColumnBuffer[],
  rows: number,
  codec: Codec,
): { bytes: Uint8Array; pages: PageSizes } {
  const pages = new Uint32Array(columns.length * 3);
  for (const [place, column] of columns.entries()) {
    const nulls = column.writeTo(body, rows);
    const compressed = codec.compress(body.bytes.subarray(0, body.length));
    const head = headerOf(rows, body.length, compressed.length);
    out.reserve(head.length + compressed.length);
    out.bytes.set(head, out.length);
    out.bytes.set(compressed, out.length + head.length);
    out.length += head.length + compressed.length;
    pages.set([head.length + compressed.length, head.length + body.length, nulls], place * 3);
    body.clear();
  }
  const bytes = Uint8Array.prototype.slice.call(out.bytes, 0, out.length);
  out.clear();
  return { bytes, pages };
}

function headerOf(rows: number, rawBytes: number, bytes: number): Buffer {
  header.i32(1, DATA_PAGE);
  header.i32(2, rawBytes);
  header.i32(3, bytes);
  header.struct(5, () => {
    header.i32(1, rows);
    header.i32(2, encoding.plain);
    header.i32(3, encoding.rle);
    header.i32(4, encoding.rle);
  });
  return header.take();
}
