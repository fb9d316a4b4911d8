// Names of fields that no column or member takes → how many values of each there were.
import { cutName } from '../errors/cut-name.ts';
import type { FieldCount } from '../report/facts.ts';

/** So many names are told apart, so that keys which are data don't fill the memory. */
export const MAX_COUNTED_FIELDS = 200;
/** Stands for the names beyond. */
export const OTHER_FIELDS = 'others';

export class FieldCounts {
  private readonly counts = new Map<string, number>();

  add(name: string): void {
    const { counts } = this;
    const cut = cutName(name);
    const counted = counts.has(cut) || counts.size < MAX_COUNTED_FIELDS ? cut : OTHER_FIELDS;
    counts.set(counted, (counts.get(counted) ?? 0) + 1);
  }

  /** Those since the last call. */
  take(because?: FieldCount['because']): FieldCount[] {
    const taken = [...this.counts].map(([name, count]) => ({ name, count, because }));
    this.counts.clear();
    return taken;
  }
}
