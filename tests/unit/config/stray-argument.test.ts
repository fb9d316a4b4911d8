// An argument that belongs to no flag → what was probably meant.
import { expect, it } from 'vitest';
import { strayArgument } from '../../../src/config/stray-argument.ts';

it.each([
  ['check', '"check" is a second command: give one'],
  ['clean', '"clean" is a second command: give one'],
  ['reset', '"reset" is a second command: give one'],
  ['about', '"about" is a second command: give one'],
  ['help', '"help" is not a command; did you mean --help?'],
  ['version', '"version" is not a command; did you mean --version?'],
  ['chek', '"chek" is not a command; did you mean check?'],
  ['cleanup', '"cleanup" is not a command; did you mean clean?'],
  ['prod-config.json', '"prod-config.json" has no flag before it; did you mean --config prod-config.json?'],
  ['prod-config.yml', '"prod-config.yml" has no flag before it; did you mean --config prod-config.yml?'],
  ['prod-config.YAML', '"prod-config.YAML" has no flag before it; did you mean --config prod-config.YAML?'],
  ['prod-config.toml', '"prod-config.toml" has no flag before it; did you mean --config prod-config.toml?'],
  ['my-messages.singer', '"my-messages.singer" has no flag before it; did you mean --input my-messages.singer?'],
  ['my-messages.jsonl', '"my-messages.jsonl" has no flag before it; did you mean --input my-messages.jsonl?'],
  ['my-messages.csv.gz', '"my-messages.csv.gz" has no flag before it; did you mean --input my-messages.csv.gz?'],
  [
    'my-messages.csv.other',
    'argument 3 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)',
  ],
  [
    'prod-config.json.other',
    'argument 3 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)',
  ],
  [
    'may-be-a-secret',
    'argument 3 has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)',
  ],
])('%s', async (text, said) => {
  expect(await strayArgument(text, 3)).toBe(said);
});
