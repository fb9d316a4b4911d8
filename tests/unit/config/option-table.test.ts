import { describe, expect, it } from 'vitest';
import { optionTable } from '../../../src/config/index.ts';
import { optionGroups } from '../../../src/config/option.ts';
import { declarationOf, optionNames } from '../../../src/config/option-names.ts';

const tables = optionTable().split('\n\n## ');
const row = (name: string) =>
  optionTable()
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\` |`));

describe('the table of options', () => {
  it('has a table for each group, with a heading of the fourth level', () => {
    expect(tables.map((table) => table.replace('## ', '').split('\n').slice(0, 4))).toEqual(
      Object.values(optionGroups).map((title) => [
        title,
        '',
        '| Option | Type | Default | Description |',
        '|---|---|---|---|',
      ]),
    );
    expect(optionTable()).toMatch(/^## /);
  });

  it('has the options of each group in their order', () => {
    for (const [index, group] of Object.keys(optionGroups).entries()) {
      const names = [...tables[index]!.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
      expect(names).toEqual(optionNames.filter((name) => declarationOf(name).group === group));
    }
  });

  it.each([
    ['port', '| `port` | integer | `443` | HTTPS port of the lakehouse. |'],
    ['user', '| `user` | string |  | **Required for iomete**. iomete user. |'],
    [
      'host',
      '| `host` | string |  | **Required for iomete**, or `connection_url`. Host of the lakehouse, such as `xyz12.iomete.com`. |',
    ],
    [
      'lakehouse',
      '| `lakehouse` | string |  | **Required for iomete**, or `connection_url` or `http_path`. Name of the lakehouse. |',
    ],
    [
      'password',
      "| `password` | string |  | **Required for iomete**. The user's password, or an access token. Secret. |",
    ],
    [
      'parallelism_max',
      '| `parallelism_max` | integer | `16` | Most streams that load at once. Also `max_parallelism`. |',
    ],
  ])('says of %s all that is to be known', (name, expected) => {
    expect(row(name)).toBe(expected);
  });

  it('names the values to choose from', () => {
    expect(row('destination')).toContain('| `iomete` or `duckdb` | `iomete` |');
    expect(row('schema_contract')).toContain('| `evolve` or `freeze` or `discard` or object | `evolve` |');
    expect(row('hard_delete')).toContain('| boolean | `false` |');
  });

  it('says in words what a default depends on', () => {
    expect(row('temp_dir')).toContain("| string | the system's folder for temporary files |");
  });
});
