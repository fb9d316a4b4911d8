import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, parseArguments } from '../../src/config/index.ts';
import { connect, type SparkClient } from '../../src/destination/iomete/client.ts';
import { run } from '../../src/run.ts';
import type { ColumnNote } from '../../src/stage/chunk.ts';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { type TypeRow, typeTable } from './type-table.ts';

const runId = Date.now().toString(36);
const schemaOf = (format: string) => `types_${format}_${runId}`;
const formats = ['csv', 'parquet'];
const folder = mkdtempSync(join(tmpdir(), 'types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const streamOf = (row: TypeRow) => `row${typeTable.indexOf(row)}`;
const arriving = (row: TypeRow) => Object.entries({ ...row.exact, ...row.counted });

function messages(rows: readonly TypeRow[], values: (row: TypeRow) => readonly string[]): string {
  return rows
    .flatMap((row) => [
      JSON.stringify({
        type: 'SCHEMA',
        stream: streamOf(row),
        key_properties: ['id'],
        schema: { properties: { id: { type: 'integer' }, v: row.schema } },
      }),
      ...[...values(row), 'null'].map(
        (value, id) => `{"type":"RECORD","stream":"${streamOf(row)}","record":{"id":${id},"v":${value}}}`,
      ),
    ])
    .join('\n');
}

/** Loads the values and says what was noted: by stream, how many values were inexact. */
async function load(
  rows: readonly TypeRow[],
  values: (row: TypeRow) => readonly string[],
  flags: Record<string, string>,
) {
  const input = join(folder, `${Math.random()}.singer`);
  writeFileSync(input, messages(rows, values));
  const given = await parseArguments(Object.entries(flags).map(([name, value]) => `--${name}=${value}`));
  const { options } = await loadConfig(given, {});
  const inexact = new Map<string, number>();
  const nothing = () => {};
  const events = {
    read: nothing,
    noted: (stream: string, _: unknown, { count }: ColumnNote) =>
      inexact.set(stream, (inexact.get(stream) ?? 0) + count),
    setAside: nothing,
    input: nothing,
    state: nothing,
    loading: nothing,
    loaded: nothing,
  };
  await run(options, {
    input,
    log: { info: nothing, warn: nothing },
    events,
    interruption: new AbortController().signal,
  });
  return inexact;
}

const groups = ['double', 'decimal', 'string'].map((numberType) => ({
  numberType,
  rows: typeTable.filter((row) => (row.options?.number_type ?? 'double') === numberType),
}));

/** Text of a warehouse → text that can be compared. */
function canonical({ kind }: TypeRow, stored: string): string {
  if (kind === 'double')
    return String(
      Number(stored.replace(/^(-?)inf(inity)?$/i, '$1Infinity').replace(/^nan$/i, 'NaN')) ||
        (stored.startsWith('-') ? '-0' : Number(stored) === 0 ? '0' : 'NaN'),
    );
  if (kind === 'decimal') return stored.includes('.') ? stored.replace(/\.?0+$/, '') : stored;
  return kind === 'time' ? stored.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : stored;
}

function expected(row: TypeRow, text: string): string {
  return row.kind === 'double' && !['NaN', '-0'].includes(text) ? String(Number(text)) : text;
}

type Reader = (row: TypeRow) => Promise<{ readonly type: string; readonly texts: readonly (string | null)[] }>;

function behaviours(name: 'spark' | 'duckdb', flags: () => Record<string, string>, reader: () => Reader) {
  const inexact = new Map<string, number>();
  beforeAll(async () => {
    for (const { numberType, rows } of groups) {
      const noted = await load(rows, (row) => arriving(row).map(([sent]) => sent), {
        ...flags(),
        number_type: numberType,
      });
      for (const [stream, count] of noted) inexact.set(stream, count);
    }
  });

  it.each(typeTable.map((row) => [row.name, row] as const))('%s arrives as docs/types.md says', async (_, row) => {
    const { type, texts } = await reader()(row);
    expect(type.toUpperCase()).toBe(row[name]);
    const values = texts.slice(0, -1).map((stored) => (stored === null ? null : canonical(row, stored)));
    expect(values).toEqual(arriving(row).map(([, text]) => expected(row, text)));
    expect(texts.at(-1)).toBeNull();
    expect(inexact.get(streamOf(row)) ?? 0).toBe(Object.keys(row.counted ?? {}).length);
  });
}

describe.each(formats)('in DuckDB, staged as %s,', (format) => {
  const path = join(folder, `types-${format}.duckdb`);
  const flags = () => ({
    destination: 'duckdb',
    duckdb_path: path,
    default_target_schema: schemaOf(format),
    temp_dir: folder,
    stage_format: format,
  });
  let database: DuckDBInstance;
  afterAll(() => database?.closeSync());
  behaviours('duckdb', flags, () => async (row) => {
    database ??= await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
    const connection = await database.connect();
    const rows = (sql: string) => connection.runAndReadAll(sql).then((reader) => reader.getRows());
    const table = `${schemaOf(format)}.${streamOf(row)}`;
    const [[type]] = (await rows(`SELECT typeof(v) FROM ${table} LIMIT 1`)) as [[string]];
    const found = await rows(`SELECT hex(encode(CAST(v AS VARCHAR))) FROM ${table} ORDER BY id`);
    return { type, texts: found.map(([hex]) => (hex === null ? null : Buffer.from(String(hex), 'hex').toString())) };
  });
});

describeLakehouse('in Spark', ({ s3, ...lakehouse }) => {
  describe.each(formats)('staged as %s,', (format) => {
    const flags = () => ({
      host: lakehouse.host,
      port: String(lakehouse.port),
      http_path: lakehouse.httpPath,
      user: lakehouse.user,
      password: lakehouse.password,
      tls_ca_file: lakehouse.caFile,
      s3_bucket: s3.bucket,
      s3_endpoint_url: s3.endpoint,
      s3_region_name: s3.region,
      aws_access_key_id: s3.accessKeyId,
      aws_secret_access_key: s3.secretAccessKey,
      default_target_schema: schemaOf(format),
      stage_format: format,
    });
    let client: SparkClient | undefined;
    afterAll(() => client?.close());
    behaviours('spark', flags, () => async (row) => {
      const { host, port, httpPath, user, password, caFile } = lakehouse;
      const settings = {
        host,
        port,
        httpPath,
        user,
        password,
        tlsCaFile: caFile,
        tlsVerify: true,
        startupWaitSeconds: 60,
      };
      client ??= await connect(settings, { info: () => {}, warn: () => {} });
      const session = await client.openSession();
      const table = `${schemaOf(format)}.${streamOf(row)}`;
      const [first] = await session.run(`SELECT typeof(v) AS t FROM ${table} LIMIT 1`);
      const found = await session.run(`SELECT hex(CAST(v AS STRING)) AS h FROM ${table} ORDER BY id`);
      await session.close();
      return {
        type: String(first!.t),
        texts: found.map(({ h }) => (h === null ? null : Buffer.from(String(h), 'hex').toString())),
      };
    });
  });
});

describe.each(formats)('what no column can hold, staged as %s,', (format) => {
  const refused = typeTable.flatMap((row) =>
    Object.entries(row.fails).map(([sent, why]) => [`${row.name}: ${sent}`, row, sent, why] as const),
  );
  const flags = {
    destination: 'duckdb',
    duckdb_path: join(folder, `refused-${format}.duckdb`),
    temp_dir: folder,
    stage_format: format,
  };

  it.each(refused)('%s ends the run', async (_, row, sent, why) => {
    const outcome = load([row], () => [sent], { ...flags, ...row.options });
    await expect(outcome).rejects.toMatchObject({
      code: 'INPUT_VALUE_INVALID',
      message: why,
      context: { line: 2, column: 'v' },
    });
  });
});

it('docs/types.md says the same', async () => {
  await expect(markdown()).toMatchFileSnapshot('../../docs/types.md');
});

function markdown(): string {
  const code = (value: string) => `\`${value.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
  const list = (values: Readonly<Record<string, string>> = {}) =>
    Object.keys(values)
      .map((sent) => code(sent.length > 60 ? `${sent.slice(0, 57)}…` : sent))
      .join(' ') || '–';
  const lines = typeTable.map(
    (row) =>
      `| ${row.name} | ${row.spark} | ${row.duckdb} | ${list(row.exact)} | ${list(row.counted)} | ${list(row.fails)} |`,
  );
  return `# Types

What becomes of a property, by its JSON Schema: every line is a test (\`tests/types\`), on Spark and on DuckDB, with the values shown. \`null\` is always taken, except in a key.

- **Exact**: the column holds what was sent.
- **Counted**: the column holds it approximately; the run says at its end how many values of which column.
- **Fails**: the run ends with an error that names line, stream and column (\`invalid_values\`: or the value becomes NULL and is counted, or the record is set aside).

| JSON Schema | Spark | DuckDB | exact | counted | fails |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
}
