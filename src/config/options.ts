// Every option, declared once: the core's here, and each destination's in its folder. Types, validation, --help, --about
// and the documentation derive from this table.
import { duckdbOptions } from '../destinations/duckdb/options.ts';
import { iometeOptions } from '../destinations/iomete/options.ts';
import type { OptionDeclaration, RequiredBy, ValuesOf } from './option.ts';

const mebibyte = 1024 * 1024;
const schemaName = { type: 'string' } as const;
const contractMode = { type: 'string', enum: ['evolve', 'freeze', 'discard'] } as const;
const loadMethod = { type: 'string', enum: ['upsert', 'append-only', 'overwrite'] } as const;

export const optionDeclarations = {
  destination: {
    group: 'destination',
    schema: { type: 'string', enum: ['iomete', 'duckdb'] },
    default: 'iomete',
    description: 'Where to load: an iomete lakehouse, or a DuckDB file on this machine.',
  },

  ...iometeOptions,

  s3_bucket: {
    group: 'stage',
    schema: { type: 'string' },
    required: { destination: 'iomete' },
    description: 'Bucket through which data goes to the lakehouse, which needs to read it.',
  },
  s3_key_prefix: {
    group: 'stage',
    schema: { type: 'string' },
    description: 'Folder of the bucket in which staged files lie. A `/` at its end is added where it is missing.',
  },
  s3_endpoint_url: {
    group: 'stage',
    schema: { type: 'string', pattern: '^https?://[^\\s/]+' },
    expects: 'a URL that begins with https:// or http://',
    description: "URL of an S3 service other than AWS's own.",
  },
  s3_region_name: {
    group: 'stage',
    schema: { type: 'string' },
    description: 'Region of the bucket. When it is not set, `AWS_REGION` or the AWS profile tells.',
  },
  s3_acl: {
    group: 'stage',
    schema: { type: 'string' },
    description: 'Canned ACL to set on staged files, such as `bucket-owner-full-control`.',
  },
  s3_sse: {
    group: 'stage',
    schema: { type: 'string', enum: ['AES256', 'aws:kms'] },
    description:
      "How S3 is to encrypt staged files: `AES256` with keys of its own (SSE-S3), `aws:kms` with a key of AWS KMS (SSE-KMS). When it is not set, the bucket's default decides.",
  },
  s3_kms_key_id: {
    group: 'stage',
    schema: { type: 'string' },
    description:
      "ID, ARN or alias of the KMS key for `s3_sse: aws:kms`; AWS's own key for S3 when it is not set. The lakehouse needs the right to decrypt with the key.",
  },
  s3_uri_scheme: {
    group: 'stage',
    schema: { type: 'string', enum: ['s3a', 's3'] },
    default: 's3a',
    description: 'Scheme by which the lakehouse addresses the bucket.',
  },
  aws_access_key_id: {
    group: 'stage',
    schema: { type: 'string' },
    secret: true,
    description: 'S3 access key ID. When it is not set, `AWS_ACCESS_KEY_ID` or an IAM role is used.',
  },
  aws_secret_access_key: {
    group: 'stage',
    schema: { type: 'string' },
    secret: true,
    description: 'S3 secret access key. When it is not set, `AWS_SECRET_ACCESS_KEY` or an IAM role is used.',
  },
  aws_session_token: {
    group: 'stage',
    schema: { type: 'string' },
    secret: true,
    description: 'AWS session token. When it is not set, `AWS_SESSION_TOKEN` is used.',
  },
  aws_profile: {
    group: 'stage',
    schema: { type: 'string' },
    description: 'AWS profile to take credentials from. When it is not set, `AWS_PROFILE` is used.',
  },
  keep_staged_files: {
    group: 'stage',
    schema: { type: 'boolean' },
    default: false,
    description: 'Leave staged files where they are after their load, to look into them.',
  },
  stage_format: {
    group: 'stage',
    schema: { type: 'string', enum: ['csv', 'parquet'] },
    default: 'parquet',
    description:
      'What rows are staged as. Tables hold the same either way; warehouses read Parquet with less work, CSV can be looked into by eye.',
  },
  no_compression: {
    group: 'stage',
    schema: { type: 'boolean' },
    default: false,
    description: 'Stage files as they are, instead of CSV compressed with gzip, or Parquet with compressed pages.',
  },
  temp_dir: {
    group: 'stage',
    schema: { type: 'string' },
    derivedDefault: "the system's folder for temporary files",
    description: 'Folder for temporary files. Files for DuckDB are staged here.',
  },

  ...duckdbOptions,

  default_target_schema: {
    group: 'tables',
    schema: schemaName,
    required: { destination: 'iomete', unless: 'schema_mapping' },
    description:
      'Schema for tables of streams that `schema_mapping` does not name, without the catalog before it. DuckDB: `main` when it is not set.',
  },
  schema_mapping: {
    group: 'tables',
    schema: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { target_schema: schemaName },
        required: ['target_schema'],
      },
    },
    expects: 'an object such as {"source_schema": {"target_schema": "name"}}',
    description:
      'Target schemas by source schema, for streams named `schema-table`: `{"source_schema": {"target_schema": "name"}}`.',
  },
  load_method: {
    group: 'tables',
    schema: loadMethod,
    default: 'upsert',
    description:
      'How rows get into tables: by their key, as new rows without regard to keys, or all at once in place of those that are there.',
  },
  stream_load_methods: {
    group: 'tables',
    schema: { type: 'object', additionalProperties: loadMethod },
    expects: 'an object from stream patterns to load methods, such as {"public-*": "overwrite"}',
    description:
      'Load methods by stream, such as `{"public-*": "overwrite"}`: `*` stands for any characters, `?` for one. A whole name counts first, then the first pattern that fits; a stream that none fits has `load_method`.',
  },
  overwrite_requires: {
    group: 'tables',
    schema: { type: 'string', enum: ['eof', 'state', 'activate_version'] },
    default: 'state',
    description:
      "What tells that an overwritten stream is complete: the input's end alone, a STATE after the stream's last record, or an ACTIVATE_VERSION after it. Without it the table keeps its old rows.",
  },
  overwrite_min_rows_percent: {
    group: 'tables',
    schema: { type: 'integer', minimum: 0, maximum: 100 },
    default: 0,
    description:
      'Fewest rows with which a table is overwritten, in percent of the rows that the table has. With fewer the table keeps its old rows, and the run ends with `OVERWRITE_TOO_FEW`. 0 takes any number, and no row too.',
  },
  schema_contract: {
    group: 'tables',
    schema: {
      anyOf: [
        contractMode,
        {
          type: 'object',
          properties: { tables: contractMode, columns: contractMode, types: contractMode },
          additionalProperties: false,
        },
      ],
    },
    default: 'evolve',
    expects:
      '"evolve" or "freeze" or "discard", or an object such as {"tables": "evolve", "columns": "freeze", "types": "discard"}',
    description:
      'What may be done to tables: `evolve` makes and changes them, `freeze` ends the run where one would have to be, `discard` leaves out what has no place, and counts it. One word, or an object with a word each for `tables`, `columns` and `types`.',
  },
  add_metadata_columns: {
    group: 'tables',
    schema: { type: 'boolean' },
    default: false,
    description:
      'Add `_sdc_` columns to every table: when a row was extracted, received, loaded and deleted. Deleted rows are marked in `_sdc_deleted_at`.',
  },
  hard_delete: {
    group: 'tables',
    schema: { type: 'boolean' },
    default: false,
    description:
      'Delete rows that the tap marks as deleted by `_sdc_deleted_at`. Turns `add_metadata_columns` on as well.',
  },
  data_flattening_max_level: {
    group: 'tables',
    schema: { type: 'integer', minimum: 0 },
    default: 0,
    description:
      'How many levels of nested objects become columns of their own. What lies deeper, with 0 all of it, is as `nested_columns` says.',
  },
  nested_columns: {
    group: 'tables',
    schema: { type: 'string', enum: ['json', 'struct'] },
    default: 'json',
    description:
      'Column of an object or array: `json` for JSON text, or `struct` for a native STRUCT or ARRAY, to any depth, where the schema declares its properties or items. What has no fixed shape stays JSON text.',
  },
  number_type: {
    group: 'tables',
    schema: { type: 'string', enum: ['double', 'decimal', 'string'] },
    default: 'double',
    description:
      'Column of a `number` whose schema promises no scale: `double` (values that it holds only approximately are counted), `decimal` for DECIMAL(38,9), or `string` for the number as it was written. For new columns: one that is there keeps its type, until its table is made anew (`reset`).',
  },
  undeclared_fields: {
    group: 'tables',
    schema: { type: 'string', enum: ['ignore', 'add'] },
    default: 'ignore',
    description:
      "What becomes of a record's fields that the stream's schema does not declare: `ignore` leaves them out and counts them, `add` makes columns by their values (slower).",
  },
  primary_key_required: {
    group: 'tables',
    schema: { type: 'boolean' },
    default: true,
    description: 'Refuse to upsert streams without key properties. When false, their records are appended.',
  },
  validate_records: {
    group: 'tables',
    schema: { type: 'boolean' },
    default: false,
    description:
      "Check every record against all of its stream's JSON Schema. The protocol's own `_sdc_` fields are free, and a record that marks a delete need not carry what is required. Slower; that values fit their columns is always checked.",
  },
  validate_max_seconds: {
    group: 'tables',
    schema: { type: 'integer', minimum: 1, maximum: 86400 },
    default: 30,
    description:
      'Longest time, with `validate_records`, for the records of one MiB of input, or of one longer line. A pattern of the schema can take years: the run then ends, and names the line.',
  },
  invalid_values: {
    group: 'tables',
    schema: { type: 'string', enum: ['fail', 'null', 'dead_letter'] },
    default: 'fail',
    description:
      "What becomes of a record with a value that its column can't hold: `fail` ends the run; `null` loads the record without the value (a key can't be null: that ends the run), and counts; `dead_letter` sets the record aside in a file beside the stage, with the reason.",
  },
  dead_letter_max: {
    group: 'tables',
    schema: { type: 'integer', minimum: 0 },
    description: 'Most records that may be set aside; one more ends the run. Not limited when it is not set.',
  },

  batch_size_rows: {
    group: 'batches',
    schema: { type: 'integer', minimum: 1 },
    default: 100_000,
    description: 'Most rows in one batch of a stream.',
  },
  batch_size_bytes: {
    group: 'batches',
    schema: { type: 'integer', minimum: 1 },
    default: 256 * mebibyte,
    description: 'Most bytes of input in one batch of a stream; a single larger record still makes a batch.',
  },
  batch_wait_limit_seconds: {
    group: 'batches',
    schema: { type: 'integer', minimum: 1 },
    description: 'Longest time for which a batch waits to be full. Not limited when it is not set.',
  },
  flush_all_streams: {
    group: 'batches',
    schema: { type: 'boolean' },
    default: false,
    description: 'Load every stream when the batch of one is full. Makes many small loads.',
  },
  parallelism: {
    group: 'batches',
    schema: { type: 'integer', minimum: -1 },
    default: 0,
    description:
      'How many streams load at once, but never more than `parallelism_max`: a number, 0 for all streams, or -1 for one stream per core.',
  },
  parallelism_max: {
    group: 'batches',
    schema: { type: 'integer', minimum: 1 },
    default: 16,
    alias: 'max_parallelism',
    description: 'Most streams that load at once.',
  },
  workers: {
    group: 'batches',
    schema: { type: 'integer', minimum: 0, maximum: 64 },
    derivedDefault: 'number of cores, at most 4',
    description: 'Threads that turn records into staged files. With 0 the main thread does it.',
  },
  memory_budget_mb: {
    group: 'batches',
    schema: { type: 'integer', minimum: 16 },
    default: 64,
    description: 'MiB of records that may wait in memory before reading pauses.',
  },
  batch_sources: {
    group: 'batches',
    schema: { type: 'array', items: { type: 'string' } },
    expects: 'an array such as ["/data/exports", "s3://bucket/prefix"]',
    description:
      'Folders and `s3://bucket/prefix` that files of a BATCH may lie in, wherever links lead; `[]` takes no BATCH. When it is not set, a BATCH may name any file that this user can read, and objects on S3 where an option or an `AWS_` variable says how S3 is called.',
  },
  max_line_bytes: {
    group: 'batches',
    schema: { type: 'integer', minimum: 1048576 },
    default: 134217728,
    description: 'Longest line of input, in bytes. A longer one ends the run, as it has to be held in memory.',
  },
  shutdown_seconds: {
    group: 'batches',
    schema: { type: 'integer', minimum: 0, maximum: 86400 },
    default: 5,
    description:
      'Seconds within which, after SIGTERM or SIGINT, what was read is still loaded. Loads that have begun then finish.',
  },
  state_max_lag_seconds: {
    group: 'batches',
    schema: { type: 'integer', minimum: 1 },
    default: 300,
    description: 'Age at which a state that waits for rows makes their open batches load.',
  },
  state_file: {
    group: 'batches',
    schema: { type: 'string' },
    description:
      'File that always holds the newest state, so that the tap can go on from it: replaced as a whole each time, before the state goes to standard output. Not touched while there is no state.',
  },
  state_frontier: {
    group: 'batches',
    schema: { type: 'string', enum: ['global', 'per_stream'] },
    default: 'global',
    description:
      'What a state waits for: "global", the rows of all streams; or "per_stream", where each of the state\'s "bookmarks" waits for the rows of its own stream alone. Not for taps with parent and child streams: the bookmark of a parent can get ahead of rows of its children, and a resumed run never reads these.',
  },
} as const satisfies Readonly<Record<string, OptionDeclaration>>;

export type OptionName = keyof typeof optionDeclarations;

/** Every option with its resolved value: those with a default are always there. */
export type Options = ValuesOf<typeof optionDeclarations>;

/** What a valid configuration for the lakehouse holds. */
export type IometeOptions = Options & { readonly destination: 'iomete' } & {
  readonly [Name in RequiredBy<typeof optionDeclarations, 'iomete'>]: string;
};

/** What a valid configuration for DuckDB holds. */
export type DuckdbOptions = Options & { readonly destination: 'duckdb'; readonly default_target_schema: string };

export type ResolvedOptions = IometeOptions | DuckdbOptions;
