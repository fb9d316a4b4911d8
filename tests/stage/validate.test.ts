import { describe, expect, it } from 'vitest';
import { TargetError } from '../../src/errors/target-error.ts';
import { recordCheck } from '../../src/stage/validate.ts';
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

  it('may have formats and keywords that only taps know', () => {
    const properties = {
      d: { type: 'string', format: 'singer.decimal', additionalProperties: { scale_precision: '(12,2)' } },
    };
    expect(problem(properties, '{"d":"1.50"}')).toBeUndefined();
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
      failure: { code: 'INPUT_VALUE_INVALID', context: { stream: 'orders', column: 'name' }, linesBefore: 1 },
    });
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
