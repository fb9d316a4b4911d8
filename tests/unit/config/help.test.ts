import { describe, expect, it } from 'vitest';
import { helpText } from '../../../src/config/index.ts';
import { optionGroups } from '../../../src/config/option.ts';
import { declarationOf, optionNames } from '../../../src/config/option-names.ts';

const help = helpText(100, 'all');
const first = helpText(80);
const sections = help.split('\n\n').filter((section) => /^[^\n]+:\n {2}--/.test(section));
/** The lines of one option: how it is written, then what it does. */
function entry(name: string): readonly string[] {
  const lines = help.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`  --${name} `));
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith('      '));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length);
}

describe('the help', () => {
  it('lists the options by group, under the title of the group', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(
      Object.values(optionGroups).map((title) => `${title}:`),
    );
    for (const [index, group] of Object.keys(optionGroups).entries()) {
      const names = [...sections[index]!.matchAll(/^ {2}--([a-z0-9-]+) /gm)].map(([, name]) => name);
      const declared = optionNames.filter((name) => declarationOf(name).group === group);
      expect(names).toEqual(declared.map((name) => name.replaceAll('_', '-')));
    }
  });

  it.each([
    ['port', 'NUMBER'],
    ['host', 'TEXT'],
    ['tls-verify', '[true|false]'],
    ['destination', 'iomete|duckdb'],
    ['schema-mapping', 'JSON'],
    ['schema-contract', 'evolve|freeze|discard|JSON'],
  ])('says what the value of --%s looks like', (name, placeholder) => {
    expect(entry(name)[0]).toBe(`  --${name} ${placeholder}`);
  });

  it.each([
    ['port', /\[default: 443\]$/],
    ['tls-verify', /\[default: true\]$/],
    ['hard-delete', /\[default: false\]$/],
    ['temp-dir', /\[default: the system's folder for temporary files\]$/],
    ['user', /\[required for iomete\]$/],
    ['host', /\[required for iomete, or connection_url\]$/],
    ['lakehouse', /\[required for iomete, or connection_url, or http_path\]$/],
    ['aws-profile', /is used\.$/],
  ])('ends the text of --%s with its default, or who needs it', (name, end) => {
    const text = entry(name).slice(1);
    expect(text.map((line) => line.trim()).join(' ')).toMatch(end);
  });

  it('says of each option what its declaration says, word by word, in plain text', () => {
    for (const name of optionNames) {
      const text = entry(name.replaceAll('_', '-')).slice(1);
      const { description } = declarationOf(name);
      expect(text.map((line) => line.trim()).join(' ')).toContain(description.replaceAll('`', ''));
    }
    expect(sections.join('\n')).not.toContain('`');
  });

  it('fills its lines up to 100 characters', () => {
    const texts = optionNames.map((name) => entry(name.replaceAll('_', '-')).slice(1));
    for (const lines of texts)
      for (const [index, line] of lines.entries()) {
        expect(line).toMatch(/^ {6}\S(.*\S)?$/);
        expect(line.length).toBeLessThanOrEqual(100);
        const next = lines[index + 1]?.trim().split(' ')[0];
        if (next !== undefined) expect(`${line} ${next}`.length).toBeGreaterThan(100);
      }
    expect(texts.flat().map((line) => line.length)).toContain(100);
  });

  it('begins with one page of 20 lines: what the program is for, and how each command is given', () => {
    expect(first.split('\n').length).toBeLessThanOrEqual(20);
    expect(Math.max(...first.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const [usage, purpose, commands, example] = first.split('\n\n');
    expect(usage!.split('\n').map((line) => line.trim())).toEqual([
      'Usage: some-tap | target-iomete --config FILE',
      'target-iomete COMMAND --config FILE',
    ]);
    expect(purpose).toMatch(/^Loads what a Singer tap writes, and writes to stdout each state/);
    const flags = ['-c, --config FILE', '--input FILE', '--version', '-h, --help [TOPIC]'];
    for (const word of ['check', 'clean', 'reset STREAM...', 'about', 'completion SHELL', ...flags])
      expect(commands).toContain(`\n  ${word} `.slice(word === 'check' ? 1 : 0));
    expect(example).toBe('Example: some-tap | target-iomete --destination duckdb --duckdb-path shop.duckdb');
    expect(help.startsWith(helpText(100))).toBe(true);
    expect(first.replaceAll(/\s+/g, ' ')).toContain(
      '-h, --help [TOPIC] a command, an error code, or options: destination, lakehouse, stage, duckdb, tables, batches, all',
    );
    expect(help).toContain('flags win over the environment, the environment over files');
  });

  it.each(Object.entries(optionGroups))('shows the options of the group %s alone', (group, title) => {
    const page = helpText(100, group);
    expect(sections).toContain(page);
    expect(page.split('\n')[0]).toBe(`${title}:`);
  });

  it('has a page for each command, with its flags', () => {
    expect(helpText(80, 'check')).toMatch(/^Usage: target-iomete check --config FILE\n\nWrites, lists,/);
    expect(helpText(80, 'check')).toContain('\n  --format FORMAT      form of the answer: text, json');
    expect(helpText(80, 'reset')).toMatch(/^Usage: target-iomete reset STREAM\.\.\. --config FILE\n/);
    expect(helpText(80, 'clean')).toContain('\n  --remove             remove what is listed\n');
    expect(helpText(80, 'about')).toMatch(/^Usage: target-iomete about\n/);
    expect(helpText(80, 'about')).toContain('form of the answer: text, json, markdown');
    expect(helpText(80, 'completion')).not.toContain('--config FILE');
    expect(helpText(80, 'completion')).toMatch(/\S$/);
    expect(helpText(80, 'plan')).toContain('\n  --tap-catalog FILE   read the streams');
  });

  it('puts the text of a command below the command in a window that is narrow', () => {
    expect(helpText(68)).toContain('\n  --version\n      name and version\n');
    for (const columns of [69, 100]) expect(helpText(columns)).toContain('\n  --version            name and version\n');
  });

  it('gives an array as JSON', () => {
    expect(entry('batch-sources')[0]).toBe('  --batch-sources JSON');
  });
});
