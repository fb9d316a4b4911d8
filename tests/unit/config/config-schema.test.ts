import { describe, expect, it } from 'vitest';
import { valuesSchema } from '../../../src/config/config-schema.ts';
import { configSchema } from '../../../src/config/index.ts';
import { declarationOf, optionNames } from '../../../src/config/option-names.ts';

const properties = configSchema().properties as Record<string, unknown>;

describe('the schema of the configuration', () => {
  it('is one of draft 7, for an object', () => {
    expect(configSchema()).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
  });

  it.each([
    [
      'port',
      { type: 'integer', minimum: 1, maximum: 65535, description: 'HTTPS port of the lakehouse.', default: 443 },
    ],
    ['user', { type: 'string', description: 'iomete user.' }],
    ['password', { type: 'string', description: "The user's password, or an access token.", writeOnly: true }],
    [
      'temp_dir',
      {
        type: 'string',
        description:
          "Folder for temporary files. Files for DuckDB are staged here. Default: the system's folder for temporary files.",
      },
    ],
  ])('describes %s', (name, expected) => {
    expect(properties[name]).toStrictEqual(expected);
  });

  it('says what the lakehouse needs, which is where rows go when no destination is named', () => {
    const required = (...names: string[]) => ({ required: names });
    const either = (...names: string[]) => ({ anyOf: names.map((name) => required(name)) });
    expect(configSchema().allOf).toEqual([
      {
        if: { properties: { destination: { const: 'iomete' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {
          allOf: [
            either('host', 'connection_url'),
            required('user'),
            required('password'),
            either('lakehouse', 'connection_url', 'http_path'),
            required('s3_bucket'),
            either('default_target_schema', 'schema_mapping'),
          ],
        },
      },
    ]);
  });
});

it('the schema of values has that of each option, and nothing else', () => {
  expect(valuesSchema()).toEqual({
    type: 'object',
    properties: Object.fromEntries(optionNames.map((name) => [name, declarationOf(name).schema])),
  });
});
