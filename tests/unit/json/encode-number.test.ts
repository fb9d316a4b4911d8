import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBigint, encodeDecimal, encodeDouble } from '../../../src/json/encode-number.ts';
import { GrowingBytes } from '../../../src/memory/growing-bytes.ts';

type Encode = (source: Buffer, start: number, end: number, plain: boolean, out: GrowingBytes) => void;

/** What one number becomes; other bytes stand around it, as in a line. */
function fieldOf(encode: Encode, text: string): string {
  const out = new GrowingBytes(text.length * 2 + 500);
  const source = Buffer.from(`9${text}9`);
  encode(source, 1, 1 + text.length, /^-?\d+$/.test(text), out);
  return out.bytes.toString('latin1', 0, out.length);
}

const bigint = (text: string) => fieldOf(encodeBigint, text);
const double = (text: string) => fieldOf(encodeDouble, text);
const decimal = (precision: number, scale: number) => (text: string) =>
  fieldOf((source, start, end, _, out) => encodeDecimal(source, start, end, precision, scale, out), text);
const invalid = expect.objectContaining({ code: 'INPUT_VALUE_INVALID' });

describe('a BIGINT field', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.0', '0'],
    ['0e99', '0'],
    ['0e999999999999', '0'],
    ['7', '7'],
    ['-7', '-7'],
    ['1.0', '1'],
    ['-1.000', '-1'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.5e1', '15'],
    ['1200e-2', '12'],
    ['-12.30e2', '-1230'],
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775807.0', '9223372036854775807'],
    ['9.223372036854775807e18', '9223372036854775807'],
    ['-9223372036854775808e0', '-9223372036854775808'],
    ['922337203685477580.7e1', '9223372036854775807'],
    ['999999999999999999', '999999999999999999'],
  ])('of %s is %s', (text, field) => {
    expect(bigint(text)).toBe(field);
  });

  it.each([
    '9223372036854775808',
    '-9223372036854775809',
    '9223372036854775808.0',
    '9.3e18',
    '10000000000000000000',
    '99999999999999999999999',
    '1e19',
    '1e400',
    '1e401',
    '1e999999999999999999999',
    '1.5',
    '-0.1',
    '1e-1',
    '12345e-3',
    '1e-999999999999',
    '0.00000000000000000000000000001',
  ])('refuses %s', (text) => {
    expect(() => bigint(text)).toThrow(invalid);
  });

  it('holds every 64-bit integer, however it is spelled', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }), fc.nat({ max: 3 }), (value, shift) => {
        const zeros = '0'.repeat(shift);
        const spellings = [`${value}`, `${value}.${zeros}0`, `${value}${zeros}e-${shift}`];
        for (const text of spellings)
          if (BigInt.asIntN(64, value) === value) expect(bigint(text)).toBe(`${value}`);
          else expect(() => bigint(text)).toThrow(invalid);
      }),
    );
  });
});

describe('a DECIMAL(10,3) field', () => {
  it.each([
    ['0', '0'],
    ['-0.000', '0'],
    ['1', '1'],
    ['1.0', '1'],
    ['1.50', '1.5'],
    ['-1.005', '-1.005'],
    ['0.001', '0.001'],
    ['-0.001', '-0.001'],
    ['1e-3', '0.001'],
    ['1.2345e1', '12.345'],
    ['12345e-3', '12.345'],
    ['1e6', '1000000'],
    ['9999999.999', '9999999.999'],
    ['-9999999.999', '-9999999.999'],
    ['9999999999e-3', '9999999.999'],
    ['1.00000000000000000000', '1'],
    ['0e-99', '0'],
  ])('of %s is %s', (text, field) => {
    expect(decimal(10, 3)(text)).toBe(field);
  });

  it.each(['10000000', '1e7', '0.0001', '1.0005', '1e-4', '1e400', '1e-401', '9999999.9999'])('refuses %s', (text) => {
    expect(() => decimal(10, 3)(text)).toThrow(invalid);
  });

  it.each(['', '-', '.5', '5.', 'NaN', '1,5', ' 1', '0x10', '1e', '1_000'])('refuses the text %j', (text) => {
    expect(() => decimal(10, 3)(text)).toThrow(invalid);
  });
});

describe('DECIMAL fields of other sizes', () => {
  it.each([
    [38, 0, '99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
    [38, 38, '0.99999999999999999999999999999999999999', '0.99999999999999999999999999999999999999'],
    [38, 9, '12345678901234567890.123456789', '12345678901234567890.123456789'],
    [3, 0, '1e2', '100'],
    [3, 3, '-0.5', '-0.5'],
  ])('DECIMAL(%i,%i) of %s is %s', (precision, scale, text, field) => {
    expect(decimal(precision, scale)(text)).toBe(field);
  });

  it.each([
    [38, 0, '100000000000000000000000000000000000000'],
    [38, 0, '0.5'],
    [3, 3, '1'],
    [2, 1, '10'],
  ])('DECIMAL(%i,%i) refuses %s', (precision, scale, text) => {
    expect(() => decimal(precision, scale)(text)).toThrow(invalid);
  });

  it('are judged in a time that grows with the length of the number, not with its square', () => {
    const startedAt = performance.now();
    expect(() => decimal(38, 9)(`1${'0'.repeat(400_000)}1.5`)).toThrow(invalid);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('a DOUBLE field', () => {
  it.each([
    '0',
    '-0',
    '1.0',
    '1e3',
    '-1.5E-300',
    '0.1',
    '1.7976931348623157e308',
    '5e-324',
    '1e-400',
    '123456789012345678901234567890',
  ])('keeps the text of %s', (text) => {
    expect(double(text)).toBe(text);
  });

  it.each(['1e309', '-1e400', '1.8e308', '9'.repeat(310), `-${'9'.repeat(310)}`])('refuses %s', (text) => {
    expect(() => double(text)).toThrow(invalid);
  });

  it('takes a plain number of 309 digits that a double can hold', () => {
    const text = `1${'0'.repeat(308)}`;
    expect(double(text)).toBe(text);
  });
});
