// A line → another that is much like it: values changed for others at an edge, digits, bytes and stretches moved about.
// Works on bytes, one to a character, so that what is no UTF-8 comes about as well.
import type { Dice } from './spelling.ts';

/** A key comes with its colon. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[-+.\deE]*|true|false|null|\{\}|\[\]/g;

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

const numbers = [
  ...['0', '-0', '1', '-1', '0.0', '-0.0', '1.0', '1e0', '1E+00', '10e-1', '1e3', '12.50', '0.1', '5e-324', '1e-400'],
  ...['9223372036854775807', '-9223372036854775808', '99.995e1', '0e999999999', '999.99', '0.123456789', '1e-9'],
];
const brokenNumbers = [
  ...[
    '9223372036854775808',
    '-9223372036854775809',
    '1.8e308',
    '1e400',
    '1e999999999',
    '0.1234567891',
    '1e-10',
    '1000',
  ],
  ...['9007199254740993', '1.7976931348623157e308', '123456789012345678901234567890'],
  ...['00', '-', '1.', '.5', '1e', '+1', '01', '1e+'],
];
const quoted = (texts: readonly string[]) => texts.map((text) => `"${latin1(text)}"`);
const texts = quoted([
  ...['', ' ', 'k', 'K', ',', '\\"', '\\\\', '\\n\\r\\t\\b\\f\\/', '\\u0000', '\\u00e9', 'é', '𝄞'],
  ...['\\ud834\\udd1e', '\u2028', '\ufeff', 'NULL', '\\\\N', '-12.5', '1e3', '0.5', '\\u0031', '1.', '\u007f'],
]);
const brokenTexts = quoted([...['""', '\\ud834', '\\udd1e\\ud834', '\\ud834x', '\\u12', '\\x', '\\', '\u0001', '\t']]);
const times = quoted([
  ...['2024-02-29', '2024-02-29T23:59:60Z', '2024-02-29T24:00:00Z', '0001-01-01', '2024-05-05T00:00:00+00:00'],
  ...['9999-12-31T23:59:59.9999999-00:00', '2024-05-05 10:00', '2024-05-05t10:00:00,5', '2024-05-05T00:00:00.000Z'],
  ...[
    '2024-05-05T10:00:00.123456789+0530',
    '2024-05-05T10:00:00 Z',
    '1582-10-10T12:00:00.000001Z',
    '2024-05-05T12:00+02',
  ],
  ...['1969-12-31T23:59:59.999999Z', '2024-05-05T10:00:00\\u002b02:00', '2000-02-29', '1890-01-01T00:00:00+00:53:28'],
]);
const brokenTimes = quoted([
  ...['2023-02-29T00:00:00Z', '2024-02-29T24:00:01', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'],
  ...['0000-01-01', '2024-05-05T10', '2024-05-05T10:00:00+24:00', '2024-13-01', '2024-05-05T10:00:00.Z', '1900-02-29'],
]);
const literals = ['null', 'true', 'false'];
const structures = [
  '{}',
  '[]',
  '[1,[],{"a":null}]',
  '{"a":{"b":"c"}}',
  'nul',
  'truE',
  '[1,]',
  '{"a"}',
  '[1 2]',
  '{"a":1,}',
];
const bytes = [
  ...'"\\{}[],:0123456789-+.eEuTZtfn \t\r/x\u0000\u001f\u007f',
  '\x80',
  '\xbf',
  '\xc3',
  '\xed\xa0\x80',
  '\xf0\x9d',
  '\xff',
];

/** @param line @param other as latin1, without line feeds: what comes out has none either */
export function mutated(line: string, other: string, dice: Dice): string {
  const once = mutation(line, other, dice);
  return dice.oneIn(4) ? mutation(once, other, dice) : once;
}

function mutation(line: string, other: string, dice: Dice): string {
  switch (dice.below(16)) {
    case 0:
      return spliced(line, dice.below(line.length + 1), dice.oneIn(2) ? 1 : 0, dice.oneIn(3) ? '' : dice.pick(bytes));
    case 1:
      return spliced(line, dice.below(line.length + 1), 1 + dice.below(8), '');
    case 2:
      return line.slice(0, dice.below(line.length + 1)) + other.slice(dice.below(other.length + 1));
    case 3: {
      const from = dice.below(line.length);
      return spliced(line, dice.below(line.length + 1), 0, line.slice(from, from + dice.below(24)));
    }
    case 4:
    case 5:
      return withDigit(line, dice);
    default:
      return withValue(line, dice);
  }
}

const spliced = (text: string, at: number, removed: number, inserted: string): string =>
  text.slice(0, at) + inserted + text.slice(at + removed);

function withDigit(line: string, dice: Dice): string {
  const places = [...line.matchAll(/\d/g)];
  return places.length === 0 ? line : spliced(line, dice.pick(places).index, 1, String(dice.below(10)));
}

function withValue(line: string, dice: Dice): string {
  const values = [...line.matchAll(TOKEN)].filter(([, colon]) => colon === undefined);
  if (values.length === 0) return line;
  const { 0: old, index } = dice.pick(values);
  const space = dice.oneIn(20) ? dice.pick([' ', '\t', '\r', '  ']) : '';
  return spliced(line, index, old.length, space + valueFor(old, dice) + space);
}

/** Mostly of the same kind and one that is taken there, so that the rest of the line counts too. */
function valueFor(old: string, dice: Dice): string {
  if (dice.oneIn(12)) return dice.pick(dice.pick([numbers, texts, times, literals, structures]));
  if (/^"\d{4}-/.test(old)) return dice.pick(dice.oneIn(5) ? brokenTimes : times);
  if (old.startsWith('"')) return dice.pick(dice.oneIn(8) ? brokenTexts : texts);
  if (!/^[-\d]/.test(old)) return dice.pick(literals);
  if (dice.oneIn(2)) return randomNumber(dice);
  return dice.pick(dice.oneIn(4) ? brokenNumbers : numbers);
}

function randomNumber(dice: Dice): string {
  const digits = (count: number) => Array.from({ length: count }, () => dice.below(10)).join('');
  const whole = dice.oneIn(4) ? '0' : `${1 + dice.below(9)}${digits(dice.below(dice.pick([3, 18, 20, 40])))}`;
  const fraction = dice.oneIn(2) ? `.${digits(1 + dice.below(dice.pick([2, 9, 17])))}` : '';
  const exponent = dice.oneIn(4)
    ? `${dice.pick(['e', 'E', 'e-', 'E+', 'e+0'])}${dice.below(dice.pick([3, 25, 400]))}`
    : '';
  return `${dice.oneIn(3) ? '-' : ''}${whole}${fraction}${exponent}`;
}
