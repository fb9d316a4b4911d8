// Mistakes of new users that a run meets: the destination, the DuckDB file, the tap → what the command says.
import { error, fix, lakehouse, line, type Mistake, oneRow, record, schema, unverified, usual } from './mistake.ts';

const duckdbFile = (mistake: string, more: Partial<Mistake> & Pick<Mistake, 'says'>): Mistake => ({
  mistake: `a DuckDB file ${mistake}`,
  args: usual,
  input: oneRow,
  exit: 4,
  ...more,
});

const cannotOpen = (file: string, reason: string) =>
  `ERROR DESTINATION_FILE: cannot open the DuckDB file FOLDER/${file}: IO Error: ${reason} ${fix('DESTINATION_FILE')}`;

const badInput = (mistake: string, input: string, ...says: readonly string[]): Mistake => ({
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
  lake('that is stopped', 503, {}, error('DESTINATION_STARTING', 'the lakehouse at 127.0.0.1 is starting')),
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
    says: [cannotOpen('shop.duckdb', 'Could not read from file "FOLDER/shop.duckdb": Is a directory.')],
  }),
  duckdbFile('that is no database', {
    files: { 'shop.duckdb': 'id,name\n' },
    says: [
      cannotOpen('shop.duckdb', 'The file "FOLDER/shop.duckdb" exists, but it is not a valid DuckDB database file!'),
    ],
  }),
  duckdbFile('in a folder that is not there', {
    args: [...usual, '--duckdb-path', 'nowhere/x.duckdb'],
    says: [cannotOpen('nowhere/x.duckdb', 'Cannot open file "FOLDER/nowhere/x.duckdb": No such file or directory.')],
  }),
  duckdbFile('that may not be written', {
    made: 'SELECT 1',
    isOpenToRoot: true,
    says: [cannotOpen('shop.duckdb', 'Cannot open file "FOLDER/shop.duckdb": Permission denied.')],
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
