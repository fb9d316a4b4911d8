// The key columns of a row → 64 bits. Equal keys always have equal digests; the reverse need not hold (a load then looks closer).

/** Two 32-bit lanes of one digest, fed byte by byte. */
export class KeyDigest {
  low = 0;
  high = 0;

  reset(): void {
    this.low = 0x811c9dc5;
    this.high = 0x9e3779b9;
  }

  /** One key column: its place in the key keeps (`a`, `b`) and (`b`, `a`) apart. */
  add(bytes: Uint8Array, start: number, end: number): void {
    let { low, high } = this;
    for (let p = start; p < end; p++) {
      const c = bytes[p]!;
      low = Math.imul(low ^ c, 0x01000193);
      high = Math.imul((high << 5) ^ (high >>> 27) ^ c, 0x85ebca6b);
    }
    // ends the column: a byte value that UTF-8 never has
    this.low = Math.imul(low ^ 0xff, 0x01000193);
    this.high = Math.imul(high ^ 0xff ^ (high >>> 15), 0xc2b2ae35);
  }
}

/** Slots of the table that finds repeats: it fits a core's cache, and doesn't grow with the rows. */
const TABLE_SLOTS = 1 << 18;
/** Of random digests none is ever so far from its place. */
const MAX_PROBES = 1024;

/**
 * How many rows of the lists have a digest that came before. Looks at as many of them at a time as fill half of a table. A
 * digest that can't be told from others in reasonable time counts as one that came before.
 * @param lists digests as pairs of 32-bit numbers.
 */
export function countRepeats(lists: readonly Uint32Array[]): number {
  const count = lists.reduce((sum, list) => sum + list.length / 2, 0);
  if (count < 2) return 0;
  const shareBits = Math.max(0, Math.ceil(Math.log2((count * 2) / TABLE_SLOTS)));
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.min(count * 2, TABLE_SLOTS))) * 2);
  let repeats = 0;
  for (let share = 0; share < 2 ** shareBits; share++) {
    slots.fill(0);
    repeats += countRepeatsIn(lists, share, shareBits, slots);
  }
  return repeats;
}

/** Of the digests whose hash begins with the bits of `share`. @param slots zeros: pairs of numbers, at most half of them get filled */
function countRepeatsIn(lists: readonly Uint32Array[], share: number, shareBits: number, slots: Uint32Array): number {
  let repeats = 0;
  const mask = slots.length / 2 - 1;
  for (const list of lists) {
    for (let i = 0; i < list.length; i += 2) {
      const high = list[i]!;
      // 0, 0 marks a free slot
      const low = list[i + 1]! || 1;
      const hash = (high ^ Math.imul(low, 0x9e3779b1)) >>> 0;
      // a shift by 32 would be one by 0
      if (shareBits > 0 && hash >>> (32 - shareBits) !== share) continue;
      const slot = freeSlot(slots, hash & mask, high, low);
      if (slot === undefined) {
        repeats++;
        continue;
      }
      slots[slot * 2] = high;
      slots[slot * 2 + 1] = low;
    }
  }
  return repeats;
}

/** Undefined for a digest that is there already, or among too many that were made to collide. */
function freeSlot(slots: Uint32Array, first: number, high: number, low: number): number | undefined {
  const mask = slots.length / 2 - 1;
  let slot = first;
  for (let probes = 0; probes <= MAX_PROBES; slot = (slot + 1) & mask, probes++) {
    const seen = slots[slot * 2 + 1];
    if (seen === 0) return slot;
    if (seen === low && slots[slot * 2] === high) return undefined;
  }
  return undefined;
}
