import { describe, expect, it } from 'vitest';
import { recordCheck } from '../../../src/encode/validate.ts';
import { TargetError } from '../../../src/errors/target-error.ts';
import { chunk, encode, line, version } from './encoder-input.ts';

/** What is wrong with a record under the schema of its properties; undefined when nothing is. */
function problem(properties: object, record: string, rest: object = {}): TargetError | undefined {
  const bytes = Buffer.from(`x${record}x`);
  const check = recordCheck(version({ validate: { type: 'object', properties, ...rest } }))!;
  try {
    check.assert(bytes, 1, bytes.length - 1);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TargetError);
    return error as TargetError;
  }
}

describe('records that are validated', () => {
  it('pass when they keep to their schema', () => {
    const properties = { id: { type: 'integer', minimum: 1 }, at: { type: ['null', 'string'], format: 'date-time' } };
    expect(problem(properties, '{"id":1,"at":"2024-01-01T00:00:00Z"}')).toBeUndefined();
    expect(problem(properties, '{"id":1,"at":null,"extra":1}')).toBeUndefined();
  });

  it('have no properties but their own', () => {
    const text = { type: 'string' };
    for (const name of ['constructor', 'toString', 'valueOf']) {
      expect(problem({ [name]: text }, '{"id":1}'), name).toBeUndefined();
      expect(problem({ [name]: text }, `{"${name}":1}`), name).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
      expect(problem({}, '{"id":1}', { required: [name] }), name).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    }
    const proto = JSON.parse('{"__proto__":{"type":"string"}}');
    expect(problem(proto, '{"__proto__":"x"}')).toBeUndefined();
    expect(problem(proto, '{"__proto__":1}')).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
  });

  it('may have long lists without repeats, which are compared in linear time', () => {
    const properties = { a: { type: 'array', uniqueItems: true } };
    const items = Array.from({ length: 200_000 }, (_, id) => ({ id, name: `n ${id}` }));
    // in pairs, this takes a quarter of an hour
    expect(problem(properties, JSON.stringify({ a: items }))).toBeUndefined();
    expect(problem(properties, JSON.stringify({ a: [...items, { name: 'n 7', id: 7 }] }))?.message).toContain(
      'duplicate',
    );
  }, 30_000);

  it.each([
    ['[1,1.0]', true],
    ['["1",1]', false],
    ['[{"a":1,"b":2},{"b":2,"a":1}]', true],
    ['[[1,2],[2,1]]', false],
    ['[{"1":0,"a":0},{"a":0,"1":0}]', true],
    ['[null,0,false,""]', false],
    ['[{"members":["a",1]},{"a":1}]', false],
  ])('of the list %s it is known whether it repeats: %s', (list, repeats) => {
    expect(problem({ a: { uniqueItems: true } }, `{"a":${list}}`) !== undefined).toBe(repeats);
    expect(problem({ a: { uniqueItems: false } }, `{"a":${list}}`)).toBeUndefined();
  });

  it('are validated at once, whatever the schema says of promises', () => {
    const rest = { $async: true };
    expect(problem({ id: { type: 'integer', $async: true } }, '{"id":1}', rest)).toBeUndefined();
    expect(problem({ id: { type: 'integer' } }, '{"id":"x"}', rest)).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    expect(problem({ $async: { type: 'integer' } }, '{"$async":"x"}'), 'a property of that name').toMatchObject({
      context: { column: '$async' },
    });
  });

  it('that are nested too deeply, or whose schema is, are an error of the input', () => {
    const list = { type: 'array', items: { $ref: '#/definitions/list' } };
    const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(problem({ a: list }, deep, { definitions: { list } })).toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: 'the record is nested too deeply for "validate_records"',
    });
    let schema: object = { type: 'integer' };
    for (let depth = 0; depth < 100_000; depth++) schema = { type: 'array', items: schema };
    expect(problem({ a: schema }, '{"a":[]}')).toMatchObject({ code: 'INPUT_SCHEMA_INVALID' });
  });

  it('are refused without the keys of maps, which are data', () => {
    const properties = { m: { type: 'object', additionalProperties: { properties: { n: { type: 'integer' } } } } };
    const found = problem(properties, '{"m":{"john.doe@example.com":{"n":"x"}}}')!;
    expect(found.context.column).toBe('m.*.n');
    expect(found.message).not.toContain('john');
  });

  it('are refused by the name of the property and the rule, without the value', () => {
    const found = problem({ o: { properties: { tag: { maxLength: 3 } } } }, '{"o":{"tag":"s3cr3t"}}')!;
    expect(found).toMatchObject({ code: 'INPUT_VALUE_INVALID', context: { column: 'o.tag' } });
    expect(found.message).toContain('3 characters');
    expect(JSON.stringify([found.message, found.context])).not.toContain('s3cr3t');
  });

  it('may lack nothing that is required', () => {
    expect(problem({}, '{}', { required: ['id'] })?.message).toContain("'id'");
  });

  it.each([
    ['{"n":0}', true],
    ['{"n":0.5}', false],
  ])('know the exclusive minimum of draft-04, which taps write without saying so: %s', (record, isRefused) => {
    for (const $schema of [
      undefined,
      'http://json-schema.org/draft-04/schema#',
      'http://json-schema.org/draft-07/schema#',
    ])
      expect(problem({ n: { minimum: 0, exclusiveMinimum: true } }, record, { $schema }) !== undefined).toBe(isRefused);
  });

  it.each([
    'http://json-schema.org/draft-06/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
    'https://example.com/own-dialect',
  ])('may be described in %s', ($schema) => {
    expect(problem({ n: { exclusiveMinimum: 0 } }, '{"n":0}', { $schema })?.code).toBe('INPUT_VALUE_INVALID');
    expect(problem({ n: { exclusiveMinimum: 0 } }, '{"n":1}', { $schema })).toBeUndefined();
  });

  it.each([
    [0.01, '4.35', true],
    [0.01, '123456789.01', true],
    [0.01, '4.355', false],
    [1e-38, '12345.678', true],
    [1e-38, '1e300', true],
    [1e-9, '0.07', true],
    [5, '15', true],
    [5, '16', false],
    [0.1, '-0.3', true],
    [0.1, '0', true],
  ])('are judged as decimals by a multipleOf of %d: %s', (multipleOf, value, isMultiple) => {
    expect(problem({ n: { type: 'number', multipleOf } }, `{"n":${value}}`) === undefined).toBe(isMultiple);
  });

  it.each([
    ['exclusiveMaximum', 2 ** 63, '9223372036854775807', true],
    ['exclusiveMaximum', 2 ** 63, '9223372036854777856', false],
    ['exclusiveMinimum', -(2 ** 63), '-9223372036854775807', true],
    ['exclusiveMinimum', -(2 ** 63), '-9223372036854777856', false],
    ['exclusiveMaximum', 7, '7', false],
    ['maximum', 2 ** 53, '9007199254740993', true],
    ['maximum', 2 ** 53, '9007199254740994', false],
  ])('are not refused for digits that a double lacks: %s %d, %s', (rule, limit, value, isValid) => {
    expect(problem({ n: { [rule]: limit } }, `{"n":${value}}`) === undefined).toBe(isValid);
    const ofDraft04 = { [rule.replace('exclusiveM', 'm')]: limit, [rule]: true };
    if (rule.startsWith('exclusive'))
      expect(problem({ n: ofDraft04 }, `{"n":${value}}`) === undefined, 'draft-04').toBe(isValid);
  });

  it.each([
    ['date-time', '2024-01-01T10:00:00', true],
    ['date-time', '2024-01-01 10:00:00.5', true],
    ['date-time', '2024-01-01T10:00:00+0200', true],
    ['date-time', '2024-01-01T10:00Z', true],
    ['date-time', '2024-01-01', true],
    ['date-time', '2016-12-31T12:00:60Z', true],
    ['date-time', '0001-01-01T00:00:00+01:00', false],
    ['date-time', '2023-02-29T00:00:00Z', false],
    ['date-time', 'soon', false],
    ['date', '2024-02-29', true],
    ['date', '2024-02-29T00:00:00Z', true],
    ['date', '2024-02-29T00:00:01Z', false],
    ['date', '2023-02-29', false],
    ['time', '10:00:00', true],
    ['time', '10:00:00.25', true],
    ['time', '10:00:00+02:00', true],
    ['time', '10:00', true],
    ['time', '25:00:00', false],
    ['time', 'T10:00:00', false],
    ['time', '', false],
  ])('have a %s where its column takes it: %s', (format, value, isValid) => {
    expect(problem({ v: { type: 'string', format } }, JSON.stringify({ v: value })) === undefined).toBe(isValid);
  });

  it('are compared as instants where formats have limits', () => {
    const noon = { type: 'string', format: 'date-time', formatMinimum: '2024-01-01T12:00:00Z' };
    expect(problem({ v: noon }, '{"v":"2024-01-01 14:00:00+02:00"}')).toBeUndefined();
    expect(problem({ v: noon }, '{"v":"2024-01-01 13:59:59+02:00"}')).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    expect(problem({ v: noon }, '{"v":"2024-01-01T11:59:59.999999"}')).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
  });

  it('may have formats and keywords that only taps know', () => {
    const properties = {
      d: { type: 'string', format: 'singer.decimal', additionalProperties: { scale_precision: '(12,2)' } },
    };
    expect(problem(properties, '{"d":"1.50"}')).toBeUndefined();
  });

  it.each([
    [{ additionalProperties: false }],
    [{ unevaluatedProperties: false, $schema: 'https://json-schema.org/draft/2020-12/schema' }],
    [{ additionalProperties: { type: 'integer' } }],
    [{ propertyNames: { maxLength: 3 } }],
    [{ maxProperties: 1 }],
    [{ additionalProperties: false, $schema: 'http://json-schema.org/draft-04/schema#' }],
  ])("may carry the protocol's own fields, in any case: %j", (rest) => {
    const properties = { id: { type: 'integer' } };
    const own = '"_sdc_sequence":"x","_SDC_Deleted_At":null,"_sdc_extracted_at":"y"';
    expect(problem(properties, `{"id":1,${own}}`, rest)).toBeUndefined();
    expect(problem(properties, `{"id":1,${own},"other":"x"}`, rest)).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    expect(problem(properties, `{"id":"1",${own}}`, rest)).toMatchObject({ context: { column: 'id' } });
  });

  it('keep to what the schema says of a field of the protocol', () => {
    const properties = { id: {}, _sdc_sequence: { type: 'integer' } };
    expect(problem(properties, '{"_sdc_sequence":"x"}')).toMatchObject({ context: { column: '_sdc_sequence' } });
    expect(problem(properties, '{"_sdc_sequence":1}')).toBeUndefined();
    expect(problem(properties, '{"o":{"_sdc_a":1}}', { additionalProperties: false })?.code).toBe(
      'INPUT_VALUE_INVALID',
    );
    const deletedAt = { _sdc_deleted_at: { type: ['null', 'string'], format: 'date-time' } };
    expect(problem(deletedAt, '{"_sdc_deleted_at":"2024-01-01T00:00:00+00:00+00:00"}')).toBeUndefined();
    expect(problem(deletedAt, '{"_sdc_deleted_at":"soon"}')).toMatchObject({ context: { column: '_sdc_deleted_at' } });
  });

  const part = { properties: { id: { type: 'integer' }, o: { $ref: '#' } }, required: ['id', 'a'] };
  it.each([
    ['at the root', { ...part, minProperties: 3 }],
    ['in allOf', { allOf: [part] }],
    ['in anyOf', { anyOf: [part, { required: ['b'], properties: { id: { type: 'integer' } } }] }],
    ['in oneOf', { oneOf: [part, { required: ['b'], properties: { id: { type: 'integer' } } }] }],
    ['by reference', { $ref: '#/definitions/all~1parts', definitions: { 'all/parts': part } }],
    ['where a reference comes back', { ...part, anyOf: [{ $ref: '#/definitions/x' }], definitions: { x: part } }],
    ['in then', { if: { properties: { id: true } }, ...Object.fromEntries([['then', part]]) }],
    ['in else', { if: { required: ['z'] }, else: part }],
    ['by dependencies', { ...part, dependencies: { id: ['a'], o: part } }],
    ['of 2019', { ...part, dependentRequired: { id: ['a'] }, $schema: 'https://json-schema.org/draft/2019-09/schema' }],
    ['beside not', { ...part, not: { properties: { a: { const: 1 } } } }],
  ])('that only mark a delete need not carry what is required %s', (_, rest) => {
    const properties = { id: { type: 'integer' } };
    const marker = '"_SDC_DELETED_AT":"2024-01-01T00:00:00Z"';
    const odd = { ...rest, type: 'integr' };
    expect(problem(properties, `{"id":1,${marker}}`, odd), 'whatever type the schema gives records').toBeUndefined();
    expect(problem(properties, '{"id":1}', rest), 'no marker').toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    expect(problem(properties, '{"id":1,"_sdc_deleted_at":null}', rest)).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
    expect(problem(properties, `{"id":1,${marker}}`, rest)).toBeUndefined();
    expect(problem(properties, `{"id":"x",${marker}}`, rest), 'a bad value').toMatchObject({
      code: 'INPUT_VALUE_INVALID',
    });
  });

  it('that only mark a delete keep to what is required below them, and to the fields that there may be', () => {
    const properties = { o: { properties: { a: { $ref: '#/definitions/a' } }, required: ['a'] } };
    const rest = { additionalProperties: false, definitions: { a: { required: ['x'] } } };
    const marker = '"_sdc_deleted_at":"2024-01-01T00:00:00Z"';
    expect(problem(properties, `{${marker},"o":{"a":{"x":1}}}`, rest)).toBeUndefined();
    for (const bad of ['"o":{}', '"o":{"a":{}}', '"b":1'])
      expect(problem(properties, `{${marker},${bad}}`, rest), bad).toMatchObject({ code: 'INPUT_VALUE_INVALID' });
  });

  it('end the run at the first record when the schema makes no sense, as what it is', () => {
    const given = version({ validate: { properties: { id: { type: 'intger' } } } });
    const [result] = encode([given], chunk(`\n${line('{"id":1}')}`));
    expect(result).toMatchObject({
      segments: [],
      failure: { code: 'INPUT_SCHEMA_INVALID', context: { stream: 'orders' }, linesBefore: 1 },
    });
  });

  it('are refused by their stream and column while they are encoded', () => {
    const given = version({ validate: { properties: { name: { minLength: 2 } } } });
    const [result] = encode([given], chunk(line('{"id":1,"name":"ab"}') + line('{"id":2,"name":"a"}')));
    expect(result).toMatchObject({
      segments: [{ rows: 1 }],
      failure: {
        code: 'INPUT_VALUE_INVALID',
        context: { stream: 'orders', column: 'name', record: 'id=2' },
        linesBefore: 1,
      },
    });
  });

  it.each([
    ['csv', 'row loop'],
    ['csv', 'files'],
    ['parquet', 'row loop'],
    ['parquet', 'files'],
  ] as const)('pass as delete markers on every way to %s: %s', (format, way) => {
    const validate = {
      properties: { id: {}, name: { maxLength: 3 } },
      required: ['name'],
      additionalProperties: false,
    };
    const given = [version({ validate, deletes: 'hard', metadata: true })];
    const marker = '"_sdc_deleted_at":"2024-01-01T00:00:00Z"';
    const records = Array.from({ length: 20 }, (_, id) =>
      id % 3 === 2 ? `{"id":${id},${marker}}` : `{"id":${id},"name":"ab"}`,
    );
    const encodeAll = () => {
      const file = { name: 'a.json', line: { kind: 'bare', stream: 'orders' } } as const;
      if (way === 'files')
        return encode(given, { ...chunk(records.map((record) => `${record}\n`).join('')), file }, 1e6, format)[0]!;
      return encode(given, chunk(records.map((record) => line(record)).join('')), 1e6, format, 'always')[0]!;
    };
    const good = encodeAll();
    expect([good.failure, good.segments.reduce((sum, { rows }) => sum + rows, 0)]).toEqual([undefined, 20]);
    records[17] = `{"id":17,"name":"abcd",${marker}}`;
    expect(encodeAll().failure).toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      linesBefore: 17,
      context: { column: 'name' },
    });
    records[17] = '{"id":17}';
    expect(encodeAll().failure).toMatchObject({ code: 'INPUT_VALUE_INVALID', linesBefore: 17 });
  });

  it.each(['csv', 'parquet'] as const)('are encoded by the row loop when they pass, to %s', (format) => {
    const given = [
      version({ validate: { properties: { name: { minLength: 2 } } } }),
      version({ id: 1, stream: 'others', validate: { properties: { id: { maximum: 60 } } } }),
    ];
    const lines = Array.from({ length: 60 }, (_, id) =>
      line(`{"id":${id},"name":"ab"}`, id < 30 ? 'orders' : 'others'),
    );
    const [good] = encode(given, chunk(lines.join(''), 2), 7, format, 'always');
    const slowLines = good!.segments.reduce((sum, segment) => sum + segment.slowLines, 0);
    expect(good!.segments.reduce((sum, segment) => sum + segment.rows, 0)).toBe(60);
    // the first of each stream teaches it the order of the keys
    expect(slowLines).toBe(2);

    lines[45] = line('{"id":61,"name":"ab"}', 'others');
    const [bad] = encode(given, chunk(lines.join(''), 2), 7, format, 'always');
    expect(bad!.segments.reduce((sum, segment) => sum + segment.rows, 0)).toBe(45);
    expect(bad!.failure).toMatchObject({ code: 'INPUT_VALUE_INVALID', linesBefore: 45, context: { column: 'id' } });
  });
});
