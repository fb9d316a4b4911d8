// The growing buffer that encoded rows are written to.

/** A row that needed more than this gives it back: a line of many megabytes must not stay in memory for the rest of the run. */
const MAX_KEPT_BYTES = 8 << 20;

/** `bytes` may be replaced by `reserve`; `length` is how much of it is filled. Writers change both directly: they are the inner loop. */
export class GrowingBytes {
  bytes: Buffer;
  length = 0;
  private readonly capacityBytes: number;

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
    this.bytes = Buffer.allocUnsafeSlow(capacityBytes);
  }

  /** Makes room for `count` more bytes: callers write without a check afterwards. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  /** Empties it. What was handed out as a view is overwritten by what comes next. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > MAX_KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(this.capacityBytes);
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** ASCII text, a short one. */
  ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  /** The bytes [start, end) of `source` as they are. A short slice is faster in a loop than by a native copy. */
  copy(source: Buffer, start: number, end: number): void {
    if (end - start > 48) {
      this.length += source.copy(this.bytes, this.length, start, end);
      return;
    }
    const { bytes } = this;
    let o = this.length;
    for (let p = start; p < end; p++) bytes[o++] = source[p]!;
    this.length = o;
  }
}
