// A key as it was sent → what it is the same as, and whether its column can hold it: by BigInt, and by nothing of src.

/** What a key is declared as. `decimal` has two digits after the point, `wide` has bounds beyond 64 bits. */
export type KeyKind =
  | 'integer'
  | 'number'
  | 'decimal'
  | 'wide'
  | 'instant'
  | 'date'
  | 'text'
  | 'boolean'
  | 'integerOrText'
  | 'anyScalar'
  | 'booleanOrText';

export const keySchemas: Readonly<Record<KeyKind, object>> = {
  integer: { type: 'integer' },
  number: { type: 'number' },
  decimal: { type: 'number', multipleOf: 0.01 },
  wide: { type: 'integer', maximum: 1e38 },
  instant: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  text: { type: 'string' },
  boolean: { type: 'boolean' },
  integerOrText: { type: ['integer', 'string'] },
  anyScalar: { type: ['number', 'string', 'boolean'] },
  booleanOrText: { type: ['boolean', 'string'] },
};

/** digits × 10^exponent; the last digit is not 0, and zero has the exponent 0. */
export interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

export function exactOf(text: string): Exact {
  const [, sign, whole, fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  let digits = BigInt(`${sign}${whole}${fraction}`);
  let exponent = Number(power) - fraction.length;
  if (digits === 0n) return { digits, exponent: 0 };
  for (; digits % 10n === 0n; exponent++) digits /= 10n;
  return { digits, exponent };
}

const sameNumber = (a: Exact, b: Exact): boolean => a.digits === b.digits && a.exponent === b.exponent;

/** Picoseconds since 1970; a leap second is none of the others. */
interface Moment {
  readonly picoseconds: bigint;
  readonly isLeap: boolean;
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$/;

function momentOf(text: string): Moment {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', sign, hours = '0', minutes = '0'] =
    MOMENT.exec(text)!;
  const start = new Date(0);
  start.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  const seconds = start.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
  return { picoseconds: BigInt(seconds) * 10n ** 12n + BigInt(fraction.padEnd(12, '0')), isLeap: second === '60' };
}

const isTime = (kind: KeyKind): boolean => kind === 'instant' || kind === 'date';

/** Equal for two keys that are the same. @param json the key as it is sent */
export function identity(kind: KeyKind, json: string): string {
  if (!json.startsWith('"')) {
    if (json === 'true' || json === 'false') return json;
    const { digits, exponent } = exactOf(json);
    return `${digits}e${exponent}`;
  }
  const text = JSON.parse(json) as string;
  if (!isTime(kind)) return json === '' ? '' : JSON.stringify(text);
  const { picoseconds, isLeap } = momentOf(text);
  return `${picoseconds}${isLeap ? ' leap' : ''}`;
}

/** Whether the column holds the key as no other. */
export function isHeld(kind: KeyKind, json: string): boolean {
  if (json.startsWith('"')) return isHeldText(kind, JSON.parse(json) as string);
  if (json === 'true' || json === 'false') return true;
  const number = exactOf(json);
  switch (kind) {
    case 'integer':
      return number.exponent >= 0 && number.exponent < 20 && fits(number, -(2n ** 63n), 2n ** 63n - 1n);
    case 'wide':
      return number.exponent >= 0 && number.exponent < 40 && fits(number, 1n - 10n ** 38n, 10n ** 38n - 1n);
    case 'decimal':
      return (
        number.exponent >= -2 &&
        number.exponent < 40 &&
        fits({ digits: number.digits, exponent: number.exponent + 2 }, 1n - 10n ** 38n, 10n ** 38n - 1n)
      );
    case 'number': {
      const nearest = Number(json);
      return Number.isFinite(nearest) && sameNumber(number, exactOf(String(nearest)));
    }
    default:
      return Math.abs(number.exponent) <= 400;
  }
}

function fits({ digits, exponent }: Exact, from: bigint, to: bigint): boolean {
  const value = digits * 10n ** BigInt(exponent);
  return from <= value && value <= to;
}

function isHeldText(kind: KeyKind, text: string): boolean {
  if (kind === 'date') return momentOf(text).picoseconds % (86_400n * 10n ** 12n) === 0n && !/24:00/.test(text);
  if (kind === 'instant') {
    const { picoseconds, isLeap } = momentOf(text);
    return picoseconds % 1_000_000n === 0n && !isLeap;
  }
  const isBoolean = (kind === 'anyScalar' || kind === 'booleanOrText') && /^(true|false)$/.test(text);
  const isNumber = (kind === 'anyScalar' || kind === 'integerOrText') && isNumberText(text);
  return !isBoolean && !isNumber;
}

/** Whether a text column writes some number so: all digits, and no more characters than that takes. */
function isNumberText(text: string): boolean {
  if (/^(NaN|-?Infinity)$/.test(text)) return true;
  if (!/^-?\d+(\.\d+)?$/.test(text)) return false;
  const { digits, exponent } = exactOf(text);
  const plain = String(digits < 0n ? -digits : digits);
  const padded = exponent >= 0 ? plain + '0'.repeat(exponent) : plain.padStart(1 - exponent, '0');
  const point = padded.length + Math.min(exponent, 0);
  const fraction = exponent < 0 ? `.${padded.slice(point)}` : '';
  return text === `${digits < 0n ? '-' : ''}${padded.slice(0, point)}${fraction}`;
}
