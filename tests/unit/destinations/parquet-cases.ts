// Values in Parquet files: what becomes of each, in every warehouse. Written by DuckDB, whose SQL the values are.

export interface KeptValue {
  readonly what: string;
  /** JSON Schema of the property. */
  readonly type: object;
  readonly value: string;
  /** As text, where timestamps end with their last digit that is not 0. */
  readonly expected: string | null;
  /** Where Spark's text of the value differs. */
  readonly inSpark?: string;
}

export interface RefusedValue {
  readonly what: string;
  readonly type: object;
  readonly value: string;
  /** Spark can't read the file at all. */
  readonly unreadableInSpark?: true;
}

const integer = { type: 'integer' };
const number = { type: 'number' };
const decimal = { type: 'number', multipleOf: 0.01 };
const text = { type: 'string' };
const dateTime = { type: 'string', format: 'date-time' };
const date = { type: 'string', format: 'date' };

const kept = (what: string, type: object, value: string, expected: string | null, inSpark?: string): KeptValue => ({
  ...{ what, type, value, expected },
  ...(inSpark !== undefined && { inSpark }),
});

export const keptValues: readonly KeptValue[] = [
  kept('a small integer', integer, '5::TINYINT', '5'),
  kept('the largest integer', integer, '9223372036854775807', '9223372036854775807'),
  kept('an unsigned integer', integer, '5::UBIGINT', '5'),
  kept('an integer that is a double', integer, '7::DOUBLE', '7'),
  kept('an integer that is a decimal', integer, '7.00::DECIMAL(10,2)', '7'),
  kept('nothing', integer, 'NULL::DOUBLE', null),
  kept('nothing of another type', integer, 'NULL::VARCHAR', null),
  kept('a decimal of another scale', decimal, '12.340::DECIMAL(38,9)', '12.34'),
  kept(
    'a decimal of 38 digits',
    decimal,
    '123456789012345678901234567890123456.78::DECIMAL(38,2)',
    '123456789012345678901234567890123456.78',
  ),
  kept('a decimal that is a double', decimal, '0.1::DOUBLE', '0.10'),
  kept('a decimal that is a large double', decimal, '1e15::DOUBLE', '1000000000000000.00'),
  kept('a decimal that is an integer', decimal, '7', '7.00'),
  kept('a double', number, '0.1::DOUBLE', '0.1'),
  kept('a NaN', number, "'nan'::DOUBLE", 'nan', 'NaN'),
  kept('a double that is an integer', number, '9007199254740992', '9007199254740992.0', '9.007199254740992E15'),
  kept('a double that is a decimal', number, '0.1::DECIMAL(10,3)', '0.1'),
  kept('an instant', dateTime, "TIMESTAMPTZ '2024-02-29 12:00:00.123456+02'", '2024-02-29 10:00:00.123456'),
  kept('a time without a zone', dateTime, "TIMESTAMP '2024-02-29 12:00:00.5'", '2024-02-29 12:00:00.5'),
  kept('a time of the year 1', dateTime, "TIMESTAMP '0001-01-01 00:00:00'", '0001-01-01 00:00:00'),
  kept('a day as a time', dateTime, "DATE '2024-02-29'", '2024-02-29 00:00:00'),
  kept('a text with an offset', dateTime, "'2024-02-29T12:00:00+02:00'", '2024-02-29 10:00:00'),
  kept('a text with a short offset', dateTime, "'2024-02-29T12:00:00-0030'", '2024-02-29 12:30:00'),
  kept('a text without seconds', dateTime, "'2024-02-29 12:00'", '2024-02-29 12:00:00'),
  kept('a text with a fraction', dateTime, "'2024-02-29T12:00:00.100Z'", '2024-02-29 12:00:00.1'),
  kept('a text in lower case', dateTime, "'2024-02-29t12:00:00z'", '2024-02-29 12:00:00'),
  kept('a day in a text as a time', dateTime, "'2024-02-29'", '2024-02-29 00:00:00'),
  kept('a day', date, "DATE '1582-10-10'", '1582-10-10'),
  kept('a day in a text', date, "'2024-02-29'", '2024-02-29'),
  kept('midnight in a text', date, "'2024-02-29T00:00:00Z'", '2024-02-29'),
  kept('midnight', date, "TIMESTAMP '2024-02-29 00:00:00'", '2024-02-29'),
  kept('an empty text', text, "''", ''),
  kept('a text that is NULL', text, "'NULL'", 'NULL'),
  kept('a text of strange characters', text, "chr(10) || '\"é😀' || chr(13)", '\n"é😀\r'),
  kept('an instant as a text', text, "TIMESTAMPTZ '2024-02-29 12:00:00.5Z'", '2024-02-29T12:00:00.5Z'),
  kept('a time without a zone as a text', text, "TIMESTAMP '2024-02-29 12:00:00'", '2024-02-29T12:00:00'),
  kept('a day as a text', text, "DATE '2024-02-29'", '2024-02-29'),
  kept('true', { type: 'boolean' }, 'true', 'true'),
  kept(
    'an object',
    { type: 'object' },
    '{b: 12345678901234567890.123456789::DECIMAL(38,9), a: [1, NULL], c: NULL::INTEGER}',
    '{"b":12345678901234567890.123456789,"a":[1,null],"c":null}',
  ),
  kept('no object', { type: 'object' }, 'NULL::STRUCT(a INTEGER)', null),
  kept('a map', { type: 'object' }, "MAP {'k': 1}", '{"k":1}'),
  kept('a list', { type: 'array' }, "['x', NULL]", '["x",null]'),
  kept('a number in a column of any type', {}, '1.5::DOUBLE', '1.5'),
  kept('a text in a column of any type', {}, "'x'", 'x'),
];

const refused = (what: string, type: object, value: string, unreadableInSpark?: true): RefusedValue => ({
  ...{ what, type, value },
  ...(unreadableInSpark && { unreadableInSpark }),
});

export const refusedValues: readonly RefusedValue[] = [
  refused('a fraction', integer, '1.5::DOUBLE'),
  refused('a number beyond 64 bits', integer, '9223372036854775808::UBIGINT'),
  refused('a NaN as an integer', integer, "'nan'::DOUBLE"),
  refused('a number where a text is declared', text, '1'),
  refused('a text where a number is declared', integer, "'1'"),
  refused('a number where a boolean is declared', { type: 'boolean' }, '1'),
  refused('digits beyond the scale', decimal, '0.001::DECIMAL(10,3)'),
  refused('digits beyond the scale, of a double', decimal, '0.001::DOUBLE'),
  refused('digits beyond the precision', decimal, '1e37::DOUBLE'),
  refused('an integer that no double equals', number, '9007199254740993'),
  refused('a decimal that no double equals', number, '1.12345678901234567890::DECIMAL(38,20)'),
  refused('nanoseconds', dateTime, "TIMESTAMP_NS '2024-02-29 12:00:00.123456789'", true),
  refused('nanoseconds in a text', dateTime, "'2024-02-29T12:00:00.1234567Z'"),
  refused('a day that is none', dateTime, "'2023-02-29T12:00:00Z'"),
  refused('an hour that is none', dateTime, "'2023-02-28T25:00:00Z'"),
  refused('a text that is no time', dateTime, "'yesterday'"),
  refused('a line feed behind a time', dateTime, "'2024-02-29T12:00:00Z' || chr(10)"),
  refused('a year alone', dateTime, "'2024'"),
  refused('a time of day in a day', date, "TIMESTAMP '2024-02-29 12:00:00'"),
  refused('a time of day in the text of a day', date, "'2024-02-29T12:00:00Z'"),
  refused('bytes', text, "'ab'::BLOB"),
  refused('a list where a text is declared', text, "['x']"),
];
