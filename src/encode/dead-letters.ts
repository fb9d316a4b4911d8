// Records that can't be loaded → lines of JSON that say which, where and why: `invalid_values: dead_letter`.
import type { TargetError } from '../errors/target-error.ts';

/** Lines gathered since the last `take`. */
export class DeadLetterLines {
  private lines: Buffer[] = [];
  private offsets: number[] = [];

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  /**
   * @param record the record's own bytes, kept as they are; @param offset of its line, as loads count it
   * @param source where the line was read: its offset in the input, or in a file that a BATCH names
   */
  add(error: TargetError, record: Uint8Array, offset: number, source: { offset: number; file?: string }): void {
    const { stream, column } = error.context;
    const place = JSON.stringify({
      ...{ stream, column, reason: error.message, code: error.code },
      ...(source.file === undefined
        ? { input_offset: source.offset }
        : { file: source.file, file_offset: source.offset }),
    });
    this.offsets.push(offset);
    this.lines.push(Buffer.concat([Buffer.from(`${place.slice(0, -1)},"record":`), record, Buffer.from('}\n')]));
  }

  take(): { readonly offsets: readonly number[]; readonly bytes: Buffer } {
    const taken = { offsets: this.offsets, bytes: Buffer.concat(this.lines) };
    this.lines = [];
    this.offsets = [];
    return taken;
  }
}
