import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../../src/commands/completion.ts';
import { commandWords } from '../../../src/config/commands.ts';
import { optionNames } from '../../../src/config/option-names.ts';

/** What bash offers for the last of the words. */
function offered(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const asked = `COMP_WORDS=(target-iomete ${quoted}); COMP_CWORD=${words.length}; _target_iomete; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['--norc', '-c', `${completionScript('bash')}\n${asked}`], { encoding: 'utf8' });
  return said.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  it('commands', () => {
    expect(offered('c')).toEqual(['check', 'clean', 'completion']);
    expect(offered('')).toEqual(expect.arrayContaining(commandWords));
  });

  it('flags, by every option', () => {
    expect(offered('--dest')).toEqual(['--destination']);
    expect(offered('--')).toEqual(expect.arrayContaining(optionNames.map((name) => `--${name.replaceAll('_', '-')}`)));
    expect(offered('check', '--form')).toEqual(['--format']);
  });

  it('values, where an option has few', () => {
    expect(offered('--destination', '')).toEqual(['iomete', 'duckdb']);
    expect(offered('--hard-delete', 't')).toEqual(['true']);
    expect(offered('--schema-contract', 'fr')).toEqual(['freeze']);
    expect(offered('check', '--format', 'j')).toEqual(['json']);
  });

  it('nothing of its own where a file may follow', () => {
    expect(offered('--config', 'my')).toEqual([]);
  });
});

it('zsh reads the script of bash', () => {
  expect(completionScript('zsh')).toBe(`autoload -U +X bashcompinit && bashcompinit\n${completionScript('bash')}`);
});

it('fish has a line for each command and each flag, whose texts are quoted', () => {
  const lines = completionScript('fish').split('\n');
  expect(lines).toContain(
    "complete -c target-iomete -n __fish_use_subcommand -a clean -d 'list what runs that were killed have left behind'",
  );
  expect(lines.find((line) => line.includes(' -l destination '))).toMatch(/ -x -a 'iomete duckdb' -d '/);
  expect(lines.find((line) => line.includes(' -l config '))).toMatch(/ -l config -r -d '/);
  expect(lines.find((line) => line.includes(' -l help '))).toMatch(/ -l help -d '/);
  for (const line of lines) expect(line.replaceAll(/\\['\\]/g, '').match(/'/g)!.length % 2).toBe(0);
});
