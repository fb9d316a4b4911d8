// What the input says of rows that the source has deleted → the streams of which it says nothing, though it should.
import type { StreamVersion } from '../schema/model.ts';

export class DeleteSigns {
  private readonly withRows = new Set<string>();
  private readonly withSigns = new Set<string>();

  /** Rows of the stream. @param hasDeletes true when one of them is a delete marker */
  rows({ stream }: StreamVersion, count: number, hasDeletes: boolean): void {
    if (count > 0) this.withRows.add(stream);
    if (hasDeletes) this.withSigns.add(stream);
  }

  /** An ACTIVATE_VERSION of the stream. */
  activated(stream: string): void {
    this.withSigns.add(stream);
  }

  /** Whether deleted rows were to be removed, the tap has sent a whole table, and nothing tells which rows are gone. */
  isMissing({ stream, deletes, loadMethod, isWholeTable }: StreamVersion): boolean {
    const isAsked = deletes === 'hard' && loadMethod !== 'overwrite' && isWholeTable === true;
    return isAsked && this.withRows.has(stream) && !this.withSigns.has(stream);
  }
}
