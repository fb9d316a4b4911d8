// docs/errors.md against the registry of error codes, and its lines against those that tests have seen.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explanations } from '../../../scripts/error-explanations.mjs';
import { errorHelp } from '../../../src/commands/error-help.ts';
import { type ErrorCode, errorCodes } from '../../../src/errors/codes.ts';
import { saidErrors } from '../../e2e/mistakes/all-mistakes.ts';
import { errorExamples } from '../../support/error-examples.ts';

const TESTS = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(TESTS, '../docs/errors.md'), 'utf8');
const codes = Object.keys(errorCodes) as ErrorCode[];

/** Test files that hold errors against their examples. */
const comparing = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('docs/errors.test.ts'))
  .map((name) => readFileSync(join(TESTS, name), 'utf8'))
  .filter((text) => text.includes('expectExample('));

const isSeen = (code: ErrorCode) =>
  saidErrors.includes(errorExamples[code]!) || comparing.some((text) => compares(text, code));

/** By name, or in a table of scenarios all of which are compared or that are marked. */
function compares(text: string, code: ErrorCode): boolean {
  if (new RegExp(`expectExample\\([^;]*'${code}'`).test(text)) return true;
  const scenarios = text.split(/^ {2}\{$|^ {2}(?=\{ code)/m).filter((scenario) => scenario.includes(`code: '${code}'`));
  const areAllCompared = text.includes('expectExample(errors[0], code,');
  return scenarios.some((scenario) => areAllCompared || /^ {4}isExample: true,$/m.test(scenario));
}

describe('docs/errors.md', () => {
  it('has an entry for each code, and no other', () => {
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, code]) => code)).toEqual(codes);
    expect(Object.keys(explanations)).toEqual(codes);
    expect(Object.keys(errorExamples)).toEqual(codes);
  });

  it.each(codes)('shows of %s a line that a test has seen', (code) => {
    expect(errorExamples[code]).toMatch(new RegExp(`^${code}: `));
    expect(isSeen(code)).toBe(true);
  });

  it.each(codes)('tells of %s what --help prints', (code) => {
    const text = errorHelp(code);
    expect(text).toMatch(new RegExp(`^${code}\\n\\n`));
    expect(text).toContain(`ERROR ${code}: `);
    expect(text).toContain(`\nFix: ${errorCodes[code].fix}.\n`);
    expect(text).toContain('\nWhy: ');
    expect(text).toMatch(/\nExit code \d\. Running again: .*\. Fault: \w+\.$/);
    expect(text).not.toMatch(/[*#]{2}|```/);
  });
});
