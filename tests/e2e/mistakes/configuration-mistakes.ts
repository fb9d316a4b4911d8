// Mistakes of new users with options, configuration files and the command line → what the command says.
import { configuration, error, lakehouse, loaded, type Mistake, oneRow, usual } from './mistake.ts';

const { password: _, s3_bucket: __, ...lacking } = lakehouse;

/** A file that `--config` names. */
const configFile = (mistake: string, content: object | string | Uint8Array | null, problem: string): Mistake => ({
  mistake: `a configuration file ${mistake}`,
  args: ['--config', 'my.json'],
  files: { 'my.json': content },
  exit: 2,
  says: configuration(`my.json: ${problem}`),
});

/** The option of a configuration for DuckDB. */
const option = (mistake: string, options: object, ...problems: readonly string[]): Mistake => ({
  mistake,
  args: ['--config', 'my.json'],
  files: { 'my.json': { destination: 'duckdb', ...options } },
  exit: 2,
  says: configuration(...problems.map((problem) => `${problem} (my.json)`)),
});

const databaseOnly =
  'must be the path of a file on this machine: tables in ":memory:" end with the run, and "md:" (MotherDuck) is not supported';

export const configurationMistakes: readonly Mistake[] = [
  {
    mistake: 'a misspelled flag',
    args: [...usual, '--duckdb-pth', 'x.duckdb'],
    exit: 2,
    says: configuration('--duckdb-pth is not an option; did you mean --duckdb-path?'),
  },
  option(
    'a misspelled option in a file',
    { batch_size_row: 5 },
    '"batch_size_row" is not an option; did you mean "batch_size_rows"?',
  ),
  {
    mistake: 'a misspelled variable',
    args: ['--destination', 'duckdb'],
    env: { TARGET_IOMETE_DUCKDB_PTH: 'x.duckdb' },
    input: oneRow,
    exit: 2,
    says: configuration(
      "the environment's TARGET_IOMETE_DUCKDB_PTH is not an option; did you mean TARGET_IOMETE_DUCKDB_PATH?",
    ),
  },
  {
    mistake: 'a variable that is like no option',
    args: usual,
    env: { TARGET_IOMETE_IMAGE_TAG: '3' },
    input: oneRow,
    exit: 0,
    says: [
      "WARNING the environment's TARGET_IOMETE_IMAGE_TAG is not an option, and has no effect: unset it, or rename it",
      ...loaded(),
    ],
  },
  {
    mistake: 'no configuration at all',
    exit: 2,
    says: configuration(
      'no configuration is given: name its file with --config FILE, or try --destination duckdb, which needs no lakehouse',
    ),
  },
  {
    mistake: 'two required options that are missing',
    args: ['--config', 'my.json'],
    files: { 'my.json': { ...lacking, port: 443 } },
    exit: 2,
    says: configuration(
      '"password" is missing: destination iomete needs it',
      '"s3_bucket" is missing: destination iomete needs it',
    ),
  },
  option(
    'values of wrong types in a file',
    { hard_delete: 'yes', port: '443', batch_size_rows: 1.5, schema_mapping: 'sales' },
    '"port" must be a whole number from 1 to 65535, not a string',
    '"schema_mapping" must be an object such as {"source_schema": {"target_schema": "name"}}, not a string',
    '"hard_delete" must be true or false, not a string',
    '"batch_size_rows" must be a whole number of at least 1, not a fraction',
  ),
  {
    mistake: 'a word after a true/false flag',
    args: [...usual, '--hard-delete', 'maybe'],
    exit: 2,
    says: configuration('only true or false may follow --hard-delete, and argument 4 is something else'),
  },
  {
    mistake: 'a word after = of a true/false flag',
    args: [...usual, '--hard-delete=maybe'],
    exit: 2,
    says: configuration('--hard-delete must be true or false'),
  },
  {
    mistake: 'a misspelled command',
    args: ['cleanup', ...usual],
    exit: 2,
    says: configuration('"cleanup" is not a command; did you mean clean?'),
  },
  {
    mistake: 'an input file without its flag',
    args: [...usual, 'x.singer'],
    exit: 2,
    says: configuration('"x.singer" has no flag before it; did you mean --input x.singer?'),
  },
  {
    mistake: 'a configuration file without its flag',
    args: ['duckdb.json', '--destination', 'duckdb'],
    exit: 2,
    says: configuration('"duckdb.json" has no flag before it; did you mean --config duckdb.json?'),
  },
  {
    mistake: 'an argument that may be part of a secret',
    args: [...usual, 'hunter2'],
    exit: 2,
    says: configuration(
      'argument 3 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)',
    ),
  },
  {
    mistake: 'a destination that is unknown',
    args: ['--destination', 'snowflake'],
    exit: 2,
    says: configuration('"destination" must be "iomete" or "duckdb" (--destination)'),
  },
  {
    mistake: 'a configuration file that is not there',
    args: ['--config', 'nope.json'],
    exit: 2,
    says: configuration('nope.json: no such file: correct the path after --config'),
  },
  configFile('that is a folder', null, 'is a folder, not a file: name a file in it'),
  {
    ...configFile('that may not be read', '{}', 'may not be read by this user: change its owner or its rights'),
    isOpenToRoot: true,
  },
  configFile('that is empty', '', 'is empty: it must hold a JSON object, such as {"destination": "duckdb"}'),
  configFile(
    'with a comma too much',
    '{"destination": "duckdb", "duckdb_path": "x",}',
    'not JSON: error at line 1, column 46: remove the comma after the last entry',
  ),
  configFile(
    'with a comment',
    '{\n  // where to\n  "destination": "duckdb"\n}',
    'not JSON: error at line 2, column 3: JSON has no comments: remove the comment',
  ),
  configFile(
    'in YAML',
    'destination: duckdb\n',
    'looks like YAML: let its name end in .yaml, or write the options as a JSON object',
  ),
  configFile(
    'in UTF-16',
    Buffer.from('\uFEFF{"destination": "duckdb"}', 'utf16le'),
    'is not UTF-8, but perhaps UTF-16: save it as UTF-8',
  ),
  {
    mistake: 'a configuration in the place of its file',
    args: ['--config', '{"destination": "duckdb"}'],
    exit: 2,
    says: configuration('--config takes the path of a file, not JSON'),
  },
  {
    mistake: 'a configuration file with a byte order mark, which is none',
    args: ['--config', 'my.json'],
    files: { 'my.json': '\uFEFF{"destination": "duckdb", "duckdb_path": "x.duckdb"}' },
    input: oneRow,
    exit: 0,
    says: loaded('x.duckdb'),
  },
  option(
    'a host with its scheme',
    { host: 'https://xyz12.iomete.com' },
    '"host" must be a host name alone, without "https://", port or path',
  ),
  option(
    'an S3 endpoint without its scheme',
    { s3_endpoint_url: '127.0.0.1:9000' },
    '"s3_endpoint_url" must be a URL that begins with https:// or http://',
  ),
  {
    mistake: 'a certificate file that is not there',
    args: [...usual, '--tls-ca-file', 'nope/ca.pem'],
    exit: 2,
    says: configuration('nope/ca.pem: no such file: correct the path in "tls_ca_file"'),
  },
  option(
    'a schema with its catalog',
    { default_target_schema: 'spark_catalog.mis' },
    '"default_target_schema" must be a schema\'s name without dots: a catalog before it belongs in "catalog"',
  ),
  option(
    'a schema with blanks and signs',
    { default_target_schema: 'my schema;drop' },
    '"default_target_schema" must be a name of 1 to 128 letters, digits and "_", not "my schema;drop"',
  ),
  option(
    'a mapped schema with signs',
    { schema_mapping: { public: { target_schema: 'tap-postgres' } } },
    '"target_schema" of "public" in "schema_mapping" must be a name of 1 to 128 letters, digits and "_", not "tap-postgres"',
  ),
  option('a DuckDB database in memory', { duckdb_path: ':memory:' }, `"duckdb_path" ${databaseOnly}`),
  option('a database of MotherDuck', { duckdb_path: 'md:mydb' }, `"duckdb_path" ${databaseOnly}`),
  {
    mistake: 'a password on the command line',
    args: [...usual, '--password', 'hunter2'],
    input: oneRow,
    exit: 0,
    says: [
      'WARNING other users of this machine can see --password on the command line: set TARGET_IOMETE_PASSWORD or use a file',
      ...loaded(),
    ],
  },

  {
    mistake: 'an input file that is not there',
    args: [...usual, '--input', 'nope.singer'],
    exit: 2,
    says: [
      error(
        'CONFIG_INVALID',
        "the input file nope.singer can't be opened: there is no such file. Correct the path after --input",
      ),
    ],
  },
  {
    mistake: 'an input file that is a folder',
    args: [...usual, '--input', 'taps'],
    files: { taps: null },
    exit: 2,
    says: [error('CONFIG_INVALID', 'the input file taps is a folder: name a file in it with --input')],
  },
  {
    mistake: 'clean with --version',
    args: ['clean', '--version'],
    exit: 0,
    says: [],
    prints: 'target-iomete VERSION\n',
  },
  {
    mistake: 'clean --dry-run',
    args: ['clean', '--dry-run', ...usual],
    exit: 0,
    says: [],
    prints: 'nothing found that an earlier run has left\n',
  },
  {
    mistake: 'clean with --input',
    args: ['clean', '--input', 'x.singer', ...usual],
    exit: 2,
    says: configuration('--input goes with a run and "plan" only'),
  },
  {
    mistake: 'a dry run',
    args: [...usual, '--dry-run'],
    exit: 2,
    says: configuration('--dry-run goes with "clean" and "reset" only; "plan" says what a run would do'),
  },
];
