// A kind of key → two keys that are easily taken for one another: one value in two spellings, or neighbours, or two types.
import { Dice } from '../../unit/encode/spelling.ts';
import { type Exact, exactOf, type KeyKind } from './key-oracle.ts';

/** JSON as it is sent. */
export type KeyPair = readonly [one: string, other: string];

export const diceOf = (seed: number): Dice => new Dice(seed === 0 ? 1 : seed);

export function keyPair(kind: KeyKind, dice: Dice): KeyPair {
  switch (kind) {
    case 'integer':
    case 'wide':
      return numbers(dice, (one) => (one.exponent < 0 ? { digits: one.digits, exponent: 0 } : one));
    case 'decimal':
      return numbers(dice, (one) => ({ digits: one.digits, exponent: Math.min(Math.max(one.exponent, -3), 10) }));
    case 'number':
      return numbers(dice, (one) => one);
    case 'instant':
      return moments(dice);
    case 'date':
      return dates(dice);
    case 'text':
      return texts(dice);
    case 'boolean':
      return [dice.pick(['true', 'false']), dice.pick(['true', 'false'])];
    case 'booleanOrText':
      return mixed(dice, [() => booleans(dice), () => texts(dice)]);
    case 'integerOrText':
      return mixed(dice, [() => numbers(dice, (one) => one), () => texts(dice)]);
    case 'anyScalar':
      return mixed(dice, [() => numbers(dice, (one) => one), () => texts(dice), () => booleans(dice)]);
  }
}

const booleans = (dice: Dice): KeyPair => [dice.pick(['true', 'false']), dice.pick(['true', 'false'])];

/** The other key is now and then the text of the first one, in quotes. */
function mixed(dice: Dice, kinds: readonly (() => KeyPair)[]): KeyPair {
  const pair = dice.pick(kinds)();
  if (dice.oneIn(2)) return pair;
  const bare = pair[1].startsWith('"') ? pair[0] : JSON.stringify(pair[1]);
  return dice.oneIn(2) ? [pair[0], bare] : [bare, pair[0]];
}

const edges = [0n, 1n, 10n, 2n ** 24n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 15n, 10n ** 17n, 10n ** 37n];

function anyNumber(dice: Dice): Exact {
  const edge = dice.pick(edges) + BigInt(dice.below(5) - 2);
  const random = BigInt(dice.below(2 ** 30)) * BigInt(1 + dice.below(2 ** 30));
  const digits = (dice.oneIn(2) ? edge : random) * (dice.oneIn(3) ? -1n : 1n);
  const exponent = dice.pick([0, 0, 0, -1, -2, -3, -9, -17, 3, 12, dice.below(40) - 20, dice.below(700) - 350]);
  return { digits, exponent };
}

function numbers(dice: Dice, limited: (number: Exact) => Exact): KeyPair {
  const one = limited(anyNumber(dice));
  const step = dice.pick([-1n, 1n]);
  const neighbours: (() => Exact)[] = [
    () => one,
    () => ({ digits: one.digits + step, exponent: one.exponent }),
    () => ({ digits: one.digits * 1000n + step, exponent: one.exponent - 3 }),
    () => ({ digits: -one.digits, exponent: one.exponent }),
    () => nextDouble(one, step),
  ];
  return [spelled(one, dice), spelled(limited(dice.oneIn(2) ? one : dice.pick(neighbours)()), dice)];
}

/** The double beside the one that is nearest. */
function nextDouble({ digits, exponent }: Exact, step: bigint): Exact {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number(`${digits}e${exponent}`));
  view.setBigInt64(0, view.getBigInt64(0) + step);
  const next = view.getFloat64(0);
  return Number.isFinite(next) ? exactOf(String(next)) : { digits, exponent };
}

function spelled({ digits, exponent }: Exact, dice: Dice): string {
  if (digits === 0n) return dice.pick(['0', '-0', '0.0', '-0.000', '0e7', '-0E-30']);
  const zeros = dice.oneIn(3) ? dice.below(4) : 0;
  const [value, power] = [digits * 10n ** BigInt(zeros), exponent - zeros];
  const sign = value < 0n ? '-' : '';
  const plain = String(value < 0n ? -value : value);
  const isPlain = Math.abs(power) <= 25 && !dice.oneIn(3);
  if (isPlain && power >= 0) return `${sign}${plain}${'0'.repeat(power)}${dice.pick(['', '', '.0', '.000'])}`;
  if (isPlain) {
    const padded = plain.padStart(1 - power, '0');
    return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
  }
  const point = dice.below(plain.length) + 1;
  const fraction = plain.slice(point);
  const shifted = power + fraction.length;
  const mark = dice.pick(['e', 'E']) + (shifted >= 0 ? dice.pick(['', '+']) : '');
  return `${sign}${plain.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}${mark}${shifted}`;
}

const days = [
  '2024-02-29',
  '2016-12-31',
  '2017-01-01',
  '1970-01-01',
  '1969-12-31',
  '1582-10-10',
  '0001-06-01',
  '9998-12-31',
];
const two = (value: number): string => String(value).padStart(2, '0');

function moments(dice: Dice): KeyPair {
  const day = dice.pick(days);
  const seconds = dice.pick([0, 86_399, 43_200, dice.below(86_400)]);
  const fraction = dice.pick([
    '',
    '5',
    '25',
    '123456',
    '1234567',
    '123456789',
    '999999',
    '9999999',
    '000001',
    '0000001',
  ]);
  const one = { day, seconds, fraction };
  const cut = fraction.slice(0, dice.below(fraction.length + 1));
  const others = [
    one,
    { ...one, fraction: `${fraction}1` },
    { ...one, fraction: cut },
    { ...one, fraction: `${fraction}${fraction === '' ? '' : '000'}` },
    { ...one, seconds: (seconds + 1) % 86_400 },
    { ...one, fraction: fraction.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) },
  ];
  if (dice.oneIn(12)) return [leapSecond(dice), '"2017-01-01T00:00:00Z"'];
  return [moment(one, dice), moment(dice.oneIn(3) ? one : dice.pick(others), dice)];
}

const leapSecond = (dice: Dice): string =>
  JSON.stringify(dice.pick(['2016-12-31T23:59:60Z', '2016-12-31 23:59:60.000', '2017-01-01T01:59:60+02:00']));

interface Time {
  readonly day: string;
  /** Of the day. */
  readonly seconds: number;
  readonly fraction: string;
}

/** In any offset. */
function moment({ day, seconds, fraction }: Time, dice: Dice): string {
  if (seconds === 0 && /^0*$/.test(fraction) && dice.oneIn(4))
    return dice.oneIn(2) ? JSON.stringify(day) : dayBefore(day);
  const minutes = dice.oneIn(2) ? 0 : dice.pick([60, -60, 330, -570, 14 * 60, 1]);
  const local = new Date(0);
  local.setUTCFullYear(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8)));
  local.setUTCSeconds(seconds + minutes * 60);
  const offset = Math.abs(minutes);
  const sign = minutes < 0 ? '-' : '+';
  const colon = dice.pick([':', '']);
  const zone =
    minutes === 0
      ? dice.pick(['Z', 'z', '', '+00:00', '-0000'])
      : `${sign}${two(Math.floor(offset / 60))}${colon}${two(offset % 60)}`;
  const clock = local
    .toISOString()
    .slice(0, 19)
    .replace('T', dice.pick(['T', 'T', ' ', 't']));
  const isWholeMinute = fraction === '' && clock.endsWith(':00') && dice.oneIn(3);
  const shown = isWholeMinute ? clock.slice(0, -3) : `${clock}${fraction === '' ? '' : `.${fraction}`}`;
  return JSON.stringify(`${shown}${zone}`);
}

/** The midnight at which the day begins, as the end of the one before. */
function dayBefore(day: string): string {
  const date = new Date(0);
  date.setUTCFullYear(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8)) - 1);
  return JSON.stringify(`${date.toISOString().slice(0, 10)}T24:00:00Z`);
}

function dates(dice: Dice): KeyPair {
  const day = dice.pick(days);
  const spell = (of: string) =>
    JSON.stringify(`${of}${dice.pick(['', '', 'T00:00:00Z', ' 00:00:00', 'T00:00:00.000+00:00'])}`);
  return [
    spell(day),
    dice.oneIn(6) ? JSON.stringify(`${day}T00:00:01Z`) : spell(dice.oneIn(2) ? day : dice.pick(days)),
  ];
}

const words = [
  '',
  ' ',
  'a',
  'A',
  'é',
  'e\u0301',
  'ß',
  'ss',
  'İ',
  '\u{1d11e}',
  '1',
  '01',
  '1.0',
  '-0',
  '1e0',
  'true',
  'null',
  'NaN',
];
const tails = ['', '', ' ', '\u0000', '\u00a0', '\t', '\n', '\u0301', '\ufeff', '"', "'", '\\', ',', '%', '_'];

function texts(dice: Dice): KeyPair {
  const stem = dice.oneIn(3) ? '' : dice.below(2 ** 30).toString(36);
  const word = dice.pick(words) + stem + dice.pick(words) + dice.pick(tails);
  const others = [
    word,
    word + dice.pick(tails),
    dice.pick(tails) + word,
    word.toUpperCase(),
    word.normalize('NFC'),
    word.normalize('NFD'),
    word.trim(),
    [...word].slice(1).join(''),
  ];
  return [quoted(word, dice), quoted(dice.oneIn(3) ? word : dice.pick(others), dice)];
}

/** Some of its units escaped. */
function quoted(text: string, dice: Dice): string {
  const json = JSON.stringify(text);
  if (dice.oneIn(2)) return json;
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
