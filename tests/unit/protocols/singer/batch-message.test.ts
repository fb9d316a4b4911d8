import { describe, expect, it } from 'vitest';
import type { FilesEvent } from '../../../../src/protocols/front-end.ts';
import { SingerFramer } from '../../../../src/protocols/singer/framer.ts';

const framed = (...lines: string[]) => [...new SingerFramer().frame(Buffer.from(`${lines.join('\n')}\n`))];
const batch = (members: object) => framed(JSON.stringify({ type: 'BATCH', stream: 'a', ...members }))[0] as FilesEvent;
const gzip = { format: 'jsonl', compression: 'gzip' };
const manifest = ['file:///tmp/1.json.gz', 's3://bucket/2.json.gz'];

describe('a BATCH', () => {
  it('stands between the records around it, with its line', () => {
    const record = '{"type":"RECORD","stream":"a","record":{"id":1}}';
    const line = JSON.stringify({ type: 'BATCH', stream: 'a', encoding: gzip, manifest });
    const items = framed(record, line, record);
    expect(items.map(({ kind }) => kind)).toEqual(['records', 'files', 'records']);
    expect(items[1]).toEqual({
      ...{ kind: 'files', stream: 'a', ...gzip, manifest, line: 2, offset: record.length + 1 },
      ...{ version: undefined, timeExtracted: undefined },
    });
  });

  it.each([
    [{ format: 'jsonl' }, 'none'],
    [{ format: 'jsonl', compression: null }, 'none'],
    [{ format: 'jsonl', compression: 'none' }, 'none'],
    [gzip, 'gzip'],
    [{ format: 'parquet' }, 'none'],
    [{ format: 'parquet', compression: 'snappy' }, 'none'],
  ])('is encoded as %j', (encoding, compression) => {
    expect(batch({ encoding, manifest })).toMatchObject({ format: encoding.format, compression });
  });

  it('says what its records would say as RECORDs', () => {
    const said = { version: 1700000000000, time_extracted: '2024-02-29T12:00:00Z' };
    expect(batch({ encoding: gzip, manifest, ...said })).toMatchObject({
      version: '1700000000000',
      timeExtracted: '"2024-02-29T12:00:00Z"',
    });
    expect(batch({ encoding: gzip, manifest, version: null })).toMatchObject({ version: undefined });
  });

  it.each([
    ['an unknown format', { encoding: { format: 'arrow' }, manifest }, /the unknown format "arrow"/],
    ['no format', { encoding: {}, manifest }, /no format/],
    ['an unknown compression', { encoding: { format: 'jsonl', compression: 'zstd' }, manifest }, /compression "zstd"/],
    ['a strange compression', { encoding: { format: 'jsonl', compression: 1 }, manifest }, /unknown compression 1/],
  ])('with %s is refused by its encoding', (_, members, detail) => {
    expect(() => batch(members)).toThrow(
      expect.objectContaining({ code: 'INPUT_BATCH_ENCODING', message: expect.stringMatching(detail) }),
    );
    expect(() => batch(members)).toThrow(expect.objectContaining({ context: { line: 1, stream: 'a' } }));
  });

  it('with a format that is nested deeper than any stack is refused by its encoding', () => {
    const format = '['.repeat(50_000) + ']'.repeat(50_000);
    const line = `{"type":"BATCH","stream":"a","encoding":{"format":${format}},"manifest":[]}`;
    expect(() => framed(line)).toThrow(
      expect.objectContaining({ code: 'INPUT_BATCH_ENCODING', message: expect.stringContaining('no string') }),
    );
  });

  it.each([
    ['no encoding', { manifest }],
    ['an encoding that is text', { encoding: 'jsonl', manifest }],
    ['no manifest', { encoding: gzip }],
    ['a manifest of something else', { encoding: gzip, manifest: [1] }],
    ['a nameless file', { encoding: gzip, manifest: [''] }],
    ['a version with a fraction', { encoding: gzip, manifest, version: 1.5 }],
    ['a version beyond 64 bits', { encoding: gzip, manifest, version: '9223372036854775808' }],
    ['a time that is no text', { encoding: gzip, manifest, time_extracted: 1 }],
    ['no stream', { encoding: gzip, manifest, stream: undefined }],
  ])('with %s is no message', (_, members) => {
    expect(() => batch(members)).toThrow(expect.objectContaining({ code: 'INPUT_MESSAGE_INVALID' }));
  });

  it('may name no files', () => {
    expect(batch({ encoding: gzip, manifest: [] }).manifest).toEqual([]);
  });
});
