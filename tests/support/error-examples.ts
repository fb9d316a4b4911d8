// The example lines of docs/errors.md, which tests hold against what is really said.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ErrorCode } from '../../src/errors/codes.ts';
import { describeError } from '../../src/errors/report.ts';

/** By code: a line as a person reads it, without its end, which says where to read more. */
export const errorExamples: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../../docs/error-examples.json', import.meta.url), 'utf8'),
);

/**
 * That the error is the example of its code.
 * @param said an error, or a line of a log that tells of one
 * @param made names that the test has made up, and what the example has in their place
 */
export function expectExample(said: unknown, code: ErrorCode, made: Readonly<Record<string, string>> = {}): void {
  const text = typeof said === 'string' ? said.replace(/^(\S+Z )?ERROR /, '') : describeError(said);
  const line = Object.entries(made).reduce((rest, [own, shown]) => rest.replaceAll(own, shown), text);
  expect(withoutStack(line)).toBe(`${errorExamples[code]} More: target-iomete --help ${code}`);
}

const withoutStack = (text: string): string =>
  text.replace(/(\n {4}at [^\n]*)+\. This is a defect/, '\n    at …. This is a defect');
