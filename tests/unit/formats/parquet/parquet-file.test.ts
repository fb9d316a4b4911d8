import { describe, expect, it } from 'vitest';
import { rowsFile } from '../../../../src/formats/registry.ts';
import type { Segment } from '../../../../src/formats/segment.ts';
import { memoryFile } from '../../../support/staged-bytes.ts';
import { chunk, column, encode, line, version } from '../../encode/encoder-input.ts';

const form = { format: 'parquet', compression: 'none' } as const;
const of = version({ columns: [column('id', 'bigint'), column('text', 'string')] });

function segmentOf(text: string, rows: number): Segment {
  const lines = Array.from({ length: rows }, (_, id) => line(`{"id":${id},"text":"${text}"}`)).join('');
  return encode([of], chunk(lines), rows, 'parquet')[0]!.segments[0]!;
}

/** Appending takes a segment's bytes over. */
const copyOf = (segment: Segment): Segment => ({ ...segment, bytes: new Uint8Array(segment.bytes) });

describe('a Parquet file', () => {
  it('passes rows on in groups, and holds no more than one of them', async () => {
    const file = memoryFile();
    const rows = rowsFile(form, of, file);
    const segment = segmentOf('x'.repeat(1000), 1000);
    let held = 0;
    for (let i = 0; i < 50; i++) {
      await rows.append(copyOf(segment));
      held = Math.max(held, rows.bufferedBytes);
    }
    expect(held).toBeGreaterThan(segment.bytes.length);
    expect(held).toBeLessThan(10 << 20);
    expect(Buffer.concat(file.chunks).length).toBeGreaterThan(40 << 20);
    expect(Math.max(...file.chunks.map(({ length }) => length))).toBeLessThan(12 << 20);
    await rows.close();
    expect(rows.bufferedBytes).toBe(0);
  });

  it('ends a group early whose values are large before compression', async () => {
    const file = memoryFile();
    const rows = rowsFile({ ...form, compression: 'gzip' }, of, file);
    const segment = segmentOf('x'.repeat(1 << 20), 4);
    const small = {
      ...segment,
      bytes: segment.bytes.subarray(0, 1000),
      pages: segment.pages!.map((size, i) => (i % 3 === 0 ? 250 : size)),
    };
    for (let i = 0; i < 16; i++) await rows.append(copyOf(small));
    expect(file.chunks.length).toBeGreaterThan(0);
  });

  it('lets go of everything when it is dropped', async () => {
    const file = memoryFile();
    const rows = rowsFile(form, of, file);
    await rows.append(segmentOf('x', 10));
    await rows.abort();
    expect({ held: rows.bufferedBytes, written: file.chunks }).toEqual({ held: 0, written: [] });
  });
});
