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
  // DESCRIBE cuts the types of structs short: `... 3 more fields`.
  'spark.sql.debug.maxToStringFields': '2147483647',
  // A staged file that is missing or torn is an error.
  'spark.sql.files.ignoreCorruptFiles': 'false',
  'spark.sql.files.ignoreMissingFiles': 'false',
  // Files of others: each as it is, dates as they stand (Spark knows by the file which of its own it must shift).
  'spark.sql.runSQLOnFiles': 'true',
  'spark.sql.parquet.mergeSchema': 'false',
  'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
  'spark.sql.parquet.int96RebaseModeInRead': 'CORRECTED',
  // With pruning, a record with too few or too many fields goes unnoticed.
  'spark.sql.csv.parser.columnPruning.enabled': 'false',
};

/** Not a setting of Spark: where a session has it, the settings above have arrived with it. */
export const configurationMark = { name: 'target_iomete.configured', value: 'true' } as const;

/** As a Thrift session's configuration: Spark takes over only what comes as a Hive setting. */
export const sessionConfiguration: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.entries(sessionSettings), [configurationMark.name, configurationMark.value] as const].map(
    ([name, value]) => [`set:hiveconf:${name}`, value],
  ),
);
