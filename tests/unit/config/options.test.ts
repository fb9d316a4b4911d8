import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Config, DuckdbOptions, IometeOptions, Options } from '../../../src/config/index.ts';
import { declarationOf, optionNames, optionOf, secretsOf, understoodNames } from '../../../src/config/option-names.ts';
import type { OptionName } from '../../../src/config/options.ts';

/** As the documentation of the reference target has them; undefined stands for no default. */
const documented: readonly (readonly [string, string, unknown])[] = [
  ['host', 'string', undefined],
  ['workspace_id', 'string', undefined],
  ['user', 'string', undefined],
  ['password', 'string', undefined],
  ['lakehouse', 'string', undefined],
  ['database', 'string', 'default'],
  ['aws_access_key_id', 'string', undefined],
  ['aws_secret_access_key', 'string', undefined],
  ['aws_session_token', 'string', undefined],
  ['aws_profile', 'string', undefined],
  ['s3_bucket', 'string', undefined],
  ['s3_key_prefix', 'string', undefined],
  ['s3_endpoint_url', 'string', undefined],
  ['s3_region_name', 'string', undefined],
  ['s3_acl', 'string', undefined],
  ['s3_sse', 'string', undefined],
  ['s3_kms_key_id', 'string', undefined],
  ['batch_size_rows', 'integer', 100000],
  ['batch_wait_limit_seconds', 'integer', undefined],
  ['flush_all_streams', 'boolean', false],
  ['parallelism', 'integer', 0],
  ['parallelism_max', 'integer', 16],
  ['default_target_schema', 'string', undefined],
  ['schema_mapping', 'object', undefined],
  ['add_metadata_columns', 'boolean', false],
  ['hard_delete', 'boolean', false],
  ['data_flattening_max_level', 'integer', 0],
  ['primary_key_required', 'boolean', true],
  ['validate_records', 'boolean', false],
  ['temp_dir', 'string', undefined],
  ['no_compression', 'boolean', false],
];

describe('declared options', () => {
  it.each(documented)('keep %s of type %s with default %s', (name, type, fallback) => {
    const declaration = declarationOf(name as OptionName);
    expect(declaration.schema).toMatchObject({ type });
    expect(declaration.default).toBe(fallback);
  });

  it('give temp_dir the default of the platform', () => {
    expect(declarationOf('temp_dir').derivedDefault).toBeDefined();
  });

  it('understand max_parallelism as parallelism_max', () => {
    expect(optionOf('max_parallelism')).toBe('parallelism_max');
  });

  it('never give one name to two options', () => {
    expect(new Set(understoodNames).size).toBe(understoodNames.length);
    expect(understoodNames.length).toBeGreaterThan(optionNames.length);
  });

  it('count credentials as secrets', () => {
    expect(optionNames.filter((name) => declarationOf(name).secret)).toEqual([
      'password',
      'aws_access_key_id',
      'aws_secret_access_key',
      'aws_session_token',
    ]);
  });

  it('name only declared options in what they require', () => {
    const named = optionNames.flatMap((name) => {
      const { required } = declarationOf(name);
      return [required?.from, required?.unless].filter((other) => other !== undefined);
    });
    expect(named.map(optionOf)).toEqual(named);
  });
});

it('the secrets of a configuration are the values that it sets for secret options', () => {
  const options = { user: 'me', password: 'p', aws_secret_access_key: 's', aws_session_token: undefined };
  expect(secretsOf(options as unknown as Options)).toEqual(['p', 's']);
});

describe('the types of resolved options', () => {
  it('follow the declarations', () => {
    expectTypeOf<Options['port']>().toEqualTypeOf<number>();
    expectTypeOf<Options['destination']>().toEqualTypeOf<'iomete' | 'duckdb'>();
    expectTypeOf<Options['temp_dir']>().toEqualTypeOf<string>();
    expectTypeOf<Options['workers']>().toEqualTypeOf<number>();
    expectTypeOf<Options['host']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<NonNullable<Options['schema_mapping']>[string]>().toEqualTypeOf<{ readonly target_schema: string }>();
    expectTypeOf<Options['batch_sources']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<IometeOptions['host']>().toEqualTypeOf<string>();
    expectTypeOf<IometeOptions['lakehouse']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<DuckdbOptions['default_target_schema']>().toEqualTypeOf<string>();
  });
});

it('have the types that a program is given for them', () => {
  type Declared = { readonly [Name in keyof Options]?: Options[Name] | undefined };
  type Given = Omit<Config, 'destination'> & Pick<Declared, 'destination'>;
  expectTypeOf<Required<Given>>().toEqualTypeOf<Required<Declared>>();
});
