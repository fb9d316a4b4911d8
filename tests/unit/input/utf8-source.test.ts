import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Utf8Source } from '../../../src/input/utf8-source.ts';

const MARK = '\ufeff';
const message = '{"type":"STATE","value":"ä\ufeff"}\n';

/** Gives parts of so many bytes out of one buffer that the next read overwrites, as a real source does. */
function sourceOf(bytes: Buffer, partBytes: number) {
  const buffer = Buffer.alloc(partBytes);
  let at = 0;
  return new Utf8Source({
    read: async () => {
      if (at >= bytes.length) return undefined;
      const length = bytes.copy(buffer.fill(0x21), 0, at, at + partBytes);
      at += length;
      return buffer.subarray(0, length);
    },
    close: () => {},
  });
}

/** What is read, however it arrives; the same in each way, or this throws. */
async function read(bytes: Buffer): Promise<{ text: string; skippedBytes: number }> {
  const found = new Set<string>();
  for (const partBytes of [1, 2, 3, 4, 5, 1000]) {
    const source = sourceOf(bytes, partBytes);
    const parts: Buffer[] = [];
    for (let part = await source.read(); part; part = await source.read()) parts.push(Buffer.from(part));
    found.add(JSON.stringify({ text: Buffer.concat(parts).toString(), skippedBytes: source.skippedBytes }));
  }
  expect([...found]).toHaveLength(1);
  return JSON.parse([...found][0]!);
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const utf32le = (text: string) => Buffer.from(Uint32Array.from([...text], (c) => c.codePointAt(0)!).buffer);
const utf32be = (text: string) => utf32le(text).swap32();

it('bytes that are gzip are refused, with how to unpack them', async () => {
  await expect(read(gzipSync(message))).rejects.toMatchObject({
    code: 'INPUT_NOT_JSON',
    message: 'the input is gzip, and messages are plain text',
    context: { fix: expect.stringMatching(/^Unpack it on its way: gunzip -c/) },
  });
});

describe('a text in UTF-8', () => {
  it('loses a byte-order mark at its start, and no other', async () => {
    expect(await read(Buffer.from(MARK + message))).toEqual({ text: message, skippedBytes: 3 });
    expect(await read(Buffer.from(MARK + MARK + message))).toEqual({ text: MARK + message, skippedBytes: 3 });
    expect(await read(Buffer.from(`\n${MARK}${message}`))).toEqual({ text: `\n${MARK}${message}`, skippedBytes: 0 });
  });

  it('is empty when it is a byte-order mark alone', async () => {
    expect(await read(Buffer.from(MARK))).toEqual({ text: '', skippedBytes: 3 });
  });

  it.each(['', '{', '\n', '{}', 'ä', '€', '\0', '{\0', '\0{', '\0\0\0', 'ab\0\0', '{"a\0'])(
    'stays as it is: %j',
    async (text) => {
      expect(await read(Buffer.from(text))).toEqual({ text, skippedBytes: 0 });
    },
  );

  it('is not waited for when its first bytes tell that it has no mark', async () => {
    const parts = [Buffer.from('{}')];
    const source = new Utf8Source({ read: async () => parts.shift() ?? new Promise(() => {}), close: () => {} });
    expect(String(await source.read())).toBe('{}');
  });
});

describe('a text in another encoding', () => {
  it.each([
    ['UTF-16LE', Buffer.from(MARK + message, 'utf16le')],
    ['UTF-16LE', Buffer.from(message, 'utf16le')],
    ['UTF-16LE', Buffer.from(MARK, 'utf16le')],
    ['UTF-16BE', utf16be(MARK + message)],
    ['UTF-16BE', utf16be(message)],
    ['UTF-32LE', utf32le(MARK + message)],
    ['UTF-32LE', utf32le(message)],
    ['UTF-32BE', utf32be(MARK + message)],
    ['UTF-32BE', utf32be(message)],
  ])('is named, however it arrives: %s', async (encoding, bytes) => {
    for (const partBytes of [1, 2, 3, 4, 5, 1000])
      await expect(sourceOf(bytes, partBytes).read()).rejects.toMatchObject({
        code: 'INPUT_NOT_JSON',
        message: `the text is ${encoding}, and messages are UTF-8`,
        context: { fix: expect.stringContaining(`iconv -f ${encoding} -t UTF-8`) },
      });
  });
});
