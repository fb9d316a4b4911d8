// The registry of everything that can end a run: exit code, whether a retry may help, and the fix that a person is told.

/** `auto`: the run itself tries again; `manual`: running again may help; `never`: something must be changed first. */
type Retry = 'auto' | 'manual' | 'never';

/** Who is to mend it: `config`, whoever has set it up; `transient`, time; `system`, whoever keeps the tap, the warehouse or this program. */
export type Fault = 'config' | 'transient' | 'system';

interface CodeEntry {
  readonly exitCode: number;
  readonly retry: Retry;
  readonly fault: Fault;
  readonly fix: string;
}

/** Exit codes by family. 128+n after a signal n. */
export const exitCodes = { internal: 1, config: 2, input: 3, destination: 4, load: 5, stage: 6 } as const;

const entry = (family: keyof typeof exitCodes, retry: Retry, fault: Fault, fix: string): CodeEntry => ({
  exitCode: exitCodes[family],
  retry,
  fault,
  fix,
});

export const errorCodes = {
  INTERNAL: entry(
    'internal',
    'manual',
    'system',
    'This is a defect in target-iomete: please report it with the lines above',
  ),
  STATE_NOT_WRITTEN: entry(
    'internal',
    'manual',
    'system',
    'Reading has stopped, and rows may be loaded that no state tells of: keep the reader of standard output open until the run ends, and run again from the last state that it got',
  ),
  CONFIG_INVALID: entry(
    'config',
    'never',
    'config',
    'Correct the options named above; `target-iomete --help all` lists them',
  ),

  INPUT_NOT_JSON: entry(
    'input',
    'never',
    'system',
    'Let the tap alone write to standard output, and its log go to stderr, without 2>&1. Each line must be one JSON message in UTF-8: CSV and plain JSON need a tap that reads them',
  ),
  INPUT_TRUNCATED: entry(
    'input',
    'manual',
    'transient',
    'The tap has ended before its message was whole: read the log of the tap, then run again, from the last state if there is one',
  ),
  INPUT_UNREADABLE: entry(
    'input',
    'manual',
    'transient',
    'Look at what gives the input, then run again, from the last state if there is one',
  ),
  INPUT_LINE_TOO_LONG: entry(
    'input',
    'never',
    'system',
    'Look for a line feed that is missing between two messages; if the record is that large, raise "max_line_bytes"',
  ),
  INPUT_MESSAGE_INVALID: entry(
    'input',
    'never',
    'system',
    'Each line must be a message as the Singer specification has it',
  ),
  INPUT_MESSAGE_UNKNOWN: entry(
    'input',
    'never',
    'system',
    'Known types are SCHEMA, RECORD, BATCH, STATE and ACTIVATE_VERSION',
  ),
  INPUT_RECORD_BEFORE_SCHEMA: entry(
    'input',
    'never',
    'system',
    'Look whether something cuts or filters the beginning of the input: a tap sends the SCHEMA of a stream before its first RECORD',
  ),
  INPUT_BATCH_ENCODING: entry(
    'input',
    'never',
    'config',
    'Set "batch_config" of the tap to the format "jsonl", plain or with the compression "gzip", or to "parquet"',
  ),
  INPUT_BATCH_FILE: entry(
    'input',
    'manual',
    'transient',
    'The files that a BATCH names must be there, whole and readable, until the run ends, as file:// or s3://',
  ),
  INPUT_BATCH_SOURCE: entry(
    'input',
    'never',
    'config',
    'If the tap may have these files read, add their folder or s3://bucket/prefix to "batch_sources"',
  ),
  INPUT_SCHEMA_INVALID: entry(
    'input',
    'never',
    'system',
    'Correct the catalog or the tap so that the stream has a usable JSON Schema',
  ),
  INPUT_KEY_REQUIRED: entry(
    'input',
    'never',
    'config',
    'Set key properties in the catalog, or set "primary_key_required" to false to append rows',
  ),
  INPUT_KEY_MISSING: entry(
    'input',
    'never',
    'system',
    'Every record needs all its key properties; choose others in the catalog if these may be null',
  ),
  INPUT_VALUE_INVALID: entry(
    'input',
    'never',
    'system',
    'Correct the value at its source, or the type in the tap\'s catalog; or set "invalid_values" to "dead_letter", or to "null" for columns that are no key',
  ),
  INPUT_VALIDATION_TIMEOUT: entry(
    'input',
    'never',
    'system',
    'Look for a "pattern" in the schema that backtracks, such as "^(a+)+$", and mend it; if the records are that large, raise "validate_max_seconds"; or set "validate_records" to false',
  ),
  TOO_MANY_DEAD_LETTERS: entry(
    'input',
    'never',
    'system',
    'Look into the dead-letter files for what is wrong with the records, or raise "dead_letter_max"',
  ),
  INPUT_TABLE_SHARED: entry(
    'input',
    'never',
    'config',
    'Rename one of the streams, or load them into different schemas',
  ),

  DESTINATION_UNREACHABLE: entry(
    'destination',
    'manual',
    'transient',
    'Check "host" and "port", and that this machine may reach them',
  ),
  DESTINATION_AUTH: entry(
    'destination',
    'never',
    'config',
    'Check "user" and "password" (an access token works as a password)',
  ),
  DESTINATION_NOT_FOUND: entry(
    'destination',
    'never',
    'config',
    'Check "lakehouse", "workspace_id", "data_plane" or "http_path"',
  ),
  DESTINATION_TLS: entry(
    'destination',
    'never',
    'config',
    'Give the certificate authority with "tls_ca_file", or correct "host"',
  ),
  DESTINATION_STARTING: entry(
    'destination',
    'manual',
    'transient',
    'Start the lakehouse, or raise "startup_wait_seconds"',
  ),
  DESTINATION_SETTING: entry(
    'destination',
    'never',
    'config',
    "Remove the setting from the lakehouse's Spark configuration: a session can't unset it",
  ),
  DESTINATION_BUSY: entry(
    'destination',
    'manual',
    'transient',
    'Close the other process that has the database file open, or wait for it',
  ),
  DESTINATION_FILE: entry(
    'destination',
    'never',
    'config',
    'Check "duckdb_path": a DuckDB database that may be written, or a new file in a folder that exists',
  ),

  TABLE_IS_VIEW: entry(
    'load',
    'never',
    'config',
    'Rename or drop the view, or load into another schema with "default_target_schema" or "schema_mapping"',
  ),
  TABLE_NOT_ICEBERG: entry(
    'load',
    'never',
    'config',
    'Move the table away, or load into another schema: loading needs an Iceberg table',
  ),
  TABLE_FORBIDDEN: entry(
    'load',
    'never',
    'config',
    'Grant the user the right to create and change tables in this schema, or create the schema beforehand',
  ),
  TABLE_KEY_TYPE: entry(
    'load',
    'never',
    'config',
    'The key column changed to a type that its table cannot hold: `target-iomete reset STREAM` drops the table, so that the next full run loads the stream anew',
  ),
  TABLE_COLUMN_REQUIRED: entry(
    'load',
    'never',
    'config',
    'Drop the NOT NULL of this column (first take it out of the identifier fields of its table, if it is one of them), give it a default, or select its property in the catalog',
  ),
  TABLE_CONSTRAINT: entry(
    'load',
    'never',
    'config',
    "Drop or change what the table's maker set up (named above) so that the stream fits it, or load into another table",
  ),
  TABLE_NAME_RESERVED: entry(
    'load',
    'never',
    'config',
    'Rename or drop the column by the statement above; then run again',
  ),
  TABLE_PARTITION: entry(
    'load',
    'never',
    'config',
    'Nothing of the table was changed: reload the stream into a new table, or keep the old type in the tap',
  ),
  TABLE_IDENTIFIER: entry(
    'load',
    'never',
    'config',
    "Take the column out of the table's identifier fields by the statement above; then run again",
  ),
  TABLE_NAME_MAPPING: entry(
    'load',
    'never',
    'config',
    'Rewrite the files of the table (a new table made by CREATE TABLE … AS SELECT has no name mapping), or change its columns by hand',
  ),
  TABLE_UNSUPPORTED: entry('load', 'never', 'config', 'Change the table as said above, or load into another one'),
  SCHEMA_CONTRACT: entry(
    'load',
    'never',
    'config',
    'Change the table by hand as said above, deselect the property in the catalog, or let "schema_contract" evolve',
  ),
  LOAD_FAILED: entry('load', 'manual', 'system', "The statement was refused: the text above is the warehouse's own"),
  LOAD_UNANSWERED: entry(
    'load',
    'manual',
    'transient',
    'Run again once the lakehouse answers; "retry_max_seconds" says how long a run waits for it',
  ),
  LOAD_ROWS_MISMATCH: entry(
    'load',
    'manual',
    'system',
    'Nothing of this batch was loaded: the warehouse does not see the staged rows as they were written',
  ),
  OVERWRITE_INCOMPLETE: entry(
    'load',
    'manual',
    'transient',
    'Let the tap run to its end; for a tap that never sends that message, change "overwrite_requires"',
  ),
  OVERWRITE_TOO_FEW: entry(
    'load',
    'manual',
    'system',
    'Look whether the source sends all of its rows; where it does, set "overwrite_min_rows_percent" lower for this run',
  ),
  OVERWRITE_CONFLICT: entry(
    'load',
    'manual',
    'transient',
    'Nothing was overwritten: run again while nobody else writes to the table',
  ),

  STAGE_BUCKET_MISSING: entry(
    'stage',
    'never',
    'config',
    'Create the bucket or correct "s3_bucket", "s3_region_name" or "s3_endpoint_url"',
  ),
  STAGE_AUTH: entry(
    'stage',
    'never',
    'config',
    'Check the AWS credentials and that they may put, read and delete objects below "s3_key_prefix"',
  ),
  STAGE_DISK_FULL: entry(
    'stage',
    'manual',
    'transient',
    'Free space on the disk of "temp_dir" (and of the DuckDB file), or choose another',
  ),
  CLEAN_INCOMPLETE: entry(
    'stage',
    'manual',
    'system',
    'Look into the reasons above: the user may lack the right to remove; what is left can be removed by running it again',
  ),
  STAGE_FAILED: entry(
    'stage',
    'manual',
    'transient',
    'Check that the stage ("s3_bucket" or "temp_dir") can be reached and written',
  ),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof errorCodes;
