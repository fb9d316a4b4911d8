import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/commands/sync.ts';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { connect, type SparkClient } from '../../../src/destinations/iomete/client.ts';
import type { ColumnNote } from '../../../src/report/facts.ts';
import { describeLakehouse } from '../../setup/lakehouse.ts';
import { lakehouseOptions } from '../../support/lakehouse-options.ts';
import { unreadStates } from '../../support/unread-states.ts';
import { type TypeRow, typeTable } from './type-table.ts';

const runId = Date.now().toString(36);
const schemaOf = (format: string) => `types_${format}_${runId}`;
const formats = ['csv', 'parquet'];
/** A table for each line, in a cold Spark. */
const PATIENCE_MS = 300_000;
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
        key_properties: row.isKey ? ['id', 'v'] : ['id'],
        schema: { properties: { id: { type: 'integer' }, v: row.schema } },
      }),
      ...[...values(row), ...(row.isKey ? [] : ['null'])].map(
        (value, id) => `{"type":"RECORD","stream":"${streamOf(row)}","record":{"id":${id},"v":${value}}}`,
      ),
    ])
    .join('\n');
}

/** Loads the values and says what was noted: by stream, how many values did not arrive exactly as declared. */
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
    abandoned: nothing,
    ignored: nothing,
    discarded: nothing,
    input: nothing,
    state: nothing,
    loading: nothing,
    loaded: nothing,
  };
  await run(options, {
    input,
    stateFd: unreadStates,
    log: { info: nothing, warn: nothing },
    events,
    interruption: new AbortController().signal,
  });
  return inexact;
}

const groups = [...new Set(typeTable.map((row) => JSON.stringify(row.options ?? {})))].map((options) => ({
  options: JSON.parse(options) as Record<string, string>,
  rows: typeTable.filter((row) => JSON.stringify(row.options ?? {}) === options),
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
    for (const { options, rows } of groups) {
      const noted = await load(rows, (row) => arriving(row).map(([sent]) => sent), {
        ...flags(),
        ...options,
      });
      for (const [stream, count] of noted) inexact.set(stream, count);
    }
  }, PATIENCE_MS);

  it.each(typeTable.map((row) => [row.name, row] as const))('%s arrives as docs/types.md says', async (_, row) => {
    const { type, texts } = await reader()(row);
    expect(type.toUpperCase()).toBe(row[name].toUpperCase());
    const values = texts
      .slice(0, arriving(row).length)
      .map((stored) => (stored === null ? null : canonical(row, stored)));
    expect(values).toEqual(arriving(row).map(([, text]) => expected(row, text)));
    expect(texts.slice(values.length)).toEqual(row.isKey ? [] : [null]);
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
    const text = row.kind === 'nested' ? 'to_json(v)' : 'v';
    const found = await rows(`SELECT hex(encode(CAST(${text} AS VARCHAR))) FROM ${table} ORDER BY id`);
    return { type, texts: found.map(([hex]) => (hex === null ? null : Buffer.from(String(hex), 'hex').toString())) };
  });
});

describeLakehouse('in Spark', (details) => {
  describe.each(formats)('staged as %s,', (format) => {
    const flags = () => ({
      ...lakehouseOptions(details, schemaOf(format)),
      port: String(details.port),
      stage_format: format,
    });
    let client: SparkClient | undefined;
    afterAll(() => client?.close());
    behaviours('spark', flags, () => async (row) => {
      const { host, port, httpPath, user, password, caFile } = details;
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
      const text = row.kind === 'nested' ? "to_json(v, map('ignoreNullFields', 'false'))" : 'v';
      const found = await session.run(`SELECT hex(CAST(${text} AS STRING)) AS h FROM ${table} ORDER BY id`);
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
      message: row.isKey ? `${why} (the key is ${sent})` : why,
      context: { line: 2, column: row.failsAt?.[sent] ?? 'v' },
    });
  });
});

it('docs/types.md says the same', async () => {
  await expect(markdown()).toMatchFileSnapshot('../../../docs/types.md');
});

function markdown(): string {
  const code = (value: string) => `\`${value.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
  const list = (values: Readonly<Record<string, string>> = {}) =>
    Object.keys(values)
      .map((sent) => code(sent.length > 60 ? `${sent.slice(0, 57)}…` : sent))
      .join(' ') || '–';
  const type = (name: string) => (/[<"[]/.test(name) ? code(name) : name);
  const lines = typeTable.map(
    (row) =>
      `| ${row.name} | ${type(row.spark)} | ${type(row.duckdb)} | ${list(row.exact)} | ${list(row.counted)} | ${list(row.fails)} |`,
  );
  return `# Types

What becomes of a property, by its JSON Schema: every line is a test (\`tests/suite/types\`), on Spark and on DuckDB, with the values shown. \`null\` is always taken, except in a key.

- **Exact**: the column holds what was sent.
- **Counted**: the column holds it approximately or, where text is declared and something else is sent, as the JSON text that was sent: \`1.50\` stays \`1.50\`. The run says at its end how many values of which column.
- **Fails**: the run ends with an error that names line, stream and column (\`invalid_values\`: or the value becomes NULL and is counted, or the record is set aside).

| JSON Schema | Spark | DuckDB | exact | counted | fails |
|---|---|---|---|---|---|
${lines.join('\n')}

## Keys

Two keys are the same when their JSON values are equal (\`1\`, \`1.0\` and \`1e0\`; \`-0\` and \`0\`) or, declared as date-times, dates or decimals, when their instants, days or numbers are. All others differ, to the blank and to the combining mark. So a key is never held approximately: what its column can't hold as no other key fails, in a record and in a delete marker, and the error shows the key.

- **Where a key has several types** its column is text. Numbers have one text for all their spellings there, all digits and nothing else, and so they have with \`"number_type": "string"\`. A string that is written as a number or a boolean that the key may be, too, fails: \`1\` and \`"1"\` would be one key.
- **Where the table has the key in another type** than the stream declares, each load looks first whether the table's type holds its keys. Integers and decimals in a DOUBLE that rounds them end the run with INPUT_VALUE_INVALID. A FLOAT becomes a DOUBLE for integers only, else the run ends with TABLE_KEY_TYPE: the \`0.1\` of a FLOAT is another number as a DOUBLE.
- **Where the table has the key as text** and the stream no longer declares a string, the run looks once whether the table's keys are written as the type is: \`2020-01-01T00:00:00Z\`, \`1.5\`, \`true\`. If one is not, it would not be found again, and the run ends with TABLE_KEY_TYPE before it changes anything.
- **Where a DuckDB table compares the key under a collation**, such as NOCASE, two different keys can be one row. The run ends with TABLE_KEY_TYPE before it changes anything, and says how the column is changed.
- **Nothing of this holds where nothing is looked up**, which is in \`append-only\` loads. The keys of an \`overwrite\` are told apart in its new rows.

## Text columns

- **A string that is sent as something else arrives as the JSON text that was sent**, and is counted: taps declare columns as strings, such as PostgreSQL's \`oid\` and domains over numbers, and send numbers or booleans. Objects and arrays likewise, and string members of structs. What goes on to fail: anything but a string in a key, as \`1\` and \`"1"\` would become one key; in a string of the format date-time, date or time; where several types are declared and it is none of them; what breaks its schema under \`validate_records\`; and a column of numbers in a Parquet file of a BATCH.
- **A number goes into a text column** when the table has had that column since its property was text. With \`"stage_format": "csv"\` a \`number\` (DOUBLE) arrives there as the text that was sent: \`1\`, \`1.50\`, \`1E2\`. Integers, decimals, and with \`"stage_format": "parquet"\` every number, get all their digits and nothing else, in both warehouses alike: no exponent, no zeros at the end of a fraction, no sign of zero: \`1\`, \`1.5\`, \`100\`. So do numbers in a key, in which \`1\` and \`1.0\` are one. Of a DOUBLE the digits are those that tell it from its neighbours; of very large and very small ones Java before version 19 writes now and then one more than DuckDB. Approximate values are counted by the type that the schema asks for, even where CSV brings all digits into the text.

## Native structs and arrays

With \`"nested_columns": "struct"\` an object becomes a STRUCT when its schema declares properties, an array an ARRAY when its schema declares items, and so do those within them. References, \`allOf\` and one alternative beside \`null\` are followed. \`data_flattening_max_level\` comes first: what it leaves becomes structs.

- **What has no fixed shape is JSON text**, as a column, a member or an element: an object without declared properties, or with \`patternProperties\` or a schema for \`additionalProperties\` (a map); an array without declared items, or with one schema for each place (a tuple); several shapes under \`anyOf\` or \`oneOf\`; several types; no type; a schema that refers to itself, where it meets itself; what lies deeper than 16 structs and arrays; a column of more than 5,000 members.
- **Every member is held to the rules of the table above**, and errors name it: \`address.geo.lat\`, \`tags[].name\`. With \`"invalid_values": "null"\` only the member becomes NULL.
- **Members are named** after their properties in lower case, by the rules of columns, but \`_\` stands for all that is neither a letter or digit of the Basic Multilingual Plane, nor a blank, nor one of \`_ . $\`: Hive's metastore reads no others in a type. Of two names that are the same then, or differ only in case, one gets a suffix, and the run says so. A name with a dot gets a suffix where Iceberg would take it for a member (\`a.b\` beside a struct \`a\` with a member \`b\`).
- **A member that is missing is NULL**, like one that is null. A member that is not declared is not loaded, like an undeclared property of a record. Of a member that comes twice the last counts.
- **On update the value is replaced as a whole**, as it was sent: a member that the new value lacks is NULL afterwards. A record without the property keeps the old value. The same is true of JSON text and of objects that are flattened.
- **When the schema changes**, new members are added to the table's struct in place, behind those that it has, and are NULL in older rows; members that the schema no longer has stay, and are NULL in new rows; numbers are widened in place. A member whose new type the old one can't hold makes a new column, and the old one is kept under a dated name, as for any column.
- **A table whose column is text goes on with text**: it gets each value as it was sent, undeclared members included. So \`nested_columns\` changes new columns only. In the other direction, from STRUCT to \`json\`, the struct is kept under a dated name, once.
- **Keys are never nested.**
`;
}
