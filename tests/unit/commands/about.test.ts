import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { about, aboutText, versionText } from '../../../src/commands/about.ts';
import { helpText, loadConfig, optionTable } from '../../../src/config/index.ts';
import { declarationOf, optionNames } from '../../../src/config/option-names.ts';
import { lakehouse, writeConfigs } from '../config/config-folder.ts';

const packageFile = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));

/** The words that meltano.yml's schema knows for loaders. */
const meltanoCapabilities = [
  'about',
  'stream-maps',
  'activate-version',
  'batch',
  'soft-delete',
  'hard-delete',
  'datatype-failsafe',
  'schema-flattening',
  'structured-logging',
];

describe('--about', () => {
  it('is JSON that names the package, its capabilities in words that Meltano knows, and every setting', () => {
    const facts = JSON.parse(aboutText('json'));
    expect(Object.keys(facts)).toEqual(['name', 'description', 'version', 'capabilities', 'settings']);
    expect(facts).toMatchObject({ name: 'target-iomete', version: packageFile.version });
    expect(meltanoCapabilities).toEqual(expect.arrayContaining(facts.capabilities));
    expect(Object.keys(facts.settings.properties)).toEqual(optionNames);
  });

  it('marks secrets, and gives each setting its description and default', () => {
    const properties = about().settings.properties as Record<string, Record<string, unknown>>;
    for (const name of optionNames) {
      const { secret, default: fallback, description } = declarationOf(name);
      expect(properties[name]!.writeOnly).toBe(secret);
      expect(properties[name]!.default).toBe(fallback);
      expect(properties[name]!.description).toContain(description);
    }
  });

  it.each([
    [{}],
    [lakehouse],
    [{ destination: 'iomete' }],
    [{ destination: 'duckdb' }],
    [{ destination: 'oracle' }],
    [{ ...lakehouse, port: '443' }],
    [{ ...lakehouse, user: undefined }],
    [{ ...lakehouse, s3_bucket: undefined }],
    [{ ...lakehouse, lakehouse: undefined }],
    [{ ...lakehouse, lakehouse: undefined, http_path: '/x' }],
    [{ ...lakehouse, default_target_schema: undefined }],
    [{ ...lakehouse, default_target_schema: undefined, schema_mapping: { a: { target_schema: 'b' } } }],
    [{ ...lakehouse, host: undefined, lakehouse: undefined, connection_url: 'airbyte://h/1/l' }],
  ])('publishes a JSON Schema that agrees with what is accepted: %j', async (config) => {
    const validate = new Ajv({ strict: true, strictRequired: false }).compile(about().settings);
    const accepted = await loadConfig({ configFiles: await writeConfigs(config), flags: [], problems: [] }, {}).then(
      () => true,
      () => false,
    );
    expect(validate(config)).toBe(accepted);
  });

  it('has a text and a Markdown form', () => {
    expect(aboutText('text')).toContain(`Version: ${packageFile.version}`);
    expect(aboutText('markdown')).toContain(optionTable());
  });
});

describe('--version and --help', () => {
  it('give name and version', () => {
    expect(versionText()).toBe(`target-iomete ${packageFile.version}`);
  });

  it.each([64, 80, 100, 300])(
    'explain every flag within a window of %i columns, without breaking a word',
    (columns) => {
      const help = helpText(columns, 'all');
      for (const name of optionNames) expect(help).toContain(`\n  --${name.replaceAll('_', '-')} `);
      for (const name of ['--config', '--input', '--about', '--version', '--help', '--remove', '--dry-run'])
        expect(help).toContain(name);
      expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 100));
      const words = (text: string) => text.split(/\s+/);
      expect(words(help)).toEqual(words(helpText(1000, 'all')));
    },
  );

  it('let only a word that is longer than the window stand out', () => {
    const long = helpText(30, 'all')
      .split('\n')
      .filter((line) => line.length > 30 && !/^(Usage:| +target-iomete)/.test(line));
    expect(long.filter((line) => line.trim().includes(' '))).toEqual([]);
  });
});

describe('the option table', () => {
  it('has one row of four cells for every option', () => {
    const rows = optionTable()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => /^\| `(\w+)`/.exec(row)![1]).sort()).toEqual([...optionNames].sort());
    for (const row of rows) expect(row.split(' | ')).toHaveLength(4);
  });
});
