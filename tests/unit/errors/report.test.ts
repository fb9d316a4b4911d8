import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionDeclarations } from '../../../src/config/options.ts';
import { type ErrorCode, errorCodes, exitCodes } from '../../../src/errors/codes.ts';
import { describeError, exitCodeOf } from '../../../src/errors/report.ts';
import { TargetError } from '../../../src/errors/target-error.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];

describe('an error for a person', () => {
  it('says on one line what happened, where, and what to do', () => {
    const error = new TargetError('INPUT_KEY_MISSING', 'the key property is null', {
      line: 7,
      stream: 'a "b"',
      column: 'id',
    });
    const text = describeError(error);
    expect(text).toBe(
      `INPUT_KEY_MISSING: line 7, stream "a \\"b\\"", column "id": the key property is null. ${errorCodes.INPUT_KEY_MISSING.fix}. More: target-iomete --help INPUT_KEY_MISSING`,
    );
    expect(text).not.toContain('\n');
  });

  it('names the record, where its keys are known', () => {
    const place = { line: 4, stream: 'items', column: 'qty', record: 'id=17' };
    expect(describeError(new TargetError('INPUT_VALUE_INVALID', 'no', place))).toBe(
      `INPUT_VALUE_INVALID: line 4, stream "items", column "qty", record id=17: no. ${errorCodes.INPUT_VALUE_INVALID.fix}. More: target-iomete --help INPUT_VALUE_INVALID`,
    );
  });

  it('of a value names the options that let the run go on', () => {
    const options = JSON.stringify(optionDeclarations.invalid_values.schema.enum.slice(1));
    expect(options).toBe('["null","dead_letter"]');
    for (const name of ['invalid_values', 'null', 'dead_letter'])
      expect(errorCodes.INPUT_VALUE_INVALID.fix).toContain(`"${name}"`);
  });

  it('says what to do about this very cause, where the error knows', () => {
    const error = new TargetError('INPUT_NOT_JSON', 'no', { fix: 'Do this' }).at({ line: 1, fix: 'Do that' });
    expect(describeError(error)).toBe('INPUT_NOT_JSON: line 1: no. Do this. More: target-iomete --help INPUT_NOT_JSON');
  });

  it('keeps what is known of its place when more becomes known', () => {
    const error = new TargetError('LOAD_FAILED', 'no', { column: 'x' }).at({
      stream: 's',
      column: 'y',
      line: undefined,
    });
    expect(error.context).toEqual({ stream: 's', column: 'x', line: undefined });
  });

  it('that nobody foresaw is a defect, with its stack', () => {
    const error = new Error('boom');
    expect(describeError(error)).toContain('INTERNAL: Error: boom\n    at ');
    expect(exitCodeOf(error)).toBe(exitCodes.internal);
  });
});

describe('the registry', () => {
  it.each(codes)('gives %s an exit code and a fix that reads as a sentence', (code) => {
    const { exitCode, fault, fix } = errorCodes[code];
    expect(new TargetError(code, 'x').fault).toBe(fault);
    expect(['config', 'transient', 'system']).toContain(fault);
    expect(Object.values(exitCodes)).toContain(exitCode);
    expect(exitCodeOf(new TargetError(code, 'x'))).toBe(exitCode);
    expect(fix).toMatch(/^[A-Z].*[^.]$/s);
  });

  it('sends nobody to wait for what only a change mends', () => {
    const waited = codes.filter((code) => errorCodes[code].retry === 'never' && errorCodes[code].fault === 'transient');
    expect(waited).toEqual([]);
  });

  it('and docs/loading.md name the same exit codes', () => {
    const page = readFileSync(new URL('../../../docs/loading.md', import.meta.url), 'utf8');
    for (const exitCode of Object.values(exitCodes)) expect(page).toContain(`| ${exitCode} |`);
  });
});
