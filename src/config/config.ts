// Made by scripts/config-type.mjs (npm run docs): a change belongs into options.ts.

/** Options by the names of the configuration file. What is undefined has its default. */
export interface Config {
  /** Where to load: an iomete lakehouse, or a DuckDB file on this machine. Default: "iomete". */
  readonly destination?: string | undefined;
  /** Host of the lakehouse, such as `xyz12.iomete.com`. */
  readonly host?: string | undefined;
  /** HTTPS port of the lakehouse. Default: 443. */
  readonly port?: number | undefined;
  /** iomete user. */
  readonly user?: string | undefined;
  /** The user's password, or an access token. */
  readonly password?: string | undefined;
  /** Name of the lakehouse. */
  readonly lakehouse?: string | undefined;
  /** Name of the data plane that runs the lakehouse: today's iomete needs it, older versions have none. Makes the path `/data-plane/{data_plane}/lakehouse/{lakehouse}`. */
  readonly data_plane?: string | undefined;
  /** iomete workspace ID, such as `abcde-123`. Without `data_plane` it makes the path `/lakehouse/{workspace_id}/{lakehouse}`. */
  readonly workspace_id?: string | undefined;
  /** The lakehouse's HTTP path as a whole, when it is none of the usual ones. */
  readonly http_path?: string | undefined;
  /** Airbyte's form `airbyte://{hostname}/{account_number}/{lakehouse_name}`: gives `host`, `workspace_id` and `lakehouse` where they are not set. */
  readonly connection_url?: string | undefined;
  /** Database with which sessions are opened. Tables go to `default_target_schema` or `schema_mapping`. Default: "default". */
  readonly database?: string | undefined;
  /** Spark catalog that holds the tables. Default: "spark_catalog". */
  readonly catalog?: string | undefined;
  /** PEM file with the certificate authority of the lakehouse, when the system's own do not know it. */
  readonly tls_ca_file?: string | undefined;
  /** Check the certificate of the lakehouse. Default: true. */
  readonly tls_verify?: boolean | undefined;
  /** How long to wait for a lakehouse that is starting. Default: 600. */
  readonly startup_wait_seconds?: number | undefined;
  /** How long one statement, load or S3 request is tried again after its first failure, when the fault may pass: no answer, a connection that breaks, an overloaded or restarted server, another writer that was quicker. Default: 300. */
  readonly retry_max_seconds?: number | undefined;
  /** Bucket through which data goes to the lakehouse, which needs to read it. */
  readonly s3_bucket?: string | undefined;
  /** Folder of the bucket in which staged files lie. A `/` at its end is added where it is missing. */
  readonly s3_key_prefix?: string | undefined;
  /** URL of an S3 service other than AWS's own. */
  readonly s3_endpoint_url?: string | undefined;
  /** Region of the bucket. When it is not set, `AWS_REGION` or the AWS profile tells. */
  readonly s3_region_name?: string | undefined;
  /** Canned ACL to set on staged files, such as `bucket-owner-full-control`. */
  readonly s3_acl?: string | undefined;
  /** How S3 is to encrypt staged files: `AES256` with keys of its own (SSE-S3), `aws:kms` with a key of AWS KMS (SSE-KMS). When it is not set, the bucket's default decides. */
  readonly s3_sse?: 'AES256' | 'aws:kms' | undefined;
  /** ID, ARN or alias of the KMS key for `s3_sse: aws:kms`; AWS's own key for S3 when it is not set. The lakehouse needs the right to decrypt with the key. */
  readonly s3_kms_key_id?: string | undefined;
  /** Scheme by which the lakehouse addresses the bucket. Default: "s3a". */
  readonly s3_uri_scheme?: 's3a' | 's3' | undefined;
  /** S3 access key ID. When it is not set, `AWS_ACCESS_KEY_ID` or an IAM role is used. */
  readonly aws_access_key_id?: string | undefined;
  /** S3 secret access key. When it is not set, `AWS_SECRET_ACCESS_KEY` or an IAM role is used. */
  readonly aws_secret_access_key?: string | undefined;
  /** AWS session token. When it is not set, `AWS_SESSION_TOKEN` is used. */
  readonly aws_session_token?: string | undefined;
  /** AWS profile to take credentials from. When it is not set, `AWS_PROFILE` is used. */
  readonly aws_profile?: string | undefined;
  /** Leave staged files where they are after their load, to look into them. Default: false. */
  readonly keep_staged_files?: boolean | undefined;
  /** What rows are staged as. Tables hold the same either way; warehouses read Parquet with less work, CSV can be looked into by eye. Default: "parquet". */
  readonly stage_format?: 'csv' | 'parquet' | undefined;
  /** Stage files as they are, instead of CSV compressed with gzip, or Parquet with compressed pages. Default: false. */
  readonly no_compression?: boolean | undefined;
  /** Folder for temporary files. Files for DuckDB are staged here. Default: the system's folder for temporary files. */
  readonly temp_dir?: string | undefined;
  /** The DuckDB file to load into; made when it does not exist. Default: "output.duckdb". */
  readonly duckdb_path?: string | undefined;
  /** Memory that DuckDB may use before it writes to disk. Default: "1GB". */
  readonly duckdb_memory_limit?: string | undefined;
  /** Schema for tables of streams that `schema_mapping` does not name, without the catalog before it. DuckDB: `main` when it is not set. */
  readonly default_target_schema?: string | undefined;
  /** Target schemas by source schema, for streams named `schema-table`: `{"source_schema": {"target_schema": "name"}}`. */
  readonly schema_mapping?: { readonly [name: string]: { readonly target_schema: string } } | undefined;
  /** How rows get into tables: by their key, as new rows without regard to keys, or all at once in place of those that are there. Default: "upsert". */
  readonly load_method?: 'upsert' | 'append-only' | 'overwrite' | undefined;
  /** Load methods by stream, such as `{"public-*": "overwrite"}`: `*` stands for any characters, `?` for one. A whole name counts first, then the first pattern that fits; a stream that none fits has `load_method`. */
  readonly stream_load_methods?: { readonly [name: string]: 'upsert' | 'append-only' | 'overwrite' } | undefined;
  /** What tells that an overwritten stream is complete: the input's end alone, a STATE after the stream's last record, or an ACTIVATE_VERSION after it. Without it the table keeps its old rows. Default: "state". */
  readonly overwrite_requires?: 'eof' | 'state' | 'activate_version' | undefined;
  /** Fewest rows with which a table is overwritten, in percent of the rows that the table has. With fewer the table keeps its old rows, and the run ends with `OVERWRITE_TOO_FEW`. 0 takes any number, and no row too. Default: 0. */
  readonly overwrite_min_rows_percent?: number | undefined;
  /** What may be done to tables: `evolve` makes and changes them, `freeze` ends the run where one would have to be, `discard` leaves out what has no place, and counts it. One word, or an object with a word each for `tables`, `columns` and `types`. Default: "evolve". */
  readonly schema_contract?:
    | 'evolve'
    | 'freeze'
    | 'discard'
    | {
        readonly tables?: 'evolve' | 'freeze' | 'discard';
        readonly columns?: 'evolve' | 'freeze' | 'discard';
        readonly types?: 'evolve' | 'freeze' | 'discard';
      }
    | undefined;
  /** Add `_sdc_` columns to every table: when a row was extracted, received, loaded and deleted. Deleted rows are marked in `_sdc_deleted_at`. Default: false. */
  readonly add_metadata_columns?: boolean | undefined;
  /** Delete rows that the tap marks as deleted by `_sdc_deleted_at`. Turns `add_metadata_columns` on as well. Default: false. */
  readonly hard_delete?: boolean | undefined;
  /** How many levels of nested objects become columns of their own. What lies deeper, with 0 all of it, is as `nested_columns` says. Default: 0. */
  readonly data_flattening_max_level?: number | undefined;
  /** Column of an object or array: `json` for JSON text, or `struct` for a native STRUCT or ARRAY, to any depth, where the schema declares its properties or items. What has no fixed shape stays JSON text. Default: "json". */
  readonly nested_columns?: 'json' | 'struct' | undefined;
  /** Column of a `number` whose schema promises no scale: `double` (values that it holds only approximately are counted), `decimal` for DECIMAL(38,9), or `string` for the number as it was written. For new columns: one that is there keeps its type, until its table is made anew (`reset`). Default: "double". */
  readonly number_type?: 'double' | 'decimal' | 'string' | undefined;
  /** What becomes of a record's fields that the stream's schema does not declare: `ignore` leaves them out and counts them, `add` makes columns by their values (slower). Default: "ignore". */
  readonly undeclared_fields?: 'ignore' | 'add' | undefined;
  /** Refuse to upsert streams without key properties. When false, their records are appended. Default: true. */
  readonly primary_key_required?: boolean | undefined;
  /** Check every record against all of its stream's JSON Schema. The protocol's own `_sdc_` fields are free, and a record that marks a delete need not carry what is required. Slower; that values fit their columns is always checked. Default: false. */
  readonly validate_records?: boolean | undefined;
  /** Longest time, with `validate_records`, for the records of one MiB of input, or of one longer line. A pattern of the schema can take years: the run then ends, and names the line. Default: 30. */
  readonly validate_max_seconds?: number | undefined;
  /** What becomes of a record with a value that its column can't hold: `fail` ends the run; `null` loads the record without the value (a key can't be null: that ends the run), and counts; `dead_letter` sets the record aside in a file beside the stage, with the reason. Default: "fail". */
  readonly invalid_values?: 'fail' | 'null' | 'dead_letter' | undefined;
  /** Most records that may be set aside; one more ends the run. Not limited when it is not set. */
  readonly dead_letter_max?: number | undefined;
  /** Most rows in one batch of a stream. Default: 100000. */
  readonly batch_size_rows?: number | undefined;
  /** Most bytes of input in one batch of a stream; a single larger record still makes a batch. Default: 268435456. */
  readonly batch_size_bytes?: number | undefined;
  /** Longest time for which a batch waits to be full. Not limited when it is not set. */
  readonly batch_wait_limit_seconds?: number | undefined;
  /** Load every stream when the batch of one is full. Makes many small loads. Default: false. */
  readonly flush_all_streams?: boolean | undefined;
  /** How many streams load at once, but never more than `parallelism_max`: a number, 0 for all streams, or -1 for one stream per core. Default: 0. */
  readonly parallelism?: number | undefined;
  /** Most streams that load at once. Default: 16. */
  readonly parallelism_max?: number | undefined;
  /** Threads that turn records into staged files. With 0 the main thread does it. Default: number of cores, at most 4. */
  readonly workers?: number | undefined;
  /** MiB of records that may wait in memory before reading pauses. Default: 64. */
  readonly memory_budget_mb?: number | undefined;
  /** Folders and `s3://bucket/prefix` that files of a BATCH may lie in, wherever links lead; `[]` takes no BATCH. When it is not set, a BATCH may name any file that this user can read, and objects on S3 where an option or an `AWS_` variable says how S3 is called. */
  readonly batch_sources?: readonly string[] | undefined;
  /** Longest line of input, in bytes. A longer one ends the run, as it has to be held in memory. Default: 134217728. */
  readonly max_line_bytes?: number | undefined;
  /** Seconds within which, after SIGTERM or SIGINT, what was read is still loaded. Loads that have begun then finish. Default: 5. */
  readonly shutdown_seconds?: number | undefined;
  /** Age at which a state that waits for rows makes their open batches load. Default: 300. */
  readonly state_max_lag_seconds?: number | undefined;
  /** File that always holds the newest state, so that the tap can go on from it: replaced as a whole each time, before the state goes to standard output. Not touched while there is no state. */
  readonly state_file?: string | undefined;
  /** What a state waits for: "global", the rows of all streams; or "per_stream", where each of the state's "bookmarks" waits for the rows of its own stream alone. Not for taps with parent and child streams: the bookmark of a parent can get ahead of rows of its children, and a resumed run never reads these. Default: "global". */
  readonly state_frontier?: 'global' | 'per_stream' | undefined;
}
