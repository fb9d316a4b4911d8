// For docs/errors.md: what each error code means, and why a run comes to it. The fixes are in src/errors/codes.ts.

export const explanations = {
  INTERNAL: {
    what: 'Something happened that the program does not expect. Reading has stopped, and every state that was written is true.',
    why: 'The usual cause is a defect in target-iomete. Another cause is a thread of the program that ended.',
  },
  STATE_NOT_WRITTEN: {
    what: 'A state could not be handed over, and the run has stopped reading. Rows may be in the tables that no written state covers.',
    why: 'The program that reads standard output has ended or closed the pipe. Another cause is a "state_file" that could not be replaced, for example on a full disk. In a library, the function "onState" has thrown an error.',
  },
  CONFIG_INVALID: {
    what: 'The configuration or the command line cannot be used. In most cases nothing has been read or loaded.',
    why: 'The usual causes are a misspelled option, a value of the wrong type, a missing option, or a file that is not there. The error comes later, at a SCHEMA, for a stream that neither "default_target_schema" nor "schema_mapping" gives a schema.',
  },

  INPUT_NOT_JSON: {
    what: 'A line of the input, or of a file that a BATCH names, is not JSON in UTF-8. Rows before the line are loaded, except into overwritten tables.',
    why: 'The tap has written a log or a progress line to standard output. Other causes are CSV, a compressed input, and text in UTF-16, which Windows PowerShell makes of a pipe.',
  },
  INPUT_TRUNCATED: {
    what: 'The input ends in the middle of its last line. Rows before that line are loaded, except into overwritten tables.',
    why: 'The tap crashed or was killed while writing the line. A file with saved messages can also be cut off.',
  },
  INPUT_UNREADABLE: {
    what: 'Reading the input has failed. Rows that were read before are loaded, except into overwritten tables.',
    why: 'The file or the pipe of the input cannot be read, for example because a disk or a network file system failed. In a library, the "input" of the program has thrown an error. The message repeats that error.',
  },
  INPUT_LINE_TOO_LONG: {
    what: 'A line of the input, or of a file that a BATCH names, is longer than "max_line_bytes". Rows before the line are loaded, except into overwritten tables.',
    why: 'A record holds a very large value. Another cause is an input without line feeds, so that many messages are one line.',
  },
  INPUT_MESSAGE_INVALID: {
    what: 'A line is a JSON object, but no valid Singer message. Rows before the line are loaded, except into overwritten tables.',
    why: 'The line has no "type", as is usual for rows of plain JSON. A message may also lack a member, such as "stream", "record", the "value" of a STATE, or the "manifest" of a BATCH. A member that comes twice or has the wrong type is a further cause.',
  },
  INPUT_MESSAGE_UNKNOWN: {
    what: 'A message has a "type" that this program does not know. Rows before the line are loaded, except into overwritten tables.',
    why: 'The tap misspells the type, or sends a message of an extension of the Singer protocol. Upper and lower case count, so that "record" is unknown as well.',
  },
  INPUT_RECORD_BEFORE_SCHEMA: {
    what: 'A RECORD or a BATCH belongs to a stream that has had no SCHEMA yet. Rows before the line are loaded, except into overwritten tables.',
    why: 'The tap sends no SCHEMA for the stream, or spells the name of the stream differently in SCHEMA and RECORD. An input that begins in the middle of saved messages lacks a SCHEMA too.',
  },
  INPUT_BATCH_ENCODING: {
    what: 'A BATCH announces files in a format or with a compression that cannot be read. No row of these files is loaded.',
    why: 'The "encoding" of the BATCH names a format other than "jsonl" and "parquet". For JSON lines, every compression but "gzip" is a cause as well. A destination of your own may take no Parquet files.',
  },
  INPUT_BATCH_FILE: {
    what: 'A file that a BATCH names could not be read. Rows of JSON lines before the fault are loaded, except into overwritten tables; no row of a Parquet file is.',
    why: 'The file has been removed, is cut off, or is not gzip or Parquet, as the BATCH says. A folder, a pipe or a device in the place of the file is another cause. For a file on S3, this machine or the lakehouse may lack the right to read.',
  },
  INPUT_BATCH_SOURCE: {
    what: 'A BATCH names a file that the configuration does not allow. No row of the file is loaded.',
    why: 'The file lies outside of the places in "batch_sources", perhaps because of a link, or that list is empty. Without "batch_sources", a file on S3 is refused unless an S3 option or an AWS variable is set.',
  },
  INPUT_SCHEMA_INVALID: {
    what: 'A stream has a schema of which no usable table or key can be made. Rows before the line are loaded, except into overwritten tables.',
    why: 'A key property is not selected in the catalog, may hold objects, or has a type that JSON Schema does not know. Other causes are a schema without properties, and with "validate_records" a schema that cannot be compiled.',
  },
  INPUT_KEY_REQUIRED: {
    what: 'A stream would be loaded without keys, which "primary_key_required" forbids. Rows before its SCHEMA are loaded, except into overwritten tables.',
    why: 'The SCHEMA of the stream has no key properties, for example because the source has no primary key. Another cause is a stream that is loaded append-only while "hard_delete" is on.',
  },
  INPUT_KEY_MISSING: {
    what: 'A record has no value in a property of its key. Rows before the line are loaded, except into overwritten tables; no row of a Parquet file with this fault is.',
    why: 'A property that the catalog names as a key is null at the source, or the tap leaves the property out of a record. A delete marker needs the whole key as well.',
  },
  INPUT_VALUE_INVALID: {
    what: 'A record has a value that its column cannot hold exactly. Rows before the line are loaded, except into overwritten tables; for a Parquet file or without a line, nothing of the load is.',
    why: 'The source has a value that its declared type does not allow, such as text for an integer or a day that does not exist. An existing column of the table may also be too narrow for the value. With "validate_records", a record that breaks its JSON Schema is a further cause.',
  },
  INPUT_VALIDATION_TIMEOUT: {
    what: 'The check of records against their JSON Schema took longer than "validate_max_seconds". Rows of the same MiB before the line may not be loaded, and no state tells of them.',
    why: 'Only runs with "validate_records" meet this error. A "pattern" of the schema needs very many steps for one value, or a record is very large.',
  },
  TOO_MANY_DEAD_LETTERS: {
    what: 'More records had to be set aside than "dead_letter_max" allows. Rows before the first record too many are loaded, except into overwritten tables; the dead-letter files are kept.',
    why: 'With "invalid_values" set to "dead_letter", a record is set aside when its key is missing, or a column cannot hold a value. Many such records at once are the usual sign of a change at the source or in the schema.',
  },
  INPUT_TABLE_SHARED: {
    what: 'Two streams of the run lead to the same table. Rows before the SCHEMA of the second stream are loaded, except into overwritten tables.',
    why: 'Table names are lower case with "_" for "." and the like, so that "Items" and "items" are one table. Of "eu-orders" and "us-orders" only "orders" names the table, and without "schema_mapping" both are in one schema.',
  },

  DESTINATION_UNREACHABLE: {
    what: 'The lakehouse gave no usable answer. At the start of a run nothing has been read; later, the message of a load says what is known of its rows.',
    why: 'The host or the port is wrong, nobody knows the host name, or a firewall stands between. A proxy that refuses the connection, a redirect, and an unexpected HTTP status are other causes.',
  },
  DESTINATION_AUTH: {
    what: 'The lakehouse refused the user with HTTP 401 or 403. As a rule this is at the start of a run, before anything is read.',
    why: 'The user name or the password is wrong, or an access token has expired. The user may also lack the right to use this lakehouse.',
  },
  DESTINATION_NOT_FOUND: {
    what: 'The server has no lakehouse at this path (HTTP 404). As a rule this is at the start of a run, before anything is read.',
    why: 'The name of the lakehouse or of the data plane is misspelled, or "data_plane" is not set. Older versions of iomete have other paths than those of today.',
  },
  DESTINATION_TLS: {
    what: 'No trusted TLS connection to the lakehouse could be made. As a rule this is at the start of a run, before anything is read.',
    why: 'The certificate comes from an authority that this machine does not know, such as that of a company or of a proxy that opens TLS. The certificate may also be expired or be made out to another host. A port that speaks no TLS is another cause.',
  },
  DESTINATION_STARTING: {
    what: 'The lakehouse was not ready within "startup_wait_seconds". At the start of a run nothing has been read; later, the message of a load says what is known of its rows.',
    why: 'The lakehouse is stopped, or needs longer than that to start. Its gateway answers with HTTP 502, 503 or 504 until then.',
  },
  DESTINATION_SETTING: {
    what: 'The lakehouse has a setting for all sessions that would hide the loaded rows from readers. Nothing has been read or loaded.',
    why: 'The Spark configuration of the lakehouse sets "spark.wap.branch" or "spark.wap.id". Commits then go to a place where no reader looks.',
  },
  DESTINATION_BUSY: {
    what: 'The DuckDB file is open elsewhere, so that this run cannot open the file. Nothing has been read or loaded.',
    why: 'Another process has the file open, such as another run or a DuckDB shell. The message names that process where DuckDB tells the name. A program that uses the library may also hold the file open.',
  },
  DESTINATION_FILE: {
    what: 'The DuckDB file cannot be opened. Nothing has been read or loaded.',
    why: '"duckdb_path" names a folder, a file that is no DuckDB database, or a file in a folder that does not exist. The user may also lack the right to open the file.',
  },

  TABLE_IS_VIEW: {
    what: 'The stream leads to a view, and rows can be loaded into tables only. Nothing of the stream is loaded, and the view is unchanged.',
    why: 'The target schema has a view with the name of the table of the stream. Names are compared without regard to case.',
  },
  TABLE_NOT_ICEBERG: {
    what: 'The stream leads to a lakehouse table that is no Iceberg table. Nothing of the stream is loaded, and the table is unchanged.',
    why: 'Another program has made a table of this name in another format, such as Parquet. The message names the format.',
  },
  TABLE_FORBIDDEN: {
    what: 'The lakehouse refused a statement, because the user lacks a right. Nothing of this load is in the table.',
    why: 'The user may not create the schema or the table, change its columns, or write its rows. The refusal comes from the metastore, from Ranger or from the catalog of the lakehouse.',
  },
  TABLE_KEY_TYPE: {
    what: 'The key of the stream does not fit the key column of the table. No row of that SCHEMA is loaded, and the table is unchanged.',
    why: 'The type of the key has changed at the source or in the catalog, for example from integer to string. Another cause is a table made by hand with another type of key. In DuckDB, a key column with a collation such as NOCASE is refused as well.',
  },
  TABLE_COLUMN_REQUIRED: {
    what: 'A row has no value for a column of the table that is NOT NULL. Nothing of this load is in the table.',
    why: 'Somebody has made the column NOT NULL, and the stream has no such property or does not always fill the property. Columns that target-iomete makes are never NOT NULL.',
  },
  TABLE_CONSTRAINT: {
    what: 'A constraint, an index or a generated column of a DuckDB table does not allow a row or a change of a column. Nothing of this load is in the table.',
    why: 'A row breaks a PRIMARY KEY, UNIQUE, CHECK or foreign key that the maker of the table has set up. Such a constraint or an index can also keep a column from getting another type. A generated column takes no values from the stream.',
  },
  TABLE_NAME_RESERVED: {
    what: 'A column of the lakehouse table has a name that belongs to Iceberg or Spark. No row of that SCHEMA is loaded, and the table is unchanged.',
    why: 'Somebody else has added a column such as "_file", "_pos" or "__row_from_source". Iceberg allows such names, but then the table cannot be read or merged into. target-iomete itself gives these properties other column names.',
  },
  TABLE_PARTITION: {
    what: 'The partitions of the lakehouse table do not allow a change that a column needs. No row of that SCHEMA is loaded, and the table is unchanged.',
    why: 'A property has changed to a type that its column cannot hold, and the table is or was partitioned by this column. Another cause is a new member of a STRUCT that has the name of a partition field.',
  },
  TABLE_IDENTIFIER: {
    what: 'A column needs another type, and is one of the identifier fields of the lakehouse table. No row of that SCHEMA is loaded, and the table is unchanged.',
    why: 'A property has changed to a type that its column cannot hold. The old column would stay under another name, without values in new rows, and an identifier field needs a value in every row.',
  },
  TABLE_NAME_MAPPING: {
    what: 'New columns cannot be added safely to a lakehouse table whose files are read by column names. No row of that SCHEMA is loaded, and the table is as before.',
    why: 'The table was migrated to Iceberg, or older files were added, and so has the property "schema.name-mapping.default". Old values of these files could show up in a new column, or be lost. A property that cannot be read is another cause.',
  },
  TABLE_UNSUPPORTED: {
    what: 'The table has a form into which rows cannot be loaded. No row of that SCHEMA is loaded, and the table is unchanged.',
    why: 'The property "write.spark.accept-any-schema" is true, so that Spark refuses every MERGE. Another cause is a STRUCT column whose member names cannot be read back. In an overwrite, a table of somebody else may have the name of the staging table.',
  },
  SCHEMA_CONTRACT: {
    what: 'The table would have to be made or changed, and "schema_contract" forbids that. No row of that SCHEMA is loaded, and the table is unchanged.',
    why: 'With "freeze", the source has a new stream, a new property, or a property of another type. With "discard", the property is a key or a metadata column, which cannot be left out.',
  },
  LOAD_FAILED: {
    what: 'The warehouse refused a statement. A load is one commit, so the table has all rows of this load or, in most cases, none.',
    why: 'In DuckDB, the usual cause is too little memory. In the lakehouse, Spark cannot read the stage, the "catalog" does not exist, or somebody has removed the table. A lost answer that leaves the outcome open is a further cause, which the message tells.',
  },
  LOAD_UNANSWERED: {
    what: 'The lakehouse gave no answer to a statement within "retry_max_seconds". The message of a load says whether its rows may be in the table.',
    why: 'The lakehouse was stopped, restarted or overloaded during the run. Another cause is a connection that stayed broken for that long.',
  },
  LOAD_ROWS_MISMATCH: {
    what: 'The warehouse has read or written another number of rows than the run has staged. Nothing of this load is in the table.',
    why: 'A staged file was changed, cut off or removed before its load. The lakehouse reads the bucket by its own configuration of S3, and may so see other files than the run has written.',
  },
  OVERWRITE_INCOMPLETE: {
    what: 'The input ended, and nothing shows that an overwritten stream came as a whole. The table of this stream keeps its old rows; complete streams are overwritten.',
    why: 'The tap ended early without an error. Another cause is a tap that never sends the STATE or the ACTIVATE_VERSION that "overwrite_requires" asks for after the last record.',
  },
  OVERWRITE_TOO_FEW: {
    what: 'The run has fewer rows for an overwritten table than "overwrite_min_rows_percent" asks for. The table keeps its old rows; other complete streams are overwritten.',
    why: 'The source or the tap gave only a part of the rows, or none. Many rows may also really have been removed at the source.',
  },
  OVERWRITE_CONFLICT: {
    what: 'Another writer has changed the lakehouse table since this run began to overwrite the table. Nothing of this overwrite is in the table.',
    why: 'Another program has committed rows to the table, or has removed the table. Two runs that overwrite one table at once are another cause, as the later run takes over. Compaction of files is none.',
  },

  STAGE_BUCKET_MISSING: {
    what: 'S3 does not have the bucket of the stage at this address. The stage is checked before anything is read, so as a rule nothing is loaded.',
    why: 'The name of the bucket is misspelled, or the bucket lies in another region than "s3_region_name" says. The bucket may also be on another S3 server than that of "s3_endpoint_url".',
  },
  STAGE_AUTH: {
    what: 'S3 refused access to the stage, or there are no AWS credentials. The stage is checked before anything is read; rows that cannot be staged later are not loaded.',
    why: 'No credentials are set, half of a key is missing, or "aws_profile" names a profile that is not there. The key may also be wrong or lack a right. In a long run, credentials may expire.',
  },
  STAGE_DISK_FULL: {
    what: 'There is no space left for staged files or for DuckDB. Nothing of this load is in the table.',
    why: 'The disk of "temp_dir" or of the DuckDB file is full, or a quota is used up. DuckDB also writes to "temp_dir" what does not fit into "duckdb_memory_limit".',
  },
  CLEAN_INCOMPLETE: {
    what: 'The command "clean --remove" could not remove everything that was found. Each thing that is left has a line with the reason.',
    why: 'The user may list the stage or the tables, but may not remove what is there. Another cause is a connection that broke. The heartbeat of a run stays as long as anything else of that run does.',
  },
  STAGE_FAILED: {
    what: 'The stage cannot be reached or written. The stage is checked before anything is read; rows that cannot be staged later are not loaded.',
    why: '"temp_dir" names a folder that does not exist or may not be written. "s3_endpoint_url" may have the wrong host, port or scheme, or its certificate is not trusted. A proxy, or an S3 server that fails for too long, is another cause.',
  },
};
