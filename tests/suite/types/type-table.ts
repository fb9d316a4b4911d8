// What becomes of each JSON Schema type: docs/types.md is made of this table, and every line of it is tested on both warehouses.

export interface TypeRow {
  readonly name: string;
  readonly schema: object;
  /** The values are keys: `null` is not among them. */
  readonly isKey?: true;
  readonly options?: { readonly number_type?: 'decimal' | 'string'; readonly nested_columns?: 'struct' };
  readonly spark: string;
  readonly duckdb: string;
  readonly kind: 'text' | 'double' | 'decimal' | 'time' | 'nested';
  /** JSON text as sent → what the column holds, as text. */
  readonly exact: Readonly<Record<string, string>>;
  /** Held approximately, counted and reported at the end of the run. */
  readonly counted?: Readonly<Record<string, string>>;
  /** JSON text → why it ends the run. */
  readonly fails: Readonly<Record<string, string>>;
  /** Where a value that fails is not the column itself but a member. */
  readonly failsAt?: Readonly<Record<string, string>>;
}

const nullable = (type: string, more: object = {}) => ({ type: ['null', type], ...more });
const text = (value: string) => JSON.stringify(value);
const hostile =
  'NUL \u0000 CR \r LF \n CRLF \r\n quotes " \' ` backslash \\ \\N NULL BOM \ufeff LS \u2028 𝄞 é e\u0301, tab\t';

const roughKey =
  'a DOUBLE can\'t hold the key exactly: set "number_type" to "decimal" or "string", or declare "multipleOf"';

export const typeTable: readonly TypeRow[] = [
  {
    name: 'boolean',
    schema: nullable('boolean'),
    spark: 'BOOLEAN',
    duckdb: 'BOOLEAN',
    kind: 'text',
    exact: { true: 'true', false: 'false' },
    fails: {
      '1': 'found an integer where the schema says boolean',
      '"true"': 'found a string where the schema says boolean',
    },
  },
  {
    name: 'integer',
    schema: nullable('integer'),
    spark: 'BIGINT',
    duckdb: 'BIGINT',
    kind: 'text',
    exact: {
      '0': '0',
      '-0': '0',
      '9223372036854775807': '9223372036854775807',
      '-9223372036854775808': '-9223372036854775808',
      '9007199254740993': '9007199254740993',
      '1.0': '1',
      '12e3': '12000',
    },
    fails: {
      '9223372036854775808': 'the integer is beyond 64 bits',
      '1.5': 'the number has a fraction where the schema says integer',
      '"1"': 'found a string where the schema says integer',
      NaN: 'found NaN or Infinity where the schema says integer',
    },
  },
  {
    name: 'integer with bounds beyond 64 bits',
    schema: nullable('integer', { maximum: 1e38 }),
    spark: 'DECIMAL(38,0)',
    duckdb: 'DECIMAL(38,0)',
    kind: 'decimal',
    exact: { '99999999999999999999999999999999999999': '99999999999999999999999999999999999999', '-1': '-1' },
    fails: {
      '100000000000000000000000000000000000000':
        "the number has more digits before the point than the column's DECIMAL(38,0) holds",
    },
  },
  {
    name: 'number',
    schema: nullable('number'),
    spark: 'DOUBLE',
    duckdb: 'DOUBLE',
    kind: 'double',
    exact: {
      '0.1': '0.1',
      '-0.0': '-0',
      '1E-9': '1e-9',
      '5e-324': '5e-324',
      '1.7976931348623157e308': '1.7976931348623157e308',
      '12345.67': '12345.67',
      NaN: 'NaN',
      Infinity: 'Infinity',
      '-Infinity': '-Infinity',
    },
    counted: { '0.1234567890123456789': '0.12345678901234568', '9007199254740993': '9007199254740992', '1e-400': '0' },
    fails: {
      '1e400': 'the number is beyond the range of a double',
      '"1"': 'found a string where the schema says number',
    },
  },
  {
    name: 'number with multipleOf (or precision and scale)',
    schema: nullable('number', { multipleOf: 0.01 }),
    spark: 'DECIMAL(38,2)',
    duckdb: 'DECIMAL(38,2)',
    kind: 'decimal',
    exact: {
      '12.34': '12.34',
      '-0.10': '-0.1',
      '1e2': '100',
      '123456789012345678901234567890123456.78': '123456789012345678901234567890123456.78',
    },
    fails: {
      '0.001':
        'the number has more digits after the point than the column\'s DECIMAL(38,2) holds, whose scale the schema sets (such as by "multipleOf")',
      '1234567890123456789012345678901234567':
        "the number has more digits before the point than the column's DECIMAL(38,2) holds",
    },
  },
  {
    name: 'number, "number_type": "decimal"',
    schema: nullable('number'),
    options: { number_type: 'decimal' },
    spark: 'DECIMAL(38,9)',
    duckdb: 'DECIMAL(38,9)',
    kind: 'decimal',
    exact: { '12345678901234567890.123456789': '12345678901234567890.123456789', '1E-9': '0.000000001' },
    fails: {
      '1E-10':
        'the number has more digits after the point than the column\'s DECIMAL(38,9) holds, whose scale the schema sets (such as by "multipleOf")',
      NaN: 'found NaN or Infinity where the schema says number',
    },
  },
  {
    name: 'number, "number_type": "string"',
    schema: nullable('number'),
    options: { number_type: 'string' },
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: {
      '1.50': '1.50',
      '12345678901234567890.12345678901234567890': '12345678901234567890.12345678901234567890',
      '1e400': '1e400',
    },
    fails: { '"1"': 'found a string where the schema says number' },
  },
  {
    name: 'string',
    schema: nullable('string'),
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: {
      '""': '',
      '"NULL"': 'NULL',
      '"\\u00e9\\ud834\\udd1e\\/"': 'é𝄞/',
      [text(hostile)]: hostile,
      '"  spaces  "': '  spaces  ',
    },
    counted: {
      '1.50': '1.50',
      '12345678901234567890': '12345678901234567890',
      true: 'true',
      NaN: 'NaN',
      '{"b": 1.0, "a": ["\\u00e9"]}': '{"b": 1.0, "a": ["\\u00e9"]}',
    },
    fails: {
      '"\\ud834"': 'the text holds half of a surrogate pair, which no UTF-8 text can hold',
    },
  },
  {
    name: 'string, format date-time',
    schema: nullable('string', { format: 'date-time' }),
    spark: 'TIMESTAMP',
    duckdb: 'TIMESTAMP',
    kind: 'time',
    exact: {
      '"2024-02-29T12:34:56Z"': '2024-02-29 12:34:56',
      '"2024-02-29T12:34:56.123456+00:00"': '2024-02-29 12:34:56.123456',
      '"2024-02-29 12:34:56.5"': '2024-02-29 12:34:56.5',
      '"2024-03-01T00:30:00+01:00"': '2024-02-29 23:30:00',
      '"2023-12-31T23:30:00-0100"': '2024-01-01 00:30:00',
      '"1890-01-01T00:00:00+00:53:28"': '1889-12-31 23:06:32',
      '"2024-02-29T24:00:00Z"': '2024-03-01 00:00:00',
      '"2016-12-31T23:59:60Z"': '2017-01-01 00:00:00',
      '"2024-02-29"': '2024-02-29 00:00:00',
      '"0001-01-01T00:00:00Z"': '0001-01-01 00:00:00',
      '"1582-10-10T00:00:00Z"': '1582-10-10 00:00:00',
      '"9999-12-31T23:59:59.999999Z"': '9999-12-31 23:59:59.999999',
    },
    counted: { '"2024-02-29T12:34:56.123456789Z"': '2024-02-29 12:34:56.123456' },
    fails: {
      '"yesterday"': 'the text is no date-time: its form (RFC 3339) is wrong, or there is no such day or time',
      '"2023-02-29T00:00:00Z"':
        'the text is no date-time: its form (RFC 3339) is wrong, or there is no such day or time',
      '"12:34:56"': 'the text is no date-time: its form (RFC 3339) is wrong, or there is no such day or time',
      '"0001-01-01T00:00:00+01:00"': 'the date-time lies outside of the years 1 to 9999 in UTC',
      '1709210096': 'found an integer where the schema says string',
    },
  },
  {
    name: 'string, format date',
    schema: nullable('string', { format: 'date' }),
    spark: 'DATE',
    duckdb: 'DATE',
    kind: 'text',
    exact: {
      '"2024-02-29"': '2024-02-29',
      '"2024-02-29T00:00:00Z"': '2024-02-29',
      '"0001-01-01"': '0001-01-01',
      '"9999-12-31"': '9999-12-31',
    },
    fails: {
      '"2024-02-29T01:00:00Z"': 'the value has a time of day where the schema says date',
      '"29.02.2024"': 'the text is no date (YYYY-MM-DD)',
    },
  },
  {
    name: 'string in a key',
    schema: { type: 'string' },
    isKey: true,
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '"1"': '1', '""': '' },
    fails: {
      '1': 'found an integer where the schema says string',
      true: 'found a boolean where the schema says string',
    },
  },
  {
    name: 'number in a key',
    schema: { type: 'number' },
    isKey: true,
    spark: 'DOUBLE',
    duckdb: 'DOUBLE',
    kind: 'double',
    exact: { '0.1': '0.1', '-0.0': '0', '1e300': '1e300', NaN: 'NaN' },
    fails: {
      '9007199254740993': roughKey,
      '0.1234567890123456789': roughKey,
      '1e-400': roughKey,
    },
  },
  {
    name: 'string, format date-time in a key',
    schema: { type: 'string', format: 'date-time' },
    isKey: true,
    spark: 'TIMESTAMP',
    duckdb: 'TIMESTAMP',
    kind: 'time',
    exact: { '"2024-02-29T12:34:56.123456Z"': '2024-02-29 12:34:56.123456', '"2024-02-29"': '2024-02-29 00:00:00' },
    fails: {
      '"2024-02-29T12:34:56.1234567Z"':
        'a TIMESTAMP can\'t hold a key that is finer than a microsecond: declare the key without "format"',
      '"2016-12-31T23:59:60Z"':
        'a TIMESTAMP can\'t tell a leap second from the second after it: declare the key without "format"',
    },
  },
  {
    name: 'several types in a key',
    schema: { type: ['number', 'string'] },
    isKey: true,
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '1.50': '1.5', '2e2': '200', '-0': '0', '"007"': '007', '"1.50"': '1.50' },
    fails: {
      '"1.5"':
        "the string can't be told from the number that is written so: declare one type for the key in the catalog",
      true: 'found a boolean where the schema says number or string',
    },
  },
  {
    name: 'string, any other format, or contentEncoding',
    schema: nullable('string', { format: 'uuid' }),
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '"6461746131"': '6461746131' },
    counted: { '26': '26' },
    fails: {},
  },
  {
    name: 'string, format time',
    schema: nullable('string', { format: 'time' }),
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '"12:34:56.123456789+02:00"': '12:34:56.123456789+02:00' },
    fails: { '123456': 'found an integer where the schema says string' },
  },
  {
    name: 'object, array',
    schema: nullable('object'),
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: {
      '{"b": 1.0, "a": [12345678901234567890, "\\u00e9"]}': '{"b": 1.0, "a": [12345678901234567890, "\\u00e9"]}',
      '[]': '[]',
      '"{\\"json\\": \\"in a string\\"}"': '{"json": "in a string"}',
      '1.50': '1.50',
    },
    fails: {},
  },
  {
    name: 'several types',
    schema: { type: ['null', 'integer', 'string'] },
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '"007"': '007', '7': '7' },
    fails: { true: 'found a boolean where the schema says number or string' },
  },
  {
    name: 'anyOf, oneOf: the narrowest common type',
    schema: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
    spark: 'TIMESTAMP',
    duckdb: 'TIMESTAMP',
    kind: 'time',
    exact: { '"2024-02-29T12:34:56Z"': '2024-02-29 12:34:56' },
    fails: { '"soon"': 'the text is no date-time: its form (RFC 3339) is wrong, or there is no such day or time' },
  },
  {
    name: 'no type at all',
    schema: {},
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '"text"': 'text', '{"a":1}': '{"a":1}', '1e400': '1e400', true: 'true' },
    fails: {},
  },
  {
    name: 'object with properties, "nested_columns": "struct"',
    schema: nullable('object', {
      properties: {
        id: nullable('integer'),
        day: nullable('string', { format: 'date' }),
        free: nullable('object'),
        note: nullable('string'),
      },
    }),
    options: { nested_columns: 'struct' },
    spark: 'STRUCT<id:BIGINT,day:DATE,free:STRING,note:STRING>',
    duckdb: 'STRUCT(id BIGINT, "day" DATE, free VARCHAR, note VARCHAR)',
    kind: 'nested',
    exact: {
      '{"day": "2024-02-29", "id": 9007199254740993}':
        '{"id":9007199254740993,"day":"2024-02-29","free":null,"note":null}',
      '{"id": null, "free": {"a": [1.50]}}': '{"id":null,"day":null,"free":"{\\"a\\": [1.50]}","note":null}',
      '{}': '{"id":null,"day":null,"free":null,"note":null}',
    },
    counted: { '{"note": 1.50}': '{"id":null,"day":null,"free":null,"note":"1.50"}' },
    fails: {
      '{"id": "1"}': 'found a string where the schema says integer',
      '{"day": "29.02.2024"}': 'the text is no date (YYYY-MM-DD)',
      '[]': 'found an array where the schema says object',
      '"{}"': 'found a string where the schema says object',
    },
    failsAt: { '{"id": "1"}': 'v.id', '{"day": "29.02.2024"}': 'v.day' },
  },
  {
    name: 'array with items, "nested_columns": "struct"',
    schema: nullable('array', { items: nullable('number') }),
    options: { nested_columns: 'struct' },
    spark: 'ARRAY<DOUBLE>',
    duckdb: 'DOUBLE[]',
    kind: 'nested',
    exact: { '[]': '[]', '[0.1, null, 1.5]': '[0.1,null,1.5]' },
    counted: { '[0.1234567890123456789]': '[0.12345678901234568]' },
    fails: {
      '[1, "2"]': 'found a string where the schema says number',
      '{}': 'found an object where the schema says array',
    },
    failsAt: { '[1, "2"]': 'v[]' },
  },
  {
    name: 'object or array of no fixed shape, "nested_columns": "struct"',
    schema: nullable('object', { additionalProperties: nullable('integer') }),
    options: { nested_columns: 'struct' },
    spark: 'STRING',
    duckdb: 'VARCHAR',
    kind: 'text',
    exact: { '{"b": 1.0, "a": null}': '{"b": 1.0, "a": null}', '[1]': '[1]' },
    fails: {},
  },
];
