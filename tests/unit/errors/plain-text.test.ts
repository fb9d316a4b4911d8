// Names of streams, columns and keys are written by others: none of them may forge a line of the log, or move a cursor.
import { describe, expect, it } from 'vitest';
import { invalidConfig } from '../../../src/config/invalid-config.ts';
import { onOneLine } from '../../../src/errors/plain-text.ts';
import { describeError } from '../../../src/errors/report.ts';
import { TargetError } from '../../../src/errors/target-error.ts';
import { runLog } from '../../../src/terminal/log.ts';

const forged = 'x\n2026-01-01T00:00:00.000Z ERROR STAGE_AUTH: forged\u001b]0;pwned\u0007\u009b2J\u202e\u2028\r';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const moving = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/;

describe('text of others', () => {
  it('keeps its letters, and shows all others by their numbers', () => {
    expect(onOneLine('größer 日本 🦆 a\tb')).toBe('größer 日本 🦆 a\\u0009b');
    expect(onOneLine('\n\u001b\u009b\u202e\u2028')).toBe('\\u000a\\u001b\\u009b\\u202e\\u2028');
  });

  it.each([true, false])('makes one line of the log of one message (terminal: %s)', (isTerminal) => {
    const lines: string[] = [];
    const log = runLog((line) => lines.push(line), isTerminal);
    log.info(`loaded 1 row of ${forged}`);
    log.warn(`stream ${forged}: look`);
    log.error(
      describeError(new TargetError('LOAD_FAILED', `the table ${forged} is odd`, { stream: forged, column: forged })),
    );
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).not.toMatch(moving);
      expect(line).not.toContain('\n');
    }
  });

  it('adds no line to the problems of a configuration', () => {
    const shown = describeError(invalidConfig([`"${forged}" is not an option`, 'second']));
    expect(shown).not.toMatch(moving);
    expect(shown.split('\n')).toEqual([
      expect.stringMatching(/^CONFIG_INVALID: 2 problems/),
      expect.stringMatching(/^- "x\\u000a2026/),
      '- second.',
      expect.stringMatching(/^Correct the options/),
    ]);
  });

  it('adds none to an error of the configuration that is about a name', () => {
    expect(describeError(new TargetError('CONFIG_INVALID', `no schema for ${forged}`))).not.toContain('\n');
  });

  it('adds none to the stack of a defect, which keeps its own', () => {
    const defect = new Error(forged);
    defect.stack = `Error: ${forged}\n    at here (file.ts:1:1)\n    at there (file.ts:2:2)`;
    const shown = describeError(defect);
    expect(shown).not.toMatch(moving);
    expect(shown.split('\n').slice(1)).toEqual([
      '    at here (file.ts:1:1)',
      expect.stringMatching(/^ {4}at there \(file\.ts:2:2\)\. This is a defect/),
    ]);
  });
});
