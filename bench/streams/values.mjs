// Random numbers → values as taps write them, already JSON: text with commas, quotes, escapes and letters of many scripts.

const WORDS =
  'the quick brown fox jumps over lazy dog while seven blue whales sing about order shipment delayed customer asked refund discount coupon applied express delivery warehouse north gate leave at door call before arrival fragile contents handle with care gift wrap please urgent standard invoice attached'.split(
    ' ',
  );
const FOREIGN = ['Zürich', 'São Paulo', 'Москва', '東京', 'naïve café', 'Ελλάδα'];
const FIRST_SECOND = 1_700_000_000;
const SECONDS = 60_000_000;

/** @param {() => number} random in [0, 1) */
export function values(random) {
  /** @param {number} limit */
  const below = (limit) => Math.floor(random() * limit);
  /** @template T @param {readonly T[]} list */
  const oneOf = (list) => list[below(list.length)];
  const word = () => oneOf(WORDS);
  const textWord = () => {
    switch (below(60)) {
      case 0:
        return `\\"${word()}\\"`;
      case 1:
        return oneOf(FOREIGN);
      case 2:
        return `${word()},`;
      case 3:
        return below(4) === 0 ? 'line\\nbreak' : 'caf\\u00e9';
      default:
        return word();
    }
  };
  return {
    below,
    oneOf,
    word,
    /** The inside of a JSON string. @param {number} words */
    text: (words) => Array.from({ length: words }, textWord).join(' '),
    /** Two decimals at most. */
    amount: () => String(below(10_000_000) / 100),
    /** To the second, in UTC. */
    second: () => `${new Date((FIRST_SECOND + below(SECONDS)) * 1000).toISOString().slice(0, 19)}`,
    /** To the microsecond, in UTC. */
    microsecond: () =>
      `${new Date((FIRST_SECOND + below(SECONDS)) * 1000).toISOString().slice(0, 20)}${digits(below(1_000_000), 6)}`,
  };
}

/** @param {number} value @param {number} length padded with zeros */
export const digits = (value, length) => String(value).padStart(length, '0');
