// Mistakes of new users that a run meets: the destination, the DuckDB file, the tap → what the command says.
import { gzipSync } from 'node:zlib';
import {
  configuration,
  error,
  fix,
  lakehouse,
  line,
  type Mistake,
  oneRow,
  record,
  schema,
  unverified,
  usual,
} from './mistake.ts';

const duckdbFile = (mistake: string, more: Partial<Mistake> & Pick<Mistake, 'says'>): Mistake => ({
  mistake: `a DuckDB file ${mistake}`,
  args: usual,
  input: oneRow,
  exit: 4,
  ...more,
});

const cannotOpen = (reason: string) => `ERROR DESTINATION_FILE: ${reason}.`;

const badInput = (mistake: string, input: string | Uint8Array, ...says: readonly string[]): Mistake => ({
  mistake: `an input ${mistake}`,
  args: usual,
  input,
  exit: 3,
  says,
});

const lake = (mistake: string, answers: number, options: object, ...says: readonly string[]): Mistake => ({
  mistake: `a lakehouse ${mistake}`,
  args: ['--config', 'my.json'],
  files: { 'my.json': { ...lakehouse, ...options } },
  answers,
  exit: 4,
  says: [unverified, ...says],
});

const goes = 'INFO items goes into main.items in shop.duckdb';
const typed = line({
  ...{ type: 'SCHEMA', stream: 'items', key_properties: ['id'] },
  schema: {
    properties: {
      id: { type: 'integer' },
      qty: { type: 'integer' },
      at: { type: 'string', format: 'date-time' },
      price: { type: 'number', multipleOf: 0.01 },
    },
  },
});

const notFound = (path: string) => `https://127.0.0.1:LAKE${path} is not a lakehouse (HTTP 404)`;
export const runMistakes: readonly Mistake[] = [
  lake(
    'that refuses the user',
    401,
    {},
    error('DESTINATION_AUTH', 'https://127.0.0.1:LAKE/lakehouse/main refused the user (HTTP 401)'),
  ),
  lake(
    'behind a data plane that is not named',
    404,
    {},
    error(
      'DESTINATION_NOT_FOUND',
      `${notFound('/lakehouse/main')}: "data_plane" is not set, and today's iomete needs it`,
    ),
  ),
  lake(
    'behind a data plane that is misspelled',
    404,
    { data_plane: 'prod' },
    error('DESTINATION_NOT_FOUND', notFound('/data-plane/prod/lakehouse/main')),
  ),
  lake(
    'on a host that nobody knows',
    404,
    { host: 'lakehouse.invalid' },
    error(
      'DESTINATION_UNREACHABLE',
      'https://lakehouse.invalid:LAKE/lakehouse/main cannot be reached: nobody knows the host name (ENOTFOUND)',
    ),
  ),
  lake(
    'whose port speaks no TLS',
    404,
    { port: 'STORE' },
    error('DESTINATION_TLS', 'https://127.0.0.1:STORE/lakehouse/main does not speak TLS (EPROTO)').replace(
      fix('DESTINATION_TLS'),
      'Correct "host" and "port": they must be those at which the lakehouse is reached by https.',
    ),
  ),
  {
    mistake: 'a certificate authority that is none',
    args: ['--config', 'my.json'],
    files: { 'my.json': { ...lakehouse, tls_verify: true, tls_ca_file: 'ca.pem' }, 'ca.pem': 'no certificate' },
    exit: 2,
    says: configuration(
      '"tls_ca_file" is not in PEM form: ca.pem: name a file with the certificate of the authority, which begins with -----BEGIN CERTIFICATE-----',
    ),
  },
  lake(
    'that is stopped',
    503,
    {},
    error('DESTINATION_STARTING', 'the lakehouse at 127.0.0.1 is not ready: it is stopped, or still starting'),
  ),
  lake(
    'behind another port',
    404,
    { port: 1 },
    error('DESTINATION_UNREACHABLE', 'https://127.0.0.1:1/lakehouse/main cannot be reached (ECONNREFUSED)'),
  ),

  duckdbFile('that another program has open', {
    made: 'SELECT 1',
    isHeld: true,
    says: [error('DESTINATION_BUSY', 'the DuckDB file FOLDER/shop.duckdb is open in …')],
  }),
  duckdbFile('that is a folder', {
    files: { 'shop.duckdb': null },
    says: [cannotOpen('FOLDER/shop.duckdb is a folder, not a DuckDB file. Name a file with "duckdb_path"')],
  }),
  duckdbFile('that is no database', {
    files: { 'shop.duckdb': 'id,name\n' },
    says: [
      cannotOpen(
        'FOLDER/shop.duckdb is a file, but not a DuckDB database. Name another file with "duckdb_path", or move this one away',
      ),
    ],
  }),
  duckdbFile('in a folder that is not there', {
    args: [...usual, '--duckdb-path', 'nowhere/x.duckdb'],
    says: [
      cannotOpen(
        'the folder of the DuckDB file FOLDER/nowhere/x.duckdb does not exist. Make the folder, or correct "duckdb_path"',
      ),
    ],
  }),
  duckdbFile('that may not be written', {
    made: 'SELECT 1',
    isOpenToRoot: true,
    says: [
      cannotOpen(
        'this user may not open the DuckDB file FOLDER/shop.duckdb. Change the rights of the file and its folder, or name another file with "duckdb_path"',
      ),
    ],
  }),
  {
    mistake: 'a table that is a view',
    args: usual,
    made: 'CREATE VIEW items AS SELECT 1 AS id',
    input: oneRow,
    exit: 5,
    says: [
      'INFO items: 1 row read, 0 loaded in 0 loads, 1 not loaded',
      'INFO 0 rows of 1 stream (0.0 MB) in … s; no state',
      error('TABLE_IS_VIEW', 'stream "items": main.items is a view'),
    ],
  },

  {
    mistake: 'a tap that sends nothing',
    args: usual,
    exit: 0,
    says: [
      'WARNING no message came: did the tap start? Its own log tells. Nothing was loaded, and no state was written',
      'INFO 0 rows of 0 streams (0.0 MB) in … s; no state',
    ],
  },
  {
    mistake: 'a tap that sends blank lines only',
    args: usual,
    input: '\n  \n',
    exit: 0,
    says: [
      'WARNING no message came: did the tap start? Its own log tells. Nothing was loaded, and no state was written',
      'INFO 0 rows of 0 streams (0.0 MB) in … s; no state',
    ],
  },
  badInput(
    'with a record before its schema',
    record('items'),
    error('INPUT_RECORD_BEFORE_SCHEMA', 'line 1, stream "items": a RECORD before the SCHEMA of its stream'),
  ),
  badInput(
    'with an unknown message',
    line({ type: 'RECRD' }),
    error('INPUT_MESSAGE_UNKNOWN', 'line 1: a message of the unknown type "RECRD"'),
  ),
  badInput(
    'with a value that its column can not hold',
    line({
      ...{ type: 'SCHEMA', stream: 'items', key_properties: ['id'] },
      schema: { properties: { id: { type: 'integer' }, qty: { type: 'integer' } } },
    }) + line({ type: 'RECORD', stream: 'items', record: { qty: 'two', id: 17 } }),
    'INFO items goes into main.items in shop.duckdb',
    error(
      'INPUT_VALUE_INVALID',
      'line 2, stream "items", column "qty", record id=17: found a string where the schema says integer',
    ),
  ),
  ...[
    ['beyond 64 bits', { qty: 10n ** 20n }, 'the integer is beyond 64 bits'],
    [
      'that is no day of the calendar',
      { at: '2024-02-31' },
      'the text is no date-time: its form (RFC 3339) is wrong, or there is no such day or time',
    ],
    [
      'with more digits than its schema has',
      { price: 1.005 },
      'the number has more digits after the point than the column\'s DECIMAL(38,2) holds, whose scale the schema sets (such as by "multipleOf")',
    ],
  ].map(([mistake, value, why]) =>
    badInput(
      `with a value ${mistake}`,
      typed + line({ type: 'RECORD', stream: 'items', record: { id: 17, ...(value as object) } }),
      goes,
      error(
        'INPUT_VALUE_INVALID',
        `line 2, stream "items", column "${Object.keys(value as object)[0]}", record id=17: ${why}`,
      ),
    ),
  ),
  badInput(
    'without its key in a record',
    typed + line({ type: 'RECORD', stream: 'items', record: { qty: 1 } }),
    goes,
    error('INPUT_KEY_MISSING', 'line 2, stream "items", column "id": the record lacks its key property'),
  ),
  badInput(
    'with a key that is null',
    typed + line({ type: 'RECORD', stream: 'items', record: { id: null } }),
    goes,
    error('INPUT_KEY_MISSING', 'line 2, stream "items", column "id": the key property is null'),
  ),
  badInput(
    'with a key that its schema does not declare',
    schema('items', ['no']),
    error(
      'INPUT_SCHEMA_INVALID',
      'line 1, stream "items", column "no": the key property "no" is not among the properties of the schema: select it in the catalog, or choose another key',
    ),
  ),
  badInput(
    'with a misspelled type of its key',
    line({
      type: 'SCHEMA',
      stream: 'items',
      schema: { properties: { id: { type: 'integr' } } },
      key_properties: ['id'],
    }),
    error(
      'INPUT_SCHEMA_INVALID',
      'line 1, stream "items", column "id": the key property "id" has the type "integr", which JSON Schema does not know: correct the type',
    ),
  ),
  badInput(
    'of rows that no tap has read',
    line({ id: 1 }),
    error(
      'INPUT_MESSAGE_INVALID',
      'line 1: a JSON object without "type" is no Singer message; rows of plain JSON need a tap that reads them',
    ),
  ),
  badInput(
    'with lines of a log among the messages',
    `${schema('items')}INFO starting sync\n`,
    goes,
    error('INPUT_NOT_JSON', 'line 2: the line is no JSON message; it begins with "INFO starting sync"'),
  ),
  badInput(
    'of CSV',
    'id,name\n1,a\n',
    error('INPUT_NOT_JSON', 'line 1: the line is no JSON message; it begins with "id,name"'),
  ),
  badInput(
    'that is packed',
    gzipSync(oneRow),
    'ERROR INPUT_NOT_JSON: line 1: the input is gzip, and messages are plain text. Unpack it on its way: gunzip -c FILE | target-iomete ….',
  ),
  badInput(
    'in UTF-16',
    Buffer.from(`\ufeff${oneRow}`, 'utf16le'),
    'ERROR INPUT_NOT_JSON: line 1: the text is UTF-16LE, and messages are UTF-8. Let the tap write UTF-8, or convert the text: iconv -f UTF-16LE -t UTF-8. Windows PowerShell makes UTF-16 of what it pipes or redirects: use cmd.exe, or PowerShell 7.4 or later.',
  ),
  badInput(
    'that ends within a line',
    `${oneRow}{"type":"RECORD","stream":"items","rec`,
    goes,
    'INFO loaded 1 row of items in … s',
    'INFO items: 1 row read, 1 loaded in 1 load',
    'INFO 1 row of 1 stream (0.0 MB) in … s; no state',
    error('INPUT_TRUNCATED', 'line 3: the input ends within the line'),
  ),
  {
    mistake: 'a folder for staged files that is not there',
    args: [...usual, '--temp-dir', 'nowhere'],
    input: oneRow,
    exit: 6,
    says: [
      `ERROR STAGE_FAILED: Staged files can't be written to "FOLDER/nowhere": ENOENT: no such file or directory, mkdtemp '…'. Make the folder that "temp_dir" names, or name another.`,
    ],
  },
  badInput(
    'without a key',
    schema('items', []) + record('items'),
    error(
      'INPUT_KEY_REQUIRED',
      'line 1, stream "items": the stream has no key properties, and "primary_key_required" is on',
    ),
  ),
  badInput(
    'of two streams for one table',
    schema('items') + schema('Items'),
    'INFO items goes into main.items in shop.duckdb',
    'ERROR INPUT_TABLE_SHARED: line 2, stream "Items": the streams "items" and "Items" both lead to the table main.items. Rename one of the streams, in the tap or with a stream map; or load it in a run of its own, with another "default_target_schema".',
  ),
];
