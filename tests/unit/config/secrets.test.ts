import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig, parseArguments } from '../../../src/config/index.ts';
import { declarationOf, optionNames } from '../../../src/config/option-names.ts';
import type { TargetError } from '../../../src/errors/target-error.ts';
import { lakehouse, writeConfigs } from './config-folder.ts';

const secretOptions = optionNames.filter((name) => declarationOf(name).secret);
const secret = fc.stringMatching(/^S3cr[a-z0-9]{12}$/);

/** Everything that a person or a log could see of loading this configuration. */
async function visible(args: readonly string[], environment: Record<string, string>): Promise<string> {
  try {
    const given = await parseArguments(args);
    const { warnings } = await loadConfig(given, environment);
    return warnings.join('\n');
  } catch (error) {
    const { message, stack, context, cause } = error as TargetError;
    return [message, stack, JSON.stringify(context), String(cause)].join('\n');
  }
}

/** Ways to get a secret wrong, or something beside it. */
const mistakes: Record<string, (name: string, value: string) => Promise<[string[], Record<string, string>]>> = {
  'a wrong type beside it': async (name, value) => file({ ...lakehouse, [name]: value, port: 'x' }),
  'a wrong type': async (name, value) => file({ ...lakehouse, [name]: [value] }),
  'an object': async (name, value) => file({ ...lakehouse, [name]: { value } }),
  'a misspelled key': async (name, value) => file({ ...lakehouse, [`${name}s`]: value }),
  'broken JSON after it': async (name, value) => file(`{"${name}": "${value}" "port": 1}`),
  'broken JSON within it': async (name, value) => file(`{"${name}": ${value}}`),
  'no closing quote': async (name, value) => file(`{"${name}": "${value}}`),
  'JSON instead of a path': async (name, value) => [['--config', `{"${name}": "${value}"}`], {}],
  'a variable beside a wrong one': async (name, value) => [
    [],
    { [`TARGET_IOMETE_${name.toUpperCase()}`]: value, TARGET_IOMETE_PORT: 'x' },
  ],
  'a misspelled variable': async (name, value) => [
    (await file(lakehouse))[0],
    { [`TARGET_IOMETE_${name.toUpperCase()}S`]: value },
  ],
  'a flag': async (name, value) => [[...(await file(lakehouse))[0], `--${name}`, value], {}],
  'a misspelled flag': async (name, value) => [[`--${name}s`, value], {}],
  'a misspelled flag with =': async (name, value) => [[`--${name}s=${value}`], {}],
  'a flag with a colon': async (name, value) => [[`--${name}:${value}`], {}],
  'a flag with one dash': async (name, value) => [[`-${name}`, value], {}],
  'no flag at all': async (_, value) => [[value], {}],
  'a value for a flag without one': async (_, value) => [['--about', value], {}],
  'a wrong format': async (_, value) => [[`--about=${value}`], {}],
  'credentials in the URL': async (_, value) => file({ ...lakehouse, connection_url: `airbyte://u:${value}@h/1/l` }),
  'credentials in the host': async (_, value) => file({ ...lakehouse, host: `u:${value}@h` }),
};

async function file(content: unknown): Promise<[string[], Record<string, string>]> {
  return [['--config', (await writeConfigs(content))[0]!], {}];
}

describe('secrets', () => {
  it.each(Object.keys(mistakes))('never show in messages or warnings: %s', async (mistake) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...secretOptions), secret, async (name, value) => {
        const [args, environment] = await mistakes[mistake]!(name, value);
        const shown = await visible(args, environment);
        expect(shown).not.toBe('');
        expect(shown).not.toContain(value);
      }),
      { numRuns: 20 },
    );
  });
});
