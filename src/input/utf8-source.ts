// Bytes of a text → the same without a leading byte-order mark. Another encoding than UTF-8 is named.
import { TargetError } from '../errors/target-error.ts';
import type { ByteSource } from './input.ts';
import { isGzip } from './is-gzip.ts';

/** As many tell every encoding that is looked for. */
const HEAD_BYTES = 4;
const MARK_BYTES = 3;

export class Utf8Source implements ByteSource {
  private readonly source: ByteSource;
  private begun = false;
  private ended = false;
  /** Bytes of the mark at the start, once the first read is over. */
  skippedBytes = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** @throws TargetError INPUT_NOT_JSON when the text is in UTF-16 or UTF-32, or is gzip */
  read(): Promise<Uint8Array | undefined> {
    return this.begun ? this.more() : this.first();
  }

  close(): void {
    this.source.close();
  }

  private async more(): Promise<Uint8Array | undefined> {
    return this.ended ? undefined : this.source.read();
  }

  private async first(): Promise<Uint8Array | undefined> {
    let head: Uint8Array = new Uint8Array(0);
    while (!this.ended && !isTelling(head)) {
      const arrived = await this.source.read();
      if (!arrived) this.ended = true;
      // what arrived is valid until the next read only
      else head = isTelling(arrived) && head.length === 0 ? arrived : Buffer.concat([head, arrived]);
    }
    this.begun = true;
    if (isGzip(head)) throw packed();
    const encoding = foreignEncoding(head);
    if (encoding !== undefined) throw foreign(encoding);
    if (hasMark(head)) this.skippedBytes = MARK_BYTES;
    const text = head.subarray(this.skippedBytes);
    return text.length > 0 ? text : this.more();
  }
}

/** Whether more bytes would say nothing new of the encoding: most texts begin with two characters of ASCII. */
const isTelling = (head: Uint8Array): boolean =>
  head.length >= HEAD_BYTES || (head.length >= 2 && isAscii(head[0]!) && isAscii(head[1]!));

const isAscii = (byte: number): boolean => byte > 0 && byte < 0x80;

const hasMark = ([first, second, third]: Uint8Array): boolean => first === 0xef && second === 0xbb && third === 0xbf;

const packed = (): TargetError =>
  new TargetError('INPUT_NOT_JSON', 'the input is gzip, and messages are plain text', {
    fix: 'Unpack it on its way: gunzip -c FILE | target-iomete …',
  });

/** By its mark or, as messages begin with characters of ASCII, by where the zeros are. */
function foreignEncoding(head: Uint8Array): string | undefined {
  // bytes that are not there are neither zeros nor characters
  const [a = 0x80, b = 0x80, c = 0x80, d = 0x80] = head;
  if (a === 0xff && b === 0xfe) return head.length >= HEAD_BYTES && c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  if (a === 0xfe && b === 0xff) return 'UTF-16BE';
  if (a === 0 && b === 0) return (c === 0xfe && d === 0xff) || (c === 0 && isAscii(d)) ? 'UTF-32BE' : undefined;
  if (isAscii(a) && b === 0 && d === 0) return c === 0 ? 'UTF-32LE' : 'UTF-16LE';
  return a === 0 && isAscii(b) && c === 0 ? 'UTF-16BE' : undefined;
}

const foreign = (encoding: string): TargetError =>
  new TargetError('INPUT_NOT_JSON', `the text is ${encoding}, and messages are UTF-8`, {
    fix: `Let the tap write UTF-8, or convert the text: iconv -f ${encoding} -t UTF-8. Windows PowerShell makes UTF-16 of what it pipes or redirects: use cmd.exe, or PowerShell 7.4 or later`,
  });
