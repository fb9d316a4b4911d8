// What a shell is told to complete, against the declarations of commands and options.
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../../src/config/commands.ts';
import { completionWords } from '../../../src/config/completion-words.ts';
import { optionNames } from '../../../src/config/option-names.ts';

const flag = (name: string) => completionWords().flags.find((one) => one.name === name);

describe('the words to complete', () => {
  it('are all commands, with their summaries', () => {
    const { commands } = completionWords();
    expect(commands.map(({ name }) => name)).toEqual(commandWords);
    expect(commands[0]).toEqual({
      name: 'check',
      text: 'do once all that a run needs, say what works, and undo it',
    });
  });

  it('are the flags of commands, then those of options', () => {
    const names = completionWords().flags.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['config', 'input', 'tap-catalog']);
    expect(names.slice(-optionNames.length)).toEqual(optionNames.map((name) => name.replaceAll('_', '-')));
  });

  it.each([
    ['format', ['text', 'json', 'markdown'], true],
    ['config', [], true],
    ['remove', [], false],
    ['destination', ['iomete', 'duckdb'], true],
    ['hard-delete', ['true', 'false'], true],
    ['schema-contract', ['evolve', 'freeze', 'discard'], true],
    ['host', [], true],
    ['port', [], true],
  ])('know what may follow --%s', (name, values, takesValue) => {
    expect(flag(name)).toMatchObject({ values, takesValue });
  });

  it('tell of an option the first sentence of its description, without backticks', () => {
    for (const { text } of completionWords().flags) {
      expect(text).not.toBe('');
      expect(text).not.toContain('`');
      expect(text).not.toMatch(/\. [A-Z]/);
    }
    expect(flag('s3-acl')?.text).toBe('Canned ACL to set on staged files, such as bucket-owner-full-control.');
    expect(flag('s3-key-prefix')?.text).toBe('Folder of the bucket in which staged files lie.');
    expect(flag('config')?.text).toBe('options as JSON or YAML; may be repeated, later files win; ENV: none');
  });
});
