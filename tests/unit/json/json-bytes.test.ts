import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compactJson,
  JsonSyntaxError,
  membersOf,
  skipSpace,
  skipString,
  skipValue,
  stringAt,
} from '../../../src/json/json-bytes.ts';

/** Whether the scanner takes the whole line for one JSON text. */
function accepts(line: Buffer): boolean {
  const bytes = Buffer.concat([line, Buffer.from('\n')]);
  try {
    return skipSpace(bytes, skipValue(bytes, skipSpace(bytes, 0))) === line.length;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return false;
    throw error;
  }
}

/** Latin-1 maps every byte to one character and none of 0x80–0xFF to white space, so JSON.parse judges the same bytes. */
function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString('latin1'));
    return true;
  } catch {
    return false;
  }
}

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r'), maxLength: 3 });

/** JSON text with white space wherever the grammar allows it, and with strings in odd spellings. */
const spacedJson = fc.letrec<{ value: string; string: string }>((tie) => ({
  string: fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 4 }).map((text) => JSON.stringify(text).slice(1, -1)),
        fc.constantFrom('\\u0041', '\\uD83d\\uDE00', '\\ud800', '\\/', '\\b\\f\\n\\r\\t', '\\"', '\\\\', '\u2028'),
      ),
      { maxLength: 3 },
    )
    .map((parts) => `"${parts.join('')}"`),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false', '-0', '0', '1e5', '-1.5E-300', '123456789012345678901234567890', '0.10'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    tie('string'),
    fc
      .array(fc.tuple(space, tie('value'), space), { maxLength: 4 })
      .map((items) => `[${items.map((i) => i.join('')).join()}]`),
    fc
      .array(fc.tuple(space, tie('string'), space, fc.constant(':'), space, tie('value'), space), { maxLength: 4 })
      .map((members) => `{${members.map((m) => m.join('')).join()}}`),
    space.map((text) => `[${text}]`),
    space.map((text) => `{${text}}`),
  ),
})).value;

const jsonLine = fc.tuple(space, spacedJson, space).map((parts) => Buffer.from(parts.join('')));

describe('the scanner of JSON bytes', () => {
  it('accepts every JSON text, whatever its spacing and escapes', () => {
    fc.assert(
      fc.property(jsonLine, (line) => {
        expect(isJson(line)).toBe(true);
        expect(accepts(line)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts exactly what JSON.parse accepts when bytes of a text are changed, cut out or put in', () => {
    const interesting = fc.constantFrom(
      ...Buffer.from('{}[]",:\\/-+.eE019truefalsn \t\r\u0000\u001f\u007f\u0080\u00ff', 'latin1'),
    );
    const mutation = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 2 }),
      insert: fc.array(fc.oneof(interesting, fc.integer({ min: 0, max: 255 })), { maxLength: 2 }),
    });
    const mutated = fc.tuple(jsonLine, fc.array(mutation, { minLength: 1, maxLength: 3 })).map(([line, mutations]) => {
      let bytes = [...line];
      for (const { at, remove, insert } of mutations) bytes.splice(at % (bytes.length + 1), remove, ...insert);
      // one line: a line feed would end it
      bytes = bytes.filter((byte) => byte !== 10);
      return Buffer.from(bytes);
    });
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(mutated, (line) => {
        const valid = isJson(line);
        if (valid) accepted++;
        else refused++;
        expect(accepts(line)).toBe(valid);
      }),
      { numRuns: 5000 },
    );
    // the property says little unless both happen
    expect(accepted).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });

  it.each([
    '',
    ' ',
    '01',
    '-',
    '-01',
    '1.',
    '.5',
    '+1',
    '1e',
    '1e+',
    '0x10',
    'Nan',
    'infinity',
    '+Infinity',
    '--Infinity',
    'nul',
    'nulls',
    'True',
    '"a',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"\t"',
    "'a'",
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1',
    '[1}',
    '{"a":1]',
    '{"a":1,}',
    '{,"a":1}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    '{"a":1 "b":2}',
    '{1:1}',
    '{}{}',
    '1 2',
    '\u00a01',
    '\ufeff1',
  ])('refuses %j, as JSON.parse does', (text) => {
    const line = Buffer.from(text);
    expect(isJson(line)).toBe(false);
    expect(accepts(line)).toBe(false);
  });

  it.each(['NaN', 'Infinity', '-Infinity', '[NaN,-Infinity]'])('takes %s, which Python writes', (text) => {
    expect(accepts(Buffer.from(text))).toBe(true);
  });

  it('follows a nesting of 100,000 levels, closed or not', () => {
    const depth = 100_000;
    const arrays = '['.repeat(depth);
    const objects = '{"a":'.repeat(depth);
    expect(accepts(Buffer.from(`${arrays}${']'.repeat(depth)}`))).toBe(true);
    expect(accepts(Buffer.from(`${objects}1${'}'.repeat(depth)}`))).toBe(true);
    expect(accepts(Buffer.from(arrays))).toBe(false);
    expect(accepts(Buffer.from(`${objects}1`))).toBe(false);
  });

  it('never reads into the next line', () => {
    fc.assert(
      fc.property(jsonLine, fc.nat(), (line, cut) => {
        const first = line.subarray(0, cut % (line.length + 1));
        const bytes = Buffer.concat([first, Buffer.from('\n'), line.subarray(first.length), Buffer.from('\n')]);
        try {
          expect(skipValue(bytes, skipSpace(bytes, 0))).toBeLessThanOrEqual(first.length);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonSyntaxError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says at which byte a text stops being JSON', () => {
    const bytes = Buffer.from('{"a":[1,2}\n');
    expect(() => skipValue(bytes, 0)).toThrowError(expect.objectContaining({ offset: 9 }));
  });

  it('tells strings with escapes from those without by the sign of the end', () => {
    expect(skipString(Buffer.from('"abc"\n'), 0)).toBe(5);
    expect(skipString(Buffer.from('"a\\nc"\n'), 0)).toBe(-6);
  });

  it('reads the text of any string as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, escapeAll) => {
        const literal = escapeAll
          ? `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
          : JSON.stringify(text);
        const bytes = Buffer.from(literal);
        expect(stringAt(bytes, 0, bytes.length)).toBe(JSON.parse(literal));
      }),
    );
  });
});

describe('the members of a message', () => {
  const valuesOf = (text: string) => {
    const bytes = Buffer.from(`${text}\n`);
    const { members, end } = membersOf(bytes, 0);
    return {
      end,
      values: Object.fromEntries([...members].map(([k, m]) => [k, bytes.toString('utf8', m.start, m.end)])),
    };
  };

  it('are slices that keep the bytes of numbers beyond 2^53', () => {
    const { values } = valuesOf('{ "a" : 9007199254740993 , "b":[ 1.10, 12345678901234567890 ],"c":-0.0}');
    expect(values).toEqual({ a: '9007199254740993', b: '[ 1.10, 12345678901234567890 ]', c: '-0.0' });
  });

  it('have their keys unescaped, and of a repeated key the last value', () => {
    expect(valuesOf('{"\\u0061":1,"a":2,"":3}').values).toEqual({ a: '2', '': '3' });
  });

  it('have the end of the object beside them', () => {
    expect(valuesOf('{ }  x').end).toBe(3);
    expect(valuesOf('{"a":{"b":1}}  x').end).toBe(13);
  });

  it.each(['[]', '"a"', '1', 'null', '{"a":1', '{"a":1,}', '{"a" 1}', '{"a":1;"b":2}'])('are refused in %s', (text) => {
    expect(() => valuesOf(text)).toThrow(JsonSyntaxError);
  });
});

describe('compact JSON', () => {
  const compact = (text: string) => {
    const bytes = Buffer.from(text);
    return compactJson(bytes, 0, bytes.length).toString();
  };

  it('keeps every token byte for byte', () => {
    const text = ' { "a b" : [ 9007199254740993 , 1.50e+3, " \\u0020\\" x " ] ,\t"\u00e9" : { } } \r';
    expect(compact(text)).toBe('{"a b":[9007199254740993,1.50e+3," \\u0020\\" x "],"\u00e9":{}}');
  });

  it('means the same as the text, and cannot be made shorter by dropping a space', () => {
    fc.assert(
      fc.property(jsonLine, (line) => {
        const out = compact(line.toString());
        expect(JSON.parse(out)).toEqual(JSON.parse(line.toString()));
        expect(compact(out)).toBe(out);
        expect(out.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')).not.toMatch(/\s/);
      }),
    );
  });
});
