// The rooms whose tests are tested, each by the tests that can run without a lakehouse and without another process.

const unit = (...paths) => paths.map((path) => `tests/unit/${path}`);

export const rooms = {
  schema: {
    mutate: ['src/schema/**/*.ts'],
    tests: unit('schema/**/*.test.ts', 'pipeline/streams.test.ts'),
  },
  config: {
    // data: what each option is called, and what people are told of it
    mutate: ['src/config/**/*.ts', '!src/config/options.ts', '!src/config/option.ts', '!src/config/index.ts'],
    tests: unit('config/**/*.test.ts', 'commands/about.test.ts'),
  },
  pipeline: {
    mutate: ['src/pipeline/**/*.ts'],
    // the model of checkpoints goes through all orders of events, which takes minutes
    tests: unit('pipeline/**/!(checkpoints.model).test.ts'),
  },
  sql: {
    mutate: ['src/destinations/sql/**/*.ts'],
    tests: unit(
      'destinations/sql/**/*.test.ts',
      'destinations/nested-table-types.test.ts',
      'destinations/duckdb/{loads,tables,overwrite,load-parquet}.test.ts',
    ),
  },
};
