// A line of a tap → what a broken tap, pipe or disk would make of it. Bytes as latin1: what is no UTF-8 comes about as well.
import { mutated } from '../unit/encode/mutate-line.ts';
import type { Dice } from '../unit/encode/spelling.ts';

const KEY = /"(?:[^"\\]|\\.)*"\s*:/g;
const STRING = /"(?:[^"\\]|\\.)*"/g;

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** Parts of JSON that go where a value stood. */
const oddities = [
  ...['NaN', '-Infinity', 'Infinity', '1e99999', '-0', '00', '0x10', '1_000', '١', 'undefined', "'a'", '/* */1'],
  ...['9'.repeat(400), `0.${'0'.repeat(350)}1`, `1${'0'.repeat(310)}`, '-', '1e', '1.e1', '12345678901234567890.5'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\uD83D"', '"\\u00"', '"\\', '"\u0000"', '"\\u0000"'],
  ...['"2024-02-30"', '"2024-12-31T23:59:60.999999999+23:59"', '"-0001-01-01T00:00:00Z"', '"T"', '"9999-12-31T24:00"'],
].map(latin1);
const badUtf8 = [
  '\xff',
  '\xc0\x80',
  '\xed\xa0\x80',
  '\xf4\x90\x80\x80',
  '\xe2\x82',
  '\xf0\x9f\x98',
  '\x80',
  '\xef\xbb\xbf',
];

/** @param line @param other without line feeds: what comes out has none either */
export function mutatedInput(line: string, other: string, dice: Dice): string {
  let text = line;
  for (let times = dice.oneIn(5) ? 2 : 1; times > 0; times--) text = mutation(text, other, dice);
  return text.replaceAll('\n', ' ');
}

function mutation(line: string, other: string, dice: Dice): string {
  const at = dice.below(line.length + 1);
  switch (dice.below(56)) {
    case 0:
      return flippedBit(line, dice);
    case 1:
      return line.slice(0, at);
    case 2:
      return line.slice(at);
    case 3:
      return dice.oneIn(2) ? line + other : line.slice(0, -1) + other;
    case 4:
      return withMatch(line, KEY, dice, (key) => `${key}${dice.pick(['1', 'null', '{}', '"x"'])},${key}`);
    case 5:
      return withMatch(line, STRING, dice, (text) => escaped(text, dice));
    case 6:
      return withMatch(line, KEY, dice, (key) => `${key}${nested(dice)},"x":`);
    case 7:
      return line.slice(0, at) + dice.pick(badUtf8) + line.slice(at);
    case 8:
      return swappedHeader(line, dice);
    case 9:
    case 10:
    case 11:
      return withMatch(line, /:\s*(?:-?[\d.eE+-]+|true|false|null|"[^"]*")/g, dice, () => `:${dice.pick(oddities)}`);
    case 12:
      return (
        line.slice(0, at) + dice.pick(['{', '}', '[', ']', ',', ':', '"', '\\', '\r', '\t', '\u0000']) + line.slice(at)
      );
    case 13:
      return dice.oneIn(40) ? huge(line, dice) : line + dice.pick([' ', '\r', '\t ', ',', '}', '\u000b', '\u00a0']);
    case 14:
      return withMatch(line, KEY, dice, (key) =>
        dice.pick(['', key.toUpperCase(), `"":`, '"__proto__":', `"type":`, '"record":', '"_sdc_deleted_at":']),
      );
    default:
      return mutated(line, other, dice);
  }
}

function flippedBit(line: string, dice: Dice): string {
  if (line === '') return line;
  const at = dice.below(line.length);
  return line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ (1 << dice.below(8))) + line.slice(at + 1);
}

function withMatch(line: string, what: RegExp, dice: Dice, change: (found: string) => string): string {
  const found = [...line.matchAll(what)];
  if (found.length === 0) return line;
  const { 0: text, index } = dice.pick(found);
  return line.slice(0, index) + change(text) + line.slice(index + text.length);
}

/** Its characters as escapes; what is no ASCII is left alone. */
const escaped = (text: string, dice: Dice): string =>
  `"${text
    .slice(1, -1)
    .replaceAll(/[a-zA-Z0-9]/g, (char) => (dice.oneIn(2) ? `\\u00${char.charCodeAt(0).toString(16)}` : char))}"`;

function nested(dice: Dice): string {
  const depth = dice.pick([2, 20, 64, 65, 500, dice.oneIn(20) ? 50_000 : 3]);
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"":', '}]'],
  ] as const);
  return open.repeat(depth) + dice.pick(['1', 'null', '"x"']) + close.repeat(depth - (dice.oneIn(8) ? 1 : 0));
}

/** The message's own members in another order. Their values are cut at the commas of the line as it was written. */
function swappedHeader(line: string, dice: Dice): string {
  const [, type, stream, rest] = /^(\{"type": ?"[A-Z_]+"), ?("stream": ?"(?:[^"\\]|\\.)*"), ?(.*)\}$/.exec(line) ?? [];
  if (!type || !stream || !rest) return line;
  return `{${dice.shuffled([type.slice(1), stream, rest, ...(dice.oneIn(4) ? ['"extra":[]'] : [])]).join(',')}}`;
}

/** Up to three megabytes. */
const huge = (line: string, dice: Dice): string =>
  withMatch(line, STRING, dice, (text) => `"${'x'.repeat(dice.pick([70_000, 1_100_000, 3_000_000]))}${text.slice(1)}`);
