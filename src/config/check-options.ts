// Merged settings → sentences about what is wrong with them: values that don't fit, options that are missing.
import type { ValidateFunction } from 'ajv';
import { checkValuesFile } from '../package/package-files.ts';
import { kindOf } from './config-text.ts';
import { expectation } from './expectation.ts';
import { declarationOf, optionNames } from './option-names.ts';
import type { OptionName } from './options.ts';
import type { Setting } from './sources.ts';

export type Settings = ReadonlyMap<OptionName, Setting>;

/** One sentence for each option whose value is of a wrong type, out of range or otherwise not what it must be. */
export async function findWrongValues(settings: Settings): Promise<Map<OptionName, string>> {
  const check = await valuesCheck();
  check(Object.fromEntries([...settings].map(([name, { value }]) => [name, value])));
  const problems = new Map<OptionName, string>();
  for (const { instancePath, keyword } of check.errors ?? []) {
    const [name, ...inner] = instancePath.slice(1).split('/') as [OptionName, ...string[]];
    const { value, source } = settings.get(name)!;
    const found = keyword === 'type' && inner.length === 0 ? `, not ${foundKind(name, value)}` : '';
    problems.set(name, `"${name}" must be ${expectation(name)}${found} (${source})`);
  }
  return problems;
}

/** What a value is that is of the wrong kind, in words. */
function foundKind(name: OptionName, value: unknown): string {
  const { schema } = declarationOf(name);
  const isWhole = 'type' in schema && schema.type === 'integer';
  return isWhole && typeof value === 'number' ? 'a fraction' : kindOf(value);
}

/** Loaded only here: --help and --version don't pay for it. */
async function valuesCheck(): Promise<ValidateFunction> {
  const { validate } = await import(checkValuesFile.href);
  return validate;
}

/** One sentence for each option that the destination can't do without. */
export function findMissing(given: ReadonlySet<OptionName>, destination: string): string[] {
  return optionNames.flatMap((name) => {
    const { required } = declarationOf(name);
    if (required?.destination !== destination) return [];
    const choices = [name, required.from, required.unless].filter((choice) => choice !== undefined);
    if (choices.some((choice) => given.has(choice as OptionName))) return [];
    const alternatives = choices
      .slice(1)
      .map((choice) => ` or "${choice}"`)
      .join('');
    return [`"${name}"${alternatives} is missing: destination ${destination} needs it`];
  });
}
