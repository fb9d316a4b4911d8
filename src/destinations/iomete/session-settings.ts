// What a Spark session must be set to so that statements mean what we wrote, whatever the lakehouse's own defaults are.

export const sessionSettings: Readonly<Record<string, string>> = {
  // Timestamps: staged as UTC without a zone, kept as instants.
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.timestampType': 'TIMESTAMP_LTZ',
  'spark.sql.legacy.timeParserPolicy': 'CORRECTED',
  // A cast or a store that does not fit fails instead of writing NULL.
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.storeAssignmentPolicy': 'ANSI',
  // INSERT OVERWRITE replaces all rows, not those of the partitions that get new ones.
  'spark.sql.sources.partitionOverwriteMode': 'STATIC',
  // Statements are read as written: names, literals and `${…}` in them included.
  'spark.sql.ansi.doubleQuotedIdentifiers': 'false',
  'spark.sql.ansi.enforceReservedKeywords': 'false',
  'spark.sql.caseSensitive': 'false',
  'spark.sql.parser.escapedStringLiterals': 'false',
  'spark.sql.parser.quotedRegexColumnNames': 'false',
  'spark.sql.variable.substitute': 'false',
  // An append is a MERGE whose rows meet none.
  'spark.sql.crossJoin.enabled': 'true',
  // Of a column that a statement does not name, a new row has the default, or NULL.
  'spark.sql.defaultColumn.enabled': 'true',
  'spark.sql.defaultColumn.useNullsForMissingDefaultValues': 'true',
  // JSON text of structs leaves out members that are NULL.
  'spark.sql.jsonGenerator.ignoreNullFields': 'true',
  // Views over staged files are read by the settings of whoever reads them.
  'spark.sql.legacy.useCurrentConfigsForView': 'false',
  // Answers of SHOW have their columns under the names of today.
  'spark.sql.legacy.keepCommandOutputSchema': 'false',
  // What a NOT NULL column has no value for is refused, and no statement changes a table's columns on its way.
  'spark.sql.iceberg.check-nullability': 'true',
  'spark.sql.iceberg.check-ordering': 'true',
  'spark.sql.iceberg.merge-schema': 'false',
  // DESCRIBE cuts the types of structs short: `... 3 more fields`.
  'spark.sql.debug.maxToStringFields': '2147483647',
  // A staged file that is missing or torn is an error.
  'spark.sql.files.ignoreCorruptFiles': 'false',
  'spark.sql.files.ignoreMissingFiles': 'false',
  // Files of others: each as it is, dates as they stand (Spark knows by the file which of its own it must shift).
  'spark.sql.runSQLOnFiles': 'true',
  'spark.sql.parquet.mergeSchema': 'false',
  'spark.sql.parquet.binaryAsString': 'false',
  'spark.sql.parquet.int96AsTimestamp': 'true',
  'spark.sql.parquet.int96TimestampConversion': 'false',
  'spark.sql.parquet.inferTimestampNTZ.enabled': 'true',
  'spark.sql.parquet.fieldId.read.enabled': 'false',
  'spark.sql.legacy.parquet.nanosAsLong': 'false',
  'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
  'spark.sql.parquet.int96RebaseModeInRead': 'CORRECTED',
  // A column of this name is no column of the file: none of ours is called so.
  'spark.sql.columnNameOfCorruptRecord': '_corrupt_record',
  // With pruning, a record with too few or too many fields goes unnoticed.
  'spark.sql.csv.parser.columnPruning.enabled': 'false',
};

/**
 * Settings that may not have a value: each sends what a statement commits to a place where nobody sees it. `RESET` gives
 * back the lakehouse's own default.
 */
export const forbiddenSettings: readonly string[] = ['spark.wap.branch', 'spark.wap.id'];

/** Not a setting of Spark: where a session has it, the settings above have arrived with it. */
export const configurationMark = { name: 'target_iomete.configured', value: 'true' } as const;

/** As a Thrift session's configuration: Spark takes over only what comes as a Hive setting. */
export const sessionConfiguration: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.entries(sessionSettings), [configurationMark.name, configurationMark.value] as const].map(
    ([name, value]) => [`set:hiveconf:${name}`, value],
  ),
);
