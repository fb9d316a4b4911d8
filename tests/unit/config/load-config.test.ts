import { chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configOf, loadConfig } from '../../../src/config/index.ts';
import { lakehouse, load, problemsOf, writeConfigs } from './config-folder.ts';

const flag = (
  name: 'batch_sources' | 'port' | 'batch_size_rows' | 'schema_mapping' | 'parallelism_max',
  text: string,
) => ({
  name,
  text,
  written: `--${name}`,
});

describe('sources of the configuration', () => {
  it('win over each other: later files over earlier ones, the environment over files, flags over all', async () => {
    const files = [
      { ...lakehouse, user: 'first', database: 'first', port: 1, batch_size_rows: 1 },
      { database: 'second', port: 2, batch_size_rows: 2 },
    ];
    const environment = { TARGET_IOMETE_PORT: '3', TARGET_IOMETE_BATCH_SIZE_ROWS: '3' };
    const { options } = await load({ files, environment, flags: [flag('batch_size_rows', '4')] });
    expect(options).toMatchObject({ user: 'first', database: 'second', port: 3, batch_size_rows: 4 });
  });

  it('fill in the defaults of what is nowhere set', async () => {
    const { options, warnings } = await load({ files: [lakehouse] });
    expect(options).toEqual({
      ...lakehouse,
      destination: 'iomete',
      port: 443,
      database: 'default',
      catalog: 'spark_catalog',
      undeclared_fields: 'ignore',
      tls_verify: true,
      schema_contract: 'evolve',
      startup_wait_seconds: 600,
      s3_uri_scheme: 's3a',
      stage_format: 'parquet',
      keep_staged_files: false,
      no_compression: false,
      temp_dir: tmpdir(),
      duckdb_path: 'output.duckdb',
      duckdb_memory_limit: '1GB',
      load_method: 'upsert',
      overwrite_requires: 'state',
      overwrite_min_rows_percent: 0,
      add_metadata_columns: false,
      hard_delete: false,
      data_flattening_max_level: 0,
      primary_key_required: true,
      retry_max_seconds: 300,
      nested_columns: 'json',
      number_type: 'double',
      invalid_values: 'fail',
      validate_max_seconds: 30,
      validate_records: false,
      batch_size_rows: 100000,
      batch_size_bytes: 268435456,
      flush_all_streams: false,
      parallelism: 0,
      parallelism_max: 16,
      workers: Math.min(4, availableParallelism()),
      memory_budget_mb: 64,
      max_line_bytes: 134217728,
      shutdown_seconds: 5,
      state_frontier: 'global',
      state_max_lag_seconds: 300,
    });
    expect(warnings).toEqual([]);
  });

  it('give numbers, booleans and objects their types when they come as text', async () => {
    const environment = {
      TARGET_IOMETE_PARALLELISM: '-1',
      TARGET_IOMETE_HARD_DELETE: 'TRUE',
      TARGET_IOMETE_TLS_VERIFY: '0',
      TARGET_IOMETE_DATABASE: '12',
    };
    const flags = [flag('schema_mapping', '{"public":{"target_schema":"sales"}}')];
    const { options } = await load({ files: [lakehouse], environment, flags });
    expect(options).toMatchObject({
      parallelism: -1,
      hard_delete: true,
      tls_verify: false,
      database: '12',
      schema_mapping: { public: { target_schema: 'sales' } },
    });
  });

  it('keep an empty list, which is not the same as none', async () => {
    expect((await load({ files: [lakehouse] })).options.batch_sources).toBeUndefined();
    expect((await load({ files: [{ ...lakehouse, batch_sources: [] }] })).options.batch_sources).toEqual([]);
    const flags = [flag('batch_sources', '["/exports", "s3://bucket/in"]')];
    expect((await load({ files: [lakehouse], flags })).options.batch_sources).toEqual(['/exports', 's3://bucket/in']);
    const environment = { TARGET_IOMETE_BATCH_SOURCES: '[]' };
    expect((await load({ files: [lakehouse], environment, flags: [] })).options.batch_sources).toEqual([]);
  });

  it('may be the environment alone', async () => {
    const environment = Object.fromEntries(
      Object.entries(lakehouse).map(([name, value]) => [`TARGET_IOMETE_${name.toUpperCase()}`, value]),
    );
    const { options } = await loadConfig({ configFiles: ['ENV'], flags: [], problems: [] }, environment);
    expect(options).toMatchObject(lakehouse);
  });

  it("leave AWS's own variables to AWS", async () => {
    const { options } = await load({
      files: [lakehouse],
      environment: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_PROFILE: 'profile' },
    });
    expect(options.aws_access_key_id ?? options.aws_secret_access_key ?? options.aws_profile).toBeUndefined();
  });

  it('may unset an option with null or nothing', async () => {
    const { options } = await load({
      files: [
        { ...lakehouse, port: 8443, s3_acl: 'private', batch_size_rows: 5, s3_endpoint_url: '', schema_mapping: {} },
        { port: null },
      ],
      environment: { TARGET_IOMETE_S3_ACL: '', TARGET_IOMETE_BATCH_SIZE_ROWS: '' },
    });
    expect(options).toMatchObject({ port: 443, batch_size_rows: 100000 });
    expect(options.s3_acl ?? options.s3_endpoint_url ?? options.schema_mapping).toBeUndefined();
  });

  it('may say max_parallelism for parallelism_max', async () => {
    const inFile = await load({ files: [{ ...lakehouse, max_parallelism: 3 }] });
    expect(inFile.options.parallelism_max).toBe(3);
    const own = { TARGET_IOMETE_PARALLELISM_MAX: '5' };
    const alias = { TARGET_IOMETE_MAX_PARALLELISM: '4' };
    const files = [{ ...lakehouse, max_parallelism: 3 }];
    for (const environment of [
      { ...own, ...alias },
      { ...alias, ...own },
    ])
      expect((await load({ files, environment })).options.parallelism_max).toBe(5);
  });

  it('may start with a byte order mark', async () => {
    expect((await load({ files: [`\uFEFF${JSON.stringify(lakehouse)}`] })).options.host).toBe(lakehouse.host);
    const { options } = await load({ files: [{ ...lakehouse, s3_acl: 'a\uFEFF' }] });
    expect(options.s3_acl).toBe('a\uFEFF');
  });
});

describe('rules between options', () => {
  it('turn metadata columns on with hard_delete', async () => {
    const { options } = await load({ files: [{ ...lakehouse, hard_delete: true, add_metadata_columns: false }] });
    expect(options.add_metadata_columns).toBe(true);
  });

  it('ask nothing of a configuration for DuckDB', async () => {
    const { options } = await load({ files: [{ destination: 'duckdb' }] });
    expect(options).toMatchObject({ duckdb_path: 'output.duckdb', default_target_schema: 'main' });
  });

  it("keep DuckDB's schema when one is named", async () => {
    const { options } = await load({ files: [{ destination: 'duckdb', default_target_schema: 'raw' }] });
    expect(options.default_target_schema).toBe('raw');
  });

  it('list all that the lakehouse needs when nothing of it is given', async () => {
    expect(await problemsOf({ files: [{}] })).toEqual([
      '- "host" or "connection_url" is missing: destination iomete needs it',
      '- "user" is missing: destination iomete needs it',
      '- "password" is missing: destination iomete needs it',
      '- "lakehouse" or "connection_url" or "http_path" is missing: destination iomete needs it',
      '- "s3_bucket" is missing: destination iomete needs it',
      '- "default_target_schema" or "schema_mapping" is missing: destination iomete needs it',
    ]);
  });

  it('say what to give when there is no configuration at all', async () => {
    const problems = [
      '- no configuration is given: name its file with --config FILE, or try --destination duckdb, which needs no lakehouse',
    ];
    expect(await problemsOf({})).toEqual(problems);
    const environment = { TARGET_IOMETE_SOMETHING_ELSE: 'y' };
    expect(await problemsOf({ environment })).toEqual([
      ...problems,
      "- the environment's TARGET_IOMETE_SOMETHING_ELSE is not an option, and has no effect: unset it, or rename it",
    ]);
  });

  it('do without a default schema when schemas are mapped', async () => {
    const files = [{ ...lakehouse, default_target_schema: null, schema_mapping: { a: { target_schema: 'b' } } }];
    expect((await load({ files })).options.default_target_schema).toBeUndefined();
  });

  it("take host, workspace and lakehouse from Airbyte's URL where they are not set", async () => {
    const connection_url = 'airbyte://frankfurt.iomete.com:8443/12312421312/main';
    const files = [{ ...lakehouse, host: null, lakehouse: 'mine', connection_url }];
    const { options } = await load({ files });
    expect(options).toMatchObject({
      host: 'frankfurt.iomete.com',
      port: 8443,
      workspace_id: '12312421312',
      lakehouse: 'mine',
    });
  });
});

describe('problems of a configuration', () => {
  it('are reported all at once', async () => {
    const [path] = await writeConfigs({
      hots: 'xyz12.iomete.com',
      user: 'loader',
      password: 12,
      lakehouse: 'main',
      default_target_schema: 'singer',
      batch_size_rows: '100000',
      port: 70000,
      frobnicate: true,
    });
    const loading = loadConfig(
      { configFiles: [path!], flags: [flag('parallelism_max', 'many')], problems: ['--bukket is not an option'] },
      { TARGET_IOMETE_TLS_VERIFY: 'maybe' },
    );
    await expect(loading).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: [
        '10 problems in the configuration:',
        '--bukket is not an option',
        `"hots" is not an option; did you mean "host"? (${path})`,
        `"frobnicate" is not an option (${path})`,
        'TARGET_IOMETE_TLS_VERIFY must be true or false',
        '--parallelism_max must be a whole number of at least 1',
        `"port" must be a whole number from 1 to 65535 (${path})`,
        `"password" must be a string, not a number (${path})`,
        `"batch_size_rows" must be a whole number of at least 1, not a string (${path})`,
        '"host" or "connection_url" is missing: destination iomete needs it',
        '"s3_bucket" is missing: destination iomete needs it',
      ].join('\n- '),
    });
  });

  it.each([
    [{ batch_size_rows: 0 }, '"batch_size_rows" must be a whole number of at least 1'],
    [{ batch_size_rows: 1.5 }, '"batch_size_rows" must be a whole number of at least 1, not a fraction ('],
    [{ parallelism: -2 }, '"parallelism" must be a whole number of at least -1'],
    [{ hard_delete: 'true' }, '"hard_delete" must be true or false, not a string'],
    [{ load_method: 'replace' }, '"load_method" must be "upsert" or "append-only" or "overwrite"'],
    [
      { stream_load_methods: { 'public-*': 'replace' } },
      '"stream_load_methods" must be an object from stream patterns to load methods',
    ],
    [{ schema_contract: 'thaw' }, '"schema_contract" must be "evolve" or "freeze" or "discard", or an object such as'],
    [{ schema_contract: { rows: 'freeze' } }, '"schema_contract" must be "evolve" or "freeze" or "discard"'],
    [{ schema_contract: { columns: 'thaw' } }, '"schema_contract" must be "evolve" or "freeze" or "discard"'],
    [{ s3_uri_scheme: 'gs' }, '"s3_uri_scheme" must be "s3a" or "s3"'],
    [{ host: 'https://xyz12.iomete.com' }, '"host" must be a host name alone, without "https://", port or path'],
    [{ host: 'xyz12.iomete.com:443' }, '"host" must be a host name alone, without "https://", port or path'],
    [{ batch_sources: '/exports' }, '"batch_sources" must be an array such as ["/data/exports", "s3://bucket/prefix"]'],
    [{ batch_sources: [1] }, '"batch_sources" must be an array such as'],
    [{ schema_mapping: ['x'] }, '"schema_mapping" must be an object such as'],
    [{ schema_mapping: { public: 'sales' } }, '"schema_mapping" must be an object such as'],
    [{ schema_mapping: { public: {} } }, '"schema_mapping" must be an object such as'],
    [{ connection_url: 'https://a/b/c' }, '"connection_url" must be of the form airbyte://'],
    [{ duckdb_memory_limit: 'much' }, '"duckdb_memory_limit" must be a size such as 512MB or 2GiB'],
    [{ tls_ca_file: '/no/such/ca.pem' }, '/no/such/ca.pem: no such file: correct the path in "tls_ca_file"'],
    [
      { tls_ca_file: 'package.json' },
      '"tls_ca_file" is not in PEM form: package.json: name a file with the certificate of the authority',
    ],
  ])('name the option and what it must be: %j', async (wrong, sentence) => {
    const problems = await problemsOf({ files: [{ ...lakehouse, ...wrong }] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`- ${sentence}`);
  });

  it('say nothing of the kind of a value that is wrong inside', async () => {
    const [problem] = await problemsOf({ files: [{ ...lakehouse, schema_mapping: { public: 'sales' } }] });
    expect(problem).not.toContain(', not ');
  });

  it('say where a value came from that nobody has set by itself', async () => {
    const connection_url = 'airbyte://h:70000/1/main';
    expect(await problemsOf({ files: [{ ...lakehouse, connection_url }] })).toEqual([
      '- "port" must be a whole number from 1 to 65535 (connection_url)',
    ]);
  });

  it.each(['1e3', '1.0', ' ', '0x10', '99999999999999999999'])('refuse %j as a whole number', async (text) => {
    expect(await problemsOf({ files: [lakehouse], flags: [flag('port', text)] })).toEqual([
      '- --port must be a whole number from 1 to 65535',
    ]);
  });

  it.each([
    ['TARGET_IOMETE_HOTS', 'TARGET_IOMETE_HOST'],
    ['TARGET_IOMETE_PROT', 'TARGET_IOMETE_PORT'],
    ['TARGET_IOMETE_DUCKDB_PTH', 'TARGET_IOMETE_DUCKDB_PATH'],
    ['TARGET_IOMETE_BATCH_SIZE_ROW', 'TARGET_IOMETE_BATCH_SIZE_ROWS'],
  ])('include a misspelled variable, and the one that was meant: %s', async (variable, meant) => {
    expect(await problemsOf({ files: [lakehouse], environment: { [variable]: 'x' } })).toEqual([
      `- the environment's ${variable} is not an option; did you mean ${meant}?`,
    ]);
  });

  it('include an unknown variable, which may be why an option is missing', async () => {
    const environment = { TARGET_IOMETE_HOME: 'xyz12.iomete.com' };
    expect(await problemsOf({ files: [{ ...lakehouse, host: null }], environment })).toEqual([
      '- "host" or "connection_url" is missing: destination iomete needs it',
      "- the environment's TARGET_IOMETE_HOME is not an option; did you mean TARGET_IOMETE_HOST?",
    ]);
  });

  it.each([
    ['spark_catalog.mis', `must be a schema's name without dots: a catalog before it belongs in "catalog"`],
    ['my schema;drop', 'must be a name of 1 to 128 letters, digits and "_", not "my schema;drop"'],
    ['my-schema', 'must be a name of 1 to 128 letters, digits and "_", not "my-schema"'],
    ['été', 'must be a name of 1 to 128 letters, digits and "_", not "été"'],
    [' ', 'must be a name of 1 to 128 letters, digits and "_", not ""'],
    ['x'.repeat(129), `must be a name of 1 to 128 letters, digits and "_", not "${'x'.repeat(60)}"`],
  ])('include a schema whose name would not stay as it is: %j', async (name, sentence) => {
    const inFile = { ...lakehouse, default_target_schema: name };
    expect(await problemsOf({ files: [inFile] })).toEqual([
      expect.stringContaining(`- "default_target_schema" ${sentence} (`),
    ]);
    const schema_mapping = { public: { target_schema: name }, other: { target_schema: 'sales' } };
    expect(await problemsOf({ files: [{ ...lakehouse, schema_mapping }] })).toEqual([
      expect.stringContaining(`- "target_schema" of "public" in "schema_mapping" ${sentence} (`),
    ]);
  });

  it('do not include a schema in upper case, or with blanks around it', async () => {
    const { options } = await load({ files: [{ ...lakehouse, default_target_schema: ' Tap_2 ' }] });
    expect(options.default_target_schema).toBe(' Tap_2 ');
  });

  it.each([':memory:', 'md:mydb', 'MD:', 'motherduck:x', 's3://bucket/x.duckdb'])(
    'include a DuckDB database that is no file: %s',
    async (duckdb_path) => {
      expect(await problemsOf({ files: [{ destination: 'duckdb', duckdb_path }] })).toEqual([
        expect.stringContaining('- "duckdb_path" must be the path of a file on this machine'),
      ]);
    },
  );

  it('say nothing of what is missing as long as the destination is unknown', async () => {
    expect(await problemsOf({ files: [{ destination: 'duckdbb' }] })).toEqual([
      expect.stringContaining('- "destination" must be "iomete" or "duckdb"'),
    ]);
  });

  it('name a file that is missing, and one that is a folder', async () => {
    const [path] = await writeConfigs('{}');
    const folder = dirname(path!);
    const configFiles = ['/no/such/config.json', folder];
    const loading = loadConfig({ configFiles, flags: [], problems: [] }, { TARGET_IOMETE_DESTINATION: 'duckdb' });
    await expect(loading).rejects.toThrow(
      `2 problems in the configuration:\n- /no/such/config.json: no such file: correct the path after --config\n- ${folder}: is a folder, not a file: name a file in it`,
    );
  });

  it.each([
    ['', 'is empty: it must hold a JSON object, such as {"destination": "duckdb"}'],
    [' \n', 'is empty: it must hold a JSON object, such as {"destination": "duckdb"}'],
    ['{"port": 1,\n}', 'not JSON: error at line 2, column 1: remove the comma after the last entry'],
    ['{"port": 1 // TLS\n}', 'not JSON: error at line 1, column 12: JSON has no comments: remove the comment'],
    ['{# TLS\n"port": 1}', 'not JSON: error at line 1, column 2: JSON has no comments: remove the comment'],
    [`{'port': 1}`, 'not JSON: error at line 1, column 2: JSON has double quotes (") only'],
    ['{port: 1}', 'not JSON: error at line 1, column 2: names stand in double quotes (")'],
    ['{"port": 1\n"host": "h"}', 'not JSON: error at line 2, column 1: a comma is missing before this text'],
    ['{"port": 1', 'not JSON: error at line 1, column 11: the text ends too early, "}" is missing'],
    [
      '{"temp_dir": "C:\\data"}',
      'not JSON: error at line 1, column 14: this text lacks its closing quote, or a backslash before a quote or backslash within',
    ],
    ['# a comment\nhost: h\n', 'looks like YAML: let its name end in .yaml, or write the options as a JSON object'],
    ['---\n- 1\n', 'looks like YAML: let its name end in .yaml, or write the options as a JSON object'],
    ['\uFFFD{\0"\0', 'is not UTF-8, but perhaps UTF-16: save it as UTF-8'],
    ['[]', 'must hold a JSON object, not an array'],
  ])('of a file that holds %j are the cause alone, and not what it may have set', async (text, cause) => {
    const problems = await problemsOf({ files: [text] });
    expect(problems.map((problem) => problem.replace(/^- .*config-0\.json: /, ''))).toEqual([cause]);
  });

  it("are read from YAML by the file's name", async () => {
    const yaml = `# the stage is the lakehouse's own
destination: duckdb
duckdb_path: &file "a: b.duckdb"
batch_size_rows: 0x10
hard_delete: true
schema_mapping:
  public: { target_schema: shop }
`;
    const [path] = await writeConfigs(yaml);
    const named = async (ending: string) => {
      const moved = path!.replace(/\.json$/, ending);
      await copyFile(path!, moved);
      return (await loadConfig({ configFiles: [moved], flags: [], problems: [] }, {})).options;
    };
    for (const ending of ['.yaml', '.YML'])
      expect(await named(ending)).toMatchObject({
        duckdb_path: 'a: b.duckdb',
        batch_size_rows: 16,
        hard_delete: true,
        schema_mapping: { public: { target_schema: 'shop' } },
      });
  });

  it.each([
    ['', 'is empty: it must hold destination: duckdb'],
    ['# nothing\n', 'must hold options, such as destination: duckdb, not null'],
    ['- a\n', 'must hold options, such as destination: duckdb, not an array'],
    ['a: 1\na: 2\n', 'not YAML: error at line 2, column 1: this name stands there twice'],
    ['password: *secret-1\n', 'not YAML: a value that begins with "*" stands in quotes'],
    ['password: !secret-1\n', 'not YAML: error at line 1, column 11: a value that begins with "!" stands in quotes'],
    ['password: secret-1: x\n', 'not YAML: error at line 1, column 11: a value that holds ": " stands in quotes'],
    ['password: "secret-1\n', 'not YAML: error at line 2, column 1: a closing quote or bracket is missing'],
    ['a:\n\tb: 1\n', 'not YAML: error at line 2, column 1: indent with blanks, not with tabs'],
    ['a: 1\n---\na: 2\n', 'not YAML: error at line 2, column 1: a file holds one document'],
    ['a: 1\n  secret-1\n b: 2', expect.stringMatching(/^not YAML: error at line \d/)],
  ])('of YAML that holds %j name the cause and no value', async (text, cause) => {
    const [path] = await writeConfigs(text);
    const moved = path!.replace(/json$/, 'yaml');
    await rename(path!, moved);
    const loading = loadConfig({ configFiles: [moved], flags: [], problems: [] }, {});
    const error = await loading.catch((reason) => reason);
    const problems = error.message
      .split('\n')
      .slice(1)
      .map((line: string) => line.replace(/^- .*\.yaml: /, ''));
    expect(problems).toEqual([cause]);
    expect(error.message).not.toContain('secret-1');
  });

  it('give the place at which a file stops being JSON, and nothing of its text', async () => {
    const text = '{\n  "destination": "duckdb",\n  "password": hunter2\n}';
    const problems = await problemsOf({ files: [text], environment: { TARGET_IOMETE_DESTINATION: 'duckdb' } });
    expect(problems).toEqual([expect.stringMatching(/config-0\.json: not JSON: error at line 3, column 15$/)]);
  });

  it.each([
    ['[]', 'an array'],
    ['null', 'null'],
    ['"x"', 'a string'],
  ])('refuse a file that holds %s', async (text, kind) => {
    const problems = await problemsOf({ files: [text], environment: { TARGET_IOMETE_DESTINATION: 'duckdb' } });
    expect(problems).toEqual([expect.stringContaining(`must hold a JSON object, not ${kind}`)]);
  });

  it('name two names of one option in one file', async () => {
    const files = [{ ...lakehouse, parallelism_max: 1, max_parallelism: 2 }];
    expect(await problemsOf({ files })).toEqual([
      expect.stringContaining('- "max_parallelism" is another name of "parallelism_max": give only one of them'),
    ]);
  });

  it('keep an unknown key on its own line', async () => {
    const problems = await problemsOf({ files: [{ ...lakehouse, 'x\n- "y': 1 }] });
    expect(problems).toHaveLength(1);
  });
});

describe('warnings', () => {
  it('tell of an unknown variable and what it may have been meant to be', async () => {
    const environment = { TARGET_IOMETE_HOME: '1', TARGET_IOMETE__LOAD_SCHEMA: 'x', TARGET_IOMETE_SOMETHING_ELSE: 'y' };
    expect((await load({ files: [lakehouse], environment })).warnings).toEqual([
      "the environment's TARGET_IOMETE_HOME is not an option; did you mean TARGET_IOMETE_HOST?",
      "the environment's TARGET_IOMETE_SOMETHING_ELSE is not an option, and has no effect: unset it, or rename it",
    ]);
  });

  it('tell of a file with a secret that others can read', async () => {
    const [path] = await writeConfigs(lakehouse);
    const given = { configFiles: [path!], flags: [], problems: [] };
    expect((await loadConfig(given, {})).warnings).toEqual([]);
    await chmod(path!, 0o644);
    expect((await loadConfig(given, {})).warnings).toEqual([
      `${path} holds "password" and other users of this machine can read it: chmod 600 ${path}`,
    ]);
  });

  it.each([
    [0o640, 'read'],
    [0o620, 'change'],
    [0o602, 'change'],
    [0o666, 'read and change'],
  ])('tell of a file of mode %o with a secret that others can %s', async (mode, can) => {
    const [path] = await writeConfigs(lakehouse);
    await chmod(path!, mode);
    expect((await loadConfig({ configFiles: [path!], flags: [], problems: [] }, {})).warnings).toEqual([
      `${path} holds "password" and other users of this machine can ${can} it: chmod 600 ${path}`,
    ]);
  });

  it('stay silent about a file that Meltano makes for one run', async () => {
    const [path] = await writeConfigs(lakehouse);
    await chmod(path!, 0o666);
    const warningsIn = async (folder: string) => {
      const moved = join(dirname(path!), folder, 'config.json');
      await mkdir(dirname(moved), { recursive: true });
      await rename(path!, moved);
      const { warnings } = await loadConfig({ configFiles: [moved], flags: [], problems: [] }, {});
      await rename(moved, path!);
      return warnings;
    };
    expect(await warningsIn('.meltano/run/target-iomete')).toEqual([]);
    expect(await warningsIn('.meltano/plugins')).toHaveLength(1);
    expect(await warningsIn('meltano/run')).toHaveLength(1);
  });

  it.each([
    ['public-read', ['"s3_acl" is public-read: anybody can read staged rows until they are removed']],
    [
      'public-read-write',
      ['"s3_acl" is public-read-write: anybody can read and change staged rows until they are removed'],
    ],
    ['bucket-owner-full-control', []],
  ])('tell of an ACL by which anybody can reach staged rows: %s', async (s3_acl, warnings) => {
    expect((await load({ files: [{ ...lakehouse, s3_acl }] })).warnings).toEqual(warnings);
    const inDuckdb = { destination: 'duckdb', s3_acl };
    expect((await load({ files: [inDuckdb] })).warnings).toEqual([]);
  });

  it('stay silent about a readable file without a secret', async () => {
    for (const password of ['', null]) {
      const [path] = await writeConfigs({ destination: 'duckdb', password });
      await chmod(path!, 0o644);
      expect((await loadConfig({ configFiles: [path!], flags: [], problems: [] }, {})).warnings).toEqual([]);
    }
  });

  it('tell of a secret on the command line', async () => {
    const flags = [{ name: 'password', text: 'hunter2', written: '--password' } as const, flag('port', '1')];
    expect((await load({ files: [lakehouse], flags })).warnings).toEqual([
      'other users of this machine can see --password on the command line: set TARGET_IOMETE_PASSWORD or use a file',
    ]);
  });

  it('tell of certificates that are not checked, and of parts of schema_mapping without effect', async () => {
    const schema_mapping = { public: { target_schema: 'sales', target_schema_select_permissions: ['analysts'] } };
    expect((await load({ files: [{ ...lakehouse, tls_verify: false, schema_mapping }] })).warnings).toEqual([
      '"tls_verify" is false: anybody between here and the lakehouse can read the password',
      '"target_schema_select_permissions" in "schema_mapping" has no effect: only "target_schema" does',
    ]);
  });
});

describe('texts of the environment and of flags', () => {
  const valuesOf = async (environment: Record<string, string>) =>
    (await load({ files: [lakehouse], environment })).options;

  it.each([
    ['yes', true],
    ['Yes', true],
    ['1', true],
    ['true', true],
    ['no', false],
    ['0', false],
    ['FALSE', false],
  ])('%j is %s', async (text, expected) => {
    expect((await valuesOf({ TARGET_IOMETE_VALIDATE_RECORDS: text })).validate_records).toBe(expected);
  });

  it.each([
    ['+7', 7],
    ['007', 7],
    ['-1', -1],
  ])('%j is the number %s', async (text, expected) => {
    expect((await valuesOf({ TARGET_IOMETE_PARALLELISM: text })).parallelism).toBe(expected);
  });

  it('may be one word, or an object, where both are understood', async () => {
    expect((await valuesOf({ TARGET_IOMETE_SCHEMA_CONTRACT: 'freeze' })).schema_contract).toBe('freeze');
    expect((await valuesOf({ TARGET_IOMETE_SCHEMA_CONTRACT: ' {"types":"freeze"}' })).schema_contract).toEqual({
      types: 'freeze',
    });
  });

  it.each([
    ['TARGET_IOMETE_HARD_DELETE', 'perhaps', 'must be true or false'],
    ['TARGET_IOMETE_WORKERS', '1.5', 'must be a whole number from 0 to 64'],
    ['TARGET_IOMETE_PARALLELISM', 'all', 'must be a whole number of at least -1'],
    [
      'TARGET_IOMETE_SCHEMA_MAPPING',
      '{"a":',
      'must be JSON: error at line 1, column 6: the text ends too early, "}" is missing',
    ],
    [
      'TARGET_IOMETE_SCHEMA_CONTRACT',
      '{',
      'must be JSON: error at line 1, column 2: the text ends too early, "}" is missing',
    ],
  ])('that %s can not be are named by their variable: %j', async (variable, text, problem) => {
    expect(await problemsOf({ files: [lakehouse], environment: { [variable]: text } })).toEqual([
      `- ${variable} ${problem}`,
    ]);
  });

  it('that are wrong do not make their option missing', async () => {
    const files = [{ ...lakehouse, host: null, s3_bucket: null }];
    const environment = { TARGET_IOMETE_S3_BUCKET: 'b', TARGET_IOMETE_SCHEMA_MAPPING: '[', TARGET_IOMETE_HOST: 'h' };
    expect(await problemsOf({ files: [{ ...files[0], default_target_schema: null }], environment })).toEqual([
      '- TARGET_IOMETE_SCHEMA_MAPPING must be JSON: error at line 1, column 2: the text ends too early, "}" is missing',
    ]);
  });
});

describe('a configuration file', () => {
  const duckdb = { TARGET_IOMETE_DESTINATION: 'duckdb' };

  it('must be given as a path', async () => {
    const loading = loadConfig({ configFiles: [' {"port": 1}'], flags: [], problems: [] }, duckdb);
    await expect(loading).rejects.toThrow(
      '1 problem in the configuration:\n- --config takes the path of a file, not JSON',
    );
  });

  it('that can not be read is named, with the reason that the system gives', async () => {
    const [path] = await writeConfigs('{}');
    const loading = loadConfig({ configFiles: [`${path}/inner.json`], flags: [], problems: [] }, duckdb);
    await expect(loading).rejects.toThrow(`- ${path}/inner.json: can't be read (ENOTDIR)`);
  });

  it('with an unknown key is shown no more than its beginning', async () => {
    const problems = await problemsOf({ files: [{ ['k'.repeat(100)]: 1 }], environment: duckdb });
    expect(problems).toEqual([expect.stringMatching(/^- "k{60}" is not an option \(/)]);
  });

  it('with a key that is nearly right is told which one is', async () => {
    const problems = await problemsOf({ files: [{ duckdb_pth: 'x' }], environment: duckdb });
    expect(problems).toEqual([
      expect.stringMatching(/^- "duckdb_pth" is not an option; did you mean "duckdb_path"\? \(.*config-0\.json\)$/),
    ]);
  });

  it('with an array where an object is due says what it found', async () => {
    const problems = await problemsOf({ files: [{ schema_mapping: [1], port: null, s3_acl: 7 }], environment: duckdb });
    expect(problems).toEqual([
      expect.stringMatching(/^- "s3_acl" must be a string, not a number \(/),
      expect.stringMatching(/^- "schema_mapping" must be an object such as .*, not an array \(/),
    ]);
  });
});

describe('a destination that a program brings', () => {
  const own = [{ name: 'mine' }];
  const loadOwn = (config: object) =>
    writeConfigs(config).then((configFiles) => loadConfig({ configFiles, flags: [], problems: [] }, {}, own));

  it('is known by its name, needs nothing of the lakehouse, and has a schema', async () => {
    const { options, warnings } = await loadOwn({ destination: 'mine', tls_verify: false });
    expect(options).toMatchObject({ destination: 'mine', default_target_schema: 'main' });
    expect(warnings).toEqual([]);
  });

  it('does not make other names known, nor take what the lakehouse needs', async () => {
    await expect(loadOwn({ destination: 'yours' })).rejects.toThrow('"destination" must be');
    await expect(loadOwn({})).rejects.toThrow('"user" is missing');
  });
});

it('a certificate file that can be read is taken', async () => {
  const [path] = await writeConfigs('# ours\n-----BEGIN CERTIFICATE-----\n');
  expect((await load({ files: [{ ...lakehouse, tls_ca_file: path }] })).options.tls_ca_file).toBe(path);
});

it('a URL of which the rest of the configuration says all is not needed', async () => {
  const connection_url = 'airbyte://other.iomete.com:8443/9/other';
  const { options } = await load({ files: [{ ...lakehouse, port: 1, workspace_id: '7', connection_url }] });
  expect(options).toMatchObject({ host: lakehouse.host, port: 1, workspace_id: '7', lakehouse: 'main' });
});

describe('the options of a program', () => {
  it('are checked like those of a file, and are all that counts', async () => {
    const { options } = await configOf({ destination: 'duckdb', duckdb_path: 'x.duckdb', workers: undefined });
    expect(options).toMatchObject({ destination: 'duckdb', duckdb_path: 'x.duckdb', batch_size_rows: 100_000 });
    await expect(configOf({ destination: 'duckdb', workers: 'two' } as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^1 problem in the configuration:\n- "workers" must be .* \(config\)$/),
    });
  });

  it('may name a destination that the program brings', async () => {
    const { options } = await configOf({ destination: 'mine' } as never, [{ name: 'mine' }]);
    expect(options.destination).toBe('mine');
  });
});

it('one good option and one that is wrong are a configuration that was given', async () => {
  const flags = [
    { name: 'workers', text: '2', written: '--workers' },
    { name: 'port', text: 'https', written: '--port' },
  ] as const;
  const given = { configFiles: [], flags, problems: [] };
  await expect(loadConfig(given, {})).rejects.toThrow('--port must be');
});
