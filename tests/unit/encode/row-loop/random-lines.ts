// Dice → stream versions and lines of their records as bytes: mostly plain ones, with every edge of a value now and then,
// and some with a byte or two changed. Made for hundreds of thousands of lines: fast-check would take minutes.
import { asText, type Column, type ColumnType, jsonKind, type StreamVersion } from '../../../../src/schema/model.ts';
import { Dice } from '../spelling.ts';

const { number, boolean, string, structure } = jsonKind;

const types: readonly (readonly [ColumnType, number])[] = [
  [{ kind: 'bigint' }, number],
  [{ kind: 'double' }, number],
  [{ kind: 'double' }, number | string],
  [{ kind: 'decimal', precision: 38, scale: 9 }, number],
  [{ kind: 'decimal', precision: 5, scale: 2 }, number | string],
  [{ kind: 'decimal', precision: 20, scale: 0 }, number | string],
  [{ kind: 'string' }, string],
  [{ kind: 'string' }, string | asText],
  [{ kind: 'string' }, number | boolean | string],
  [{ kind: 'boolean' }, boolean],
  [{ kind: 'timestamp' }, string],
  [{ kind: 'timestamp' }, string],
  [{ kind: 'date' }, string],
  [{ kind: 'json' }, number | boolean | string | structure],
  [{ kind: 'json' }, structure],
];
const names = [
  ...['id', 'a', 'ab', 'abc', 'b', 'Id', '', 'type', 'stream', 'record', 'fifteen_letters', 'sixteen__letters'],
  ...[
    'seventeen_letters',
    'a name of more than thirty-two letters',
    'Ä',
    '日本',
    'q"q',
    'back\\slash',
    '_sdc_deleted_at',
  ],
];

/** Dice whose `odd` events are so many times as rare as they say: most streams are tame. */
export class OddDice extends Dice {
  rarity = 1;

  odd(count: number): boolean {
    return this.oneIn(count * this.rarity);
  }
}

/** A stream and how its tap writes it. */
export interface RandomStream {
  readonly version: StreamVersion;
  readonly style: {
    readonly comma: string;
    readonly colon: string;
    /** Columns in the order in which its records have them. */
    readonly order: readonly number[];
    readonly header: number;
    readonly escapesKeys: boolean;
    readonly rarity: number;
  };
}

export function randomStream(dice: OddDice, id: number, stream: string): RandomStream {
  const count = 1 + dice.below(dice.oneIn(4) ? names.length : 8);
  const columns = dice
    .shuffled(names)
    .slice(0, count)
    .map((name): Column => {
      const [type, accepts] = dice.pick(types);
      return { path: dice.oneIn(200) ? ['o', name] : [name], name, type, accepts };
    });
  const keys = columns.flatMap(({ type }, index) =>
    type.kind !== 'json' && dice.oneIn(type.kind === 'double' ? 60 : 4) ? [index] : [],
  );
  const [metadata, deletes] = dice.pick<[boolean, StreamVersion['deletes']]>([
    [false, 'ignore'],
    [true, 'soft'],
    [true, 'ignore'],
    [false, 'hard'],
  ]);
  const natural = [...columns.keys()];
  return {
    version: { id, stream, table: { schema: 's', table: `t${id}` }, columns, keys, metadata, deletes },
    style: {
      comma: dice.pick([',', ', ']),
      colon: dice.pick([':', ': ']),
      order: dice.oneIn(3) ? dice.shuffled(natural) : natural,
      header: dice.below(6),
      escapesKeys: dice.oneIn(12),
      rarity: dice.pick([1, 20, 100, 100, 100, 100]),
    },
  };
}

/** One line with its line feed. */
export function randomLine(dice: OddDice, { version, style }: RandomStream): string {
  const { columns } = version;
  dice.rarity = style.rarity;
  let order = style.order.filter((index) => (version.keys.includes(index) ? !dice.odd(100) : !dice.oneIn(12)));
  if (dice.odd(25)) order = dice.shuffled(order);
  if (dice.odd(60) && order.length > 0) order = [...order, dice.pick(order)];
  const members = order.map((index): [string, string] => [
    columns[index]!.path[0]!,
    member(dice, columns[index]!, version.keys.includes(index)),
  ]);
  if (dice.odd(12))
    members.splice(dice.below(members.length + 1), 0, [dice.pick(['extra', 'idx', 'ab c']), json(dice, 2)]);
  if (dice.odd(20)) members.push(['_sdc_deleted_at', dice.pick(['null', 'null', 'null', '"2024-01-01T00:00:00Z"'])]);
  const record = object(dice, members, style);
  const line = message(dice, version.stream, record, style);
  return `${dice.odd(40) ? mutated(dice, line) : line}${dice.odd(50) ? '\r' : ''}\n`;
}

type Style = RandomStream['style'];

function object(dice: OddDice, members: readonly [string, string][], style: Style): string {
  const texts = members.map(
    ([key, text]) => `${spelledKey(dice, key, style)}${style.colon}${space(dice)}${text}${space(dice)}`,
  );
  return `{${space(dice)}${texts.join(style.comma)}}`;
}

function spelledKey(dice: OddDice, key: string, style: Style): string {
  const spelled = JSON.stringify(key);
  if (!style.escapesKeys && !dice.odd(400)) return spelled;
  return spelled.replace(/[^ -~]|[ab]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const space = (dice: OddDice): string => (dice.odd(60) ? dice.pick([' ', '\t', '\r', '  ', ' \t \t ']) : '');

function message(dice: OddDice, stream: string, record: string, style: Style): string {
  const type: [string, string] = ['type', '"RECORD"'];
  const name: [string, string] = ['stream', JSON.stringify(stream)];
  const body: [string, string] = ['record', record];
  const time = (): [string, string] => ['time_extracted', dice.odd(20) ? json(dice, 1) : timestamp(dice)];
  const version = (): [string, string] => [
    'version',
    dice.odd(20) ? json(dice, 1) : dice.pick(['1700000000000', '7', 'null', dice.odd(9) ? numeral(dice) : '-12']),
  ];
  const orders = [
    () => [type, name, body],
    () => [type, name, body, time()],
    () => [type, name, body, version(), time()],
    () => [type, name, version(), time(), body],
    () => [time(), name, type, body, version()],
    () => [type, name, ['source', json(dice, 1)] as [string, string], body],
  ];
  const members = (dice.odd(30) ? dice.pick(orders) : orders[style.header]!)();
  if (dice.odd(400)) members.push(dice.pick([type, name, body, time(), version()]));
  return object(dice, members, { ...style, escapesKeys: dice.odd(60) });
}

function member(dice: OddDice, column: Column, isKey: boolean): string {
  const text = value(dice, column, isKey);
  return column.path.length > 1 ? `{${JSON.stringify(column.path[1])}:${text}}` : text;
}

function value(dice: OddDice, { type, accepts }: Column, isKey: boolean): string {
  if (isKey ? dice.odd(50) : dice.oneIn(12)) return 'null';
  if (dice.odd(80)) return json(dice, 2);
  const isText = (accepts & string) !== 0 && ((accepts & number) === 0 || dice.oneIn(2));
  const quoted = (spelled: string) => (isText ? `"${spelled}"` : spelled);
  switch (type.kind) {
    case 'bigint':
      return integer(dice);
    case 'double':
      return quoted(numeral(dice));
    case 'decimal':
      return quoted(decimal(dice, type));
    case 'string':
      return isText ? text(dice) : dice.pick([numeral(dice), 'true', 'false']);
    case 'boolean':
      return dice.pick(['true', 'false', 'true', 'false', dice.odd(30) ? dice.pick(['tru', 'falsE', 'True']) : 'true']);
    case 'timestamp':
      return timestamp(dice);
    case 'date':
      return dice.odd(6) ? timestamp(dice) : `"${date(dice)}"`;
    case 'json':
    case 'struct':
    case 'array':
      return accepts & string ? json(dice, 4) : structured(dice, 4);
  }
}

function digits(dice: OddDice, count: number): string {
  let out = '';
  for (let i = 0; i < count; i++) out += dice.below(10);
  return out;
}

function integer(dice: OddDice): string {
  const sign = dice.oneIn(4) ? '-' : '';
  if (dice.odd(15))
    return dice.pick([
      ...['0', '-0', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
      ...['9999999999999999999', '-9999999999999999999', '10000000000000000000', '007', '-', '1.0', '1e3', '-Infinity'],
    ]);
  return `${sign}${1 + dice.below(9)}${digits(dice, dice.below(dice.oneIn(4) ? (dice.odd(2) ? 21 : 18) : 8))}`;
}

function numeral(dice: OddDice): string {
  if (dice.oneIn(3)) return integer(dice);
  if (dice.odd(15))
    return dice.pick([
      ...[
        '0.1',
        '0.30000000000000004',
        '123456789012345678',
        '1e400',
        '1E-400',
        '5e-324',
        '1.',
        '.5',
        '-.5',
        '1e',
        '1e+',
      ],
      ...[
        '-0.0',
        '0.0',
        '00.5',
        'NaN',
        'Infinity',
        '-Infinity',
        '1.7976931348623157e308',
        '1e5',
        '1.5E+3',
        '0x10',
        '+1',
      ],
    ]);
  const whole = dice.oneIn(4) ? '0' : `${1 + dice.below(9)}${digits(dice, dice.below(9))}`;
  const exponent = dice.odd(5) ? `${dice.pick(['e', 'E'])}${dice.pick(['', '+', '-'])}${dice.below(40)}` : '';
  return `${dice.oneIn(4) ? '-' : ''}${whole}.${digits(dice, 1 + dice.below(dice.odd(5) ? 20 : 6))}${exponent}`;
}

function decimal(dice: OddDice, { precision, scale }: { precision: number; scale: number }): string {
  if (dice.odd(10)) return numeral(dice);
  const whole = dice.below(precision - scale + (dice.odd(10) ? 2 : 1));
  const fraction = dice.below(scale + (dice.odd(10) ? 2 : 1));
  const text = `${whole === 0 ? '0' : `${1 + dice.below(9)}${digits(dice, whole - 1)}`}`;
  const zeros = dice.oneIn(4) ? '0'.repeat(dice.below(18)) : '';
  return `${dice.oneIn(4) ? '-' : ''}${text}${fraction + zeros.length > 0 ? `.${digits(dice, fraction)}${zeros}` : ''}`;
}

const words = [
  'a',
  'the quick',
  ' brown fox jumps over the lazy dog',
  'é',
  '日本',
  '😀',
  "'",
  ',',
  '/',
  '\u007f',
  '\u2028',
];
const escapes = [
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\f',
  '\\n',
  '\\r',
  '\\t',
  '\\u0041',
  '\\u00e9',
  '\\u20AC',
  '\\u0000',
  '\\u0022',
];
const oddEscapes = [
  '\\ud83d\\ude00',
  '\\uD834\\uDD1E',
  '\\ud800',
  '\\udc00',
  '\\ud800\\u0041',
  '\\ud800\\ud800',
  '\\udc00\\udc00',
  '\\x',
  '\\u12g4',
  '\\u12',
];

/** Characters of a string as they are spelled: pieces of all lengths, so that each falls at every place of a vector. */
function spelledText(dice: OddDice): string {
  let out = '';
  for (let pieces = dice.below(dice.oneIn(4) ? 9 : 3); pieces > 0; pieces--) {
    const kind = dice.below(30);
    if (kind < 16) out += 'abcdefghijklmnopqrstuvwxyz0123456789-=+.:;ABCDEFGHIJKL'.slice(0, dice.below(50));
    else if (kind < 24) out += dice.pick(words);
    else if (kind < 29) out += dice.pick(escapes);
    else if (dice.odd(6)) out += dice.odd(4) ? dice.pick(['\u0000', '\u001f', '\t', '"']) : dice.pick(oddEscapes);
  }
  return out;
}

const text = (dice: OddDice): string => `"${spelledText(dice)}"`;

const two = (value: number): string => String(value).padStart(2, '0');

function date(dice: OddDice): string {
  if (dice.odd(20))
    return dice.pick([
      '2023-02-29',
      '2024-02-29',
      '1900-02-29',
      '2000-02-29',
      '0000-01-01',
      '0001-01-01',
      '9999-12-31',
      '2024-13-01',
      '2024-00-10',
      '2024-04-31',
      '24-04-01',
      '2024/04/01',
    ]);
  return `${dice.pick(['2024', '1969', '1582', '2023', '9999', '0001'])}-${two(1 + dice.below(12))}-${two(1 + dice.below(dice.oneIn(8) ? 31 : 28))}`;
}

/** With its quotes. */
function timestamp(dice: OddDice): string {
  if (dice.odd(12)) return `"${date(dice)}"`;
  if (dice.odd(25))
    return dice.pick([
      '"soon"',
      '""',
      '"2024-01-01T24:00:00Z"',
      '"2016-12-31T23:59:60Z"',
      '"2024-01-01T10:00Z"',
      '"2024-01-01T10:00:00\\u005a"',
      '"12:00:00"',
      '1700000000',
    ]);
  const midnight = dice.oneIn(8);
  const part = (limit: number) => two(midnight ? 0 : dice.below(dice.odd(100) ? limit + 2 : limit));
  const time = `${part(24)}:${part(60)}:${part(60)}`;
  const fraction = dice.oneIn(2)
    ? ''
    : `${dice.odd(9) ? ',' : '.'}${midnight ? '000' : digits(dice, dice.oneIn(6) ? (dice.odd(3) ? 0 : 1) + dice.below(12) : dice.pick([3, 6]))}`;
  const offset = dice.oneIn(3)
    ? dice.odd(2)
      ? dice.pick(['+24:00', '+02:60', ' Z', '+00:19:32', 'ZZ', '+2:00', '+', '-1', '+02:0'])
      : dice.pick(['', '+00:00', '-00:00', '+02:00', '-0530', '+14', '+23:59', '-23:59', 'z'])
    : 'Z';
  return `"${date(dice)}${dice.odd(9) ? dice.pick([' ', 't', '_']) : 'T'}${time}${fraction}${offset}"`;
}

/** Any JSON value, now and then a broken one. */
function json(dice: OddDice, depth: number): string {
  const kind = dice.below(depth > 0 ? 8 : 5);
  if (kind === 0)
    return dice.pick([
      'null',
      'true',
      'false',
      'null',
      dice.odd(20) ? dice.pick(['nul', 'NaN', 'Infinity', '']) : 'true',
    ]);
  if (kind <= 2) return numeral(dice);
  if (kind <= 4) return text(dice);
  return structured(dice, depth);
}

function structured(dice: OddDice, depth: number): string {
  if (dice.odd(60)) {
    const levels = dice.pick([1, 62, 63, 64, 65, 66, 130]);
    return dice.oneIn(2)
      ? '['.repeat(levels) + ']'.repeat(levels - (dice.odd(9) ? 1 : 0))
      : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  }
  const gap = () => (dice.oneIn(5) ? dice.pick([' ', '\t', '  ', '\r']) : '');
  const items = Array.from({ length: dice.below(4) }, () => `${gap()}${json(dice, depth - 1)}${gap()}`);
  if (dice.oneIn(2)) return `[${gap()}${items.join(',')}${dice.odd(150) ? ',' : ''}]`;
  return `{${gap()}${items.map((item) => `${gap()}${text(dice)}${gap()}:${item}`).join(',')}${dice.odd(150) ? ',' : ''}}`;
}

const intruders = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\t',
  '0',
  '1',
  '-',
  '.',
  'e',
  'n',
  't',
  '\u0000',
  '\u001f',
  '\u007f',
  'é',
  'x',
];

/** A character or two replaced, removed, put in or doubled, or the end cut off. */
function mutated(dice: OddDice, line: string): string {
  const at = dice.below(line.length);
  const rest = line.slice(at + 1);
  switch (dice.below(6)) {
    case 0:
      return line.slice(0, at) + rest;
    case 1:
      return line.slice(0, at + 1) + line.slice(at);
    case 2:
      return line.slice(0, at);
    case 3:
      return line.slice(0, at) + dice.pick(intruders) + dice.pick(intruders) + rest;
    default:
      return line.slice(0, at) + dice.pick(intruders) + rest;
  }
}
