// Names and values that are pieces of SQL, of paths and of templates: they are data, in both warehouses.
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DestinationSettings, openDestination } from '../../scripts/acceptance/destination.mjs';
import { temporaryFolder } from '../../scripts/acceptance/with-cleanup.mjs';
import { describeLakehouse } from '../setup/lakehouse.ts';
import { runCli } from '../support/cli.mjs';
import { recordLines, schemaLine } from '../support/singer-lines.ts';

const hostile = [
  "'; DROP TABLE victim; --",
  '"; DROP TABLE victim; --',
  '`; DROP TABLE victim; --',
  "') ; DELETE FROM victim ; SELECT ('",
  '" UNION SELECT * FROM victim --',
  "\\'; DROP TABLE victim; --",
  '/* */; DROP TABLE victim /*',
  'a\nDROP TABLE victim;\n',
  'a\r\n; DROP TABLE victim',
  `\${system:user.home} \${env:PATH} \${jndi:ldap://x}`,
  `\${hiveconf:x}#{x}{{x}}%s%n`,
  "x' OR '1'='1",
  '../../victim',
  '..%2f..%2fvictim%00',
  '\u0000; DROP TABLE victim',
  'victim`.`branch_main',
  "' || (SELECT 1) || '",
  '$$ victim $$',
  '\u202e;mitciv ELBAT PORD',
  'ʼ; DROP TABLE victim; --',
  '*',
  '?',
  '',
  ' ',
];

describe('DuckDB', () => {
  test('takes hostile names and values for what they are', () => loadHostile({ kind: 'duckdb' }));
});
test.each(hostile.filter((text) => text.trim() !== ''))(
  'a schema called %j is made, or refused, and no more',
  async (name) => {
    const folder = await temporaryFolder('injection', defer);
    const { config, schema, reader } = await openDestination({ kind: 'duckdb', folder }, defer);
    const victim = schemaLine('victim') + recordLines('victim', 1, 2);
    expect(await runCli({ config, input: victim })).toMatchObject({ code: 0 });
    const input = schemaLine('boats') + recordLines('boats', 1, 1);
    const { code, stderr } = await runCli({ config: { ...config, default_target_schema: name }, input });
    expect([0, 2, 5], stderr).toContain(code);
    const opened = await reader();
    const rows = await opened.query(`SELECT count(*)::VARCHAR FROM ${schema}.victim`);
    const schemas = await opened.query('SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY 1');
    await opened.close();
    expect(rows).toEqual([['2']]);
    expect(schemas).toHaveLength(code === 0 ? 2 : 1);
  },
);

describeLakehouse('A lakehouse', (lakehouse) => {
  test('takes hostile names and values for what they are', () => loadHostile({ kind: 'iomete', lakehouse }), 600_000);
});

const defer = (undo: () => unknown) => onTestFinished(async () => void (await undo()));
const line = (message: object) => `${JSON.stringify(message)}\n`;

async function loadHostile(settings: Omit<DestinationSettings, 'folder'>): Promise<void> {
  const folder = await temporaryFolder('injection', defer);
  const destination = await openDestination({ ...settings, folder }, defer);
  const { config, schema } = destination;
  const victim = schemaLine('victim') + recordLines('victim', 1, 2);
  expect(await runCli({ config, input: victim })).toMatchObject({ code: 0 });

  // each a stream, a column, a member of an object, a key and a value; twice, so that each is an update as well
  const streams = hostile.map((text, index) => `${text}${index}`);
  const messages = streams.flatMap((stream, index) => {
    const text = hostile[index]!;
    const properties = {
      id: { type: 'string' },
      [`${text}_`]: { type: ['null', 'string'] },
      o: { type: 'object', properties: { [text]: { type: ['null', 'string'] } } },
    };
    const record = { id: text, [`${text}_`]: text, o: { [text]: text } };
    return [
      line({ type: 'SCHEMA', stream, schema: { properties }, key_properties: ['id'] }),
      line({ type: 'RECORD', stream, record }),
      line({ type: 'RECORD', stream, record: { ...record, _sdc_deleted_at: null } }),
    ];
  });
  const state = line({ type: 'STATE', value: { hostile } });
  const options = { ...config, nested_columns: 'struct', add_metadata_columns: true };
  const input = messages.join('') + state;
  for (const run of [1, 2]) {
    const outcome = await runCli({ config: options, input });
    expect(outcome, `run ${run}: ${outcome.stderr.slice(-2000)}`).toMatchObject({ code: 0 });
    expect(JSON.parse(outcome.stdout)).toEqual({ hostile });
  }

  const reader = await destination.reader();
  try {
    const quote = (name: string) => (settings.kind === 'duckdb' ? `"${name.replaceAll('"', '""')}"` : `\`${name}\``);
    const named =
      settings.kind === 'duckdb'
        ? await reader.query(`SELECT table_name FROM duckdb_tables() WHERE schema_name = '${schema}'`)
        : (await reader.query(`SHOW TABLES IN ${schema}`)).map(([, table]) => [table]);
    const tables = named.map(([table]) => String(table));
    expect(tables).toHaveLength(hostile.length + 1);
    expect(await reader.query(`SELECT CAST(count(*) AS STRING) FROM ${schema}.victim`)).toEqual([['2']]);
    const found: unknown[] = [];
    for (const table of tables.filter((name) => name !== 'victim')) {
      const rows = await reader.query(`SELECT id FROM ${schema}.${quote(table)}`);
      expect(rows, table).toHaveLength(1);
      found.push(rows[0]![0]);
    }
    expect(found.sort()).toEqual([...hostile].sort());
  } finally {
    await reader.close();
  }
  expect(await destination.staged()).toEqual([]);
}
