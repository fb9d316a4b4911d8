// What a DuckDB file needs to be told: pure data, which the configuration reads.

export const duckdbOptions = {
  duckdb_path: {
    group: 'duckdb',
    schema: { type: 'string', pattern: '^(?!:memory:|[Mm][Dd]:|[Mm]otherduck:|[A-Za-z][A-Za-z0-9+.-]*://)' },
    expects:
      'the path of a file on this machine: tables in ":memory:" end with the run, and "md:" (MotherDuck) is not supported',
    default: 'output.duckdb',
    description: 'The DuckDB file to load into; made when it does not exist.',
  },
  duckdb_memory_limit: {
    group: 'duckdb',
    schema: { type: 'string', pattern: '^\\d+(\\.\\d+)? ?([KMGTkmgt][Ii]?)[Bb]$' },
    expects: 'a size such as 512MB or 2GiB',
    default: '1GB',
    description: 'Memory that DuckDB may use before it writes to disk.',
  },
} as const;
