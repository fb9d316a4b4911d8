// The mistakes of all subjects, and the errors that they end with.
import { configurationMistakes } from './configuration-mistakes.ts';
import type { Mistake } from './mistake.ts';
import { runMistakes } from './run-mistakes.ts';
import { stageMistakes } from './stage-mistakes.ts';

export const mistakes: readonly Mistake[] = [...configurationMistakes, ...runMistakes, ...stageMistakes];

/** As a person reads them; one of a configuration has a line for each problem. */
export const saidErrors: readonly string[] = mistakes.flatMap(({ says, prints = '' }) => {
  const start = says.findIndex((line) => line.startsWith('ERROR '));
  const said = start === -1 ? [] : [says.slice(start).join('\n').slice('ERROR '.length)];
  return [...said, ...[...prints.matchAll(/^ {2}([A-Z_]+: .*)$/gm)].map(([, line]) => line!)];
});
