import { describe, expect, it } from 'vitest';
import { readServerText } from '../../../../src/destinations/iomete/server-text.ts';
import { endsWithin } from '../../../../src/schema/time-limit.ts';

const stack =
  '\n\tat org.apache.spark.sql.hive.thriftserver.HiveThriftServerErrors$.runningQueryError(HiveThriftServerErrors.scala:43)\nCaused by: org.apache.spark.Other: [OTHER] x';
const asked = (text: string) => `org.apache.hive.service.cli.HiveSQLException: Error running query: ${text}${stack}`;
const inTask = (text: string) =>
  asked(
    `org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 363.0 failed 1 times, most recent failure: Lost task 0.0 in stage 363.0 (TID 362) (localhost executor driver): ${text}`,
  );

it('a line that is too long ends with a whole word, so that half a secret never stands there', () => {
  const long = `${'word '.repeat(78)}secretsecretsecret and more`;
  expect(readServerText(asked(`org.apache.spark.sql.AnalysisException: ${long}`)).line).toMatch(/word word…$/);
});

describe('what may be shown of an error of Spark', () => {
  it('is the class and the first line when the statement itself was refused', () => {
    const text = asked(
      '[TABLE_OR_VIEW_NOT_FOUND] org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. Verify the spelling.\nMore; line 1 pos 14;',
    );
    expect(readServerText(text)).toEqual({
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      line: '[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. Verify the spelling.',
    });
  });

  it('finds the text of a parse error on the line after its class', () => {
    const text = asked(
      "[PARSE_SYNTAX_ERROR] org.apache.spark.sql.catalyst.parser.ParseException: \n[PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'.(line 1, pos 0)\n\n== SQL ==\nSELEC 1",
    );
    expect(readServerText(text).line).toBe("[PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'.(line 1, pos 0)");
  });

  it('is the error of the task when a job failed', () => {
    const text = inTask('org.apache.spark.SparkRuntimeException: [UNABLE_TO_ACQUIRE_MEMORY] Unable to acquire memory');
    expect(readServerText(text)).toEqual({
      errorClass: 'UNABLE_TO_ACQUIRE_MEMORY',
      line: '[UNABLE_TO_ACQUIRE_MEMORY] Unable to acquire memory',
    });
  });

  it.each([
    `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'topsecret' of the type "STRING" cannot be cast to "INT"`,
    `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'it's "topsecret" of' of the type "STRING" is`,
    `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'first\ntopsecret' of the type`,
    'org.apache.spark.SparkException: [MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION] Malformed records are detected in record parsing: [1,topsecret].\nParse Mode: FAILFAST',
    'java.lang.NumberFormatException: For input string: "topsecret"',
    'org.apache.spark.SparkArithmeticException: [CAST_OVERFLOW] The value 4711topsecretL of the type "BIGINT" cannot be cast to "INT"',
    'org.apache.spark.SparkArithmeticException: [NUMERIC_VALUE_OUT_OF_RANGE] topsecret.471 cannot be represented as Decimal(4, 1)',
  ])('never holds a value of a row: %s', (text) => {
    expect(readServerText(inTask(text)).line).not.toContain('topsecret');
    expect(readServerText(asked(text)).line).not.toContain('topsecret');
  });

  it('keeps the types of a failed cast', () => {
    const { line } = readServerText(
      inTask(
        `org.apache.spark.SparkNumberFormatException: [CAST_INVALID_INPUT] The value 'x' of the type "STRING" cannot be cast to "DECIMAL(38,9)" because it is malformed.`,
      ),
    );
    expect(line).toBe(
      '[CAST_INVALID_INPUT] The value … of the type STRING cannot be cast to DECIMAL(38,9) because it is malformed.',
    );
  });
});

describe('a long text of a server', () => {
  const refused = (text: string) => asked(`org.apache.spark.sql.AnalysisException: ${text}`);

  /** A pattern that backtracks takes minutes for such a text; what is linear takes milliseconds. */
  function lineOf(text: string): string {
    let line = 'the text took too long to read';
    endsWithin(10_000, () => {
      line = readServerText(text).line;
    });
    return line;
  }

  it('is read in time that grows with its length: line feeds', () => {
    expect(lineOf(`first${'\n'.repeat(500_000)}last`)).toBe('first');
  });

  it('is read in time that grows with its length: a word without a digit', () => {
    const word = 'x'.repeat(320_000);
    expect(readServerText(inTask(word)).line).toMatch(/executor driver\):…$/);
    expect(readServerText(refused(word)).line).toMatch(/^\S+…$/);
  });

  it('is read in time that grows with its length: full stops and the beginnings of tasks', () => {
    expect(lineOf('. '.repeat(500_000))).toBe(`${'. '.repeat(200).trimEnd()}…`);
    expect(lineOf('Lost task '.repeat(200_000))).toBe(`${'Lost task '.repeat(40).trimEnd()}…`);
  });

  it('tells the class of a task that failed after a long text', () => {
    const text = `Job aborted: ${'x '.repeat(10_000)}Lost task 0.0 (executor driver): a.B: [CAST_OVERFLOW] no`;
    expect(readServerText(asked(text))).toEqual({ errorClass: 'CAST_OVERFLOW', line: '[CAST_OVERFLOW] no' });
  });

  it('shows nothing of a long value, nor of one with a carriage return', () => {
    const value = `${'secret '.repeat(3000)}`;
    expect(readServerText(inTask(`a.B: [C] The value '${value}' of 'top${value}' is bad`)).line).toBe(
      '[C] The value … is bad',
    );
    expect(readServerText(inTask('a.B: [C] got [topsecret\rtopsecret')).line).toBe('[C] got …');
  });
});
