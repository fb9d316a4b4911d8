// Decimal digits → integers beyond 2^53, without BigInt, which would take microseconds for each.

const LIMBS = 8;
const LIMB = 65_536;

/** An integer of 128 bits. It holds the natural numbers below 10^38 and, in two's complement, their opposites. */
export class WideInteger {
  /** Of sixteen bits, lowest first. */
  readonly limbs = new Uint16Array(LIMBS);

  clear(): void {
    this.limbs.fill(0);
  }

  /** Becomes itself × `factor` + `addend`, both at most 10^9. */
  multiplyAdd(factor: number, addend: number): void {
    const { limbs } = this;
    let carry = addend;
    for (let i = 0; i < LIMBS; i++) {
      const sum = limbs[i]! * factor + carry;
      carry = Math.floor(sum / LIMB);
      limbs[i] = sum - carry * LIMB;
    }
  }

  negate(): void {
    const { limbs } = this;
    let carry = 1;
    for (let i = 0; i < LIMBS; i++) {
      const sum = LIMB - 1 - limbs[i]! + carry;
      carry = sum === LIMB ? 1 : 0;
      limbs[i] = sum;
    }
  }
}
