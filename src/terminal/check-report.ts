// The steps of a check → a line for each, or one JSON object for programs; and the exit code.
import { describeError, errorParts } from '../errors/report.ts';
import type { TargetError } from '../errors/target-error.ts';

/** As a check tells it. */
interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly error?: TargetError | undefined;
}

export interface CheckReport {
  step(step: Step): void;
  /** @returns the exit code: that of the first error, or 0 */
  finish(): number;
}

/** @param print takes a line */
export function checkReport(format: 'text' | 'json', print: (line: string) => void): CheckReport {
  const steps: Step[] = [];
  return {
    step: (step) => {
      steps.push(step);
      if (format === 'text') for (const line of linesOf(step)) print(line);
    },
    finish: () => {
      const failed = steps.find(({ error }) => error)?.error;
      if (format === 'json') print(JSON.stringify({ ok: failed === undefined, steps: steps.map(asJson) }));
      else print(failed ? 'a run would fail' : 'all is well: a run can load');
      return failed?.exitCode ?? 0;
    },
  };
}

function linesOf({ name, seconds, error }: Step): readonly string[] {
  const took = `${name} (${seconds.toFixed(1)} s)`;
  if (!error) return [`✓ ${took}`];
  return [
    `✗ ${took}`,
    ...describeError(error)
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

function asJson({ name, seconds, error }: Step) {
  const step = { name, seconds: Math.round(seconds * 1000) / 1000, ok: error === undefined };
  if (!error) return step;
  return { ...step, ...errorParts(error) };
}
