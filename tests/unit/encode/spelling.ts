// A JSON value → one of its many spellings: spaces, escapes, each as the dice fall.

/** `raw` is JSON text as it is (numbers, literals); `text` is a string to be spelled. */
export type Doc =
  | { readonly raw: string }
  | { readonly text: string }
  | { readonly items: readonly Doc[] }
  | { readonly members: readonly (readonly [string, Doc])[] };

/** Choices that a seed repeats. With seed 0 nothing unusual ever happens: property tests shrink towards it. */
export class Dice {
  private state: number;
  private readonly isFair: boolean;

  constructor(seed: number) {
    this.state = seed;
    this.isFair = seed !== 0;
  }

  oneIn(count: number): boolean {
    return this.isFair && this.below(count) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.isFair ? this.below(values.length) : 0]!;
  }

  shuffled<T>(values: readonly T[]): T[] {
    return values
      .map((value) => [this.isFair ? this.below(2 ** 30) : 0, value] as const)
      .sort(([a], [b]) => a - b)
      .map(([, value]) => value);
  }

  /** A whole number from 0 up to, not including, the limit (mulberry32). */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }
}

export function spell(doc: Doc, dice: Dice): string {
  const style = {
    colon: dice.pick(['', '', ' ']),
    comma: dice.pick(['', '', ' ']),
    isRagged: dice.oneIn(3),
    escapesOneIn: dice.pick([Number.POSITIVE_INFINITY, 20, 3]),
  };
  const space = () => (style.isRagged && dice.oneIn(4) ? dice.pick([' ', '\t', '\r', '   ']) : '');
  const write = (value: Doc): string => {
    if ('raw' in value) return value.raw;
    if ('text' in value) return spellString(value.text, dice, style.escapesOneIn);
    if ('items' in value)
      return `[${value.items.map((item) => space() + write(item) + space()).join(`,${style.comma}`)}]`;
    const members = value.members.map(
      ([key, item]) =>
        `${space()}${spellString(key, dice, style.escapesOneIn)}${space()}:${style.colon}${space()}${write(item)}${space()}`,
    );
    return `{${members.join(`,${style.comma}`)}}`;
  };
  return space() + write(doc) + space();
}

const short: Record<string, string> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '/': '\\/' };

function spellString(text: string, dice: Dice, escapesOneIn: number): string {
  const escaped = (char: string) => char.replaceAll(/[\s\S]/g, (unit) => hexEscape(unit.charCodeAt(0), dice));
  const chars = [...text].map((char) => {
    if (dice.oneIn(escapesOneIn)) return short[char] && dice.oneIn(2) ? short[char] : escaped(char);
    // JSON.stringify escapes what must be: quotes, backslashes, control characters, halves of surrogate pairs
    return JSON.stringify(char).slice(1, -1);
  });
  return `"${chars.join('')}"`;
}

function hexEscape(unit: number, dice: Dice): string {
  const hex = unit.toString(16).padStart(4, '0');
  return `\\u${dice.oneIn(2) ? hex.toUpperCase() : hex}`;
}
