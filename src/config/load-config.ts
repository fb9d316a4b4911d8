// Files < environment < flags → one checked configuration with all defaults, or one error that lists every problem.
import { readFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import type { Arguments } from './arguments.ts';
import { findMissing, findWrongValues } from './check-options.ts';
import type { Config } from './config.ts';
import { kindOf } from './config-text.ts';
import { parseConnectionUrl } from './connection.ts';
import { invalidConfig } from './invalid-config.ts';
import { declarationOf, optionNames } from './option-names.ts';
import { type OptionName, type Options, optionDeclarations, type ResolvedOptions } from './options.ts';
import { findUnfitSchemas } from './schema-names.ts';
import {
  quoteName,
  readConfigFile,
  readEntries,
  readEnvironment,
  readFailure,
  readFlags,
  type Setting,
  type SourceReading,
} from './sources.ts';

export interface LoadedConfig {
  readonly options: ResolvedOptions;
  /** Sentences without a full stop, for the log. They hold no secrets. */
  readonly warnings: readonly string[];
}

/** In the place of a configuration file: the environment only, as other Singer tools have it. */
const environmentOnly = 'ENV';

const nothingGiven =
  'no configuration is given: name its file with --config FILE, or try --destination duckdb, which needs no lakehouse';

/**
 * Reads and checks the configuration. Options that are null, '' or {} count as not set, whatever a source before said.
 * @param own destinations that a program brings, by their names
 * @throws TargetError CONFIG_INVALID with a line for each problem, those of the command line included.
 */
export async function loadConfig(
  given: Pick<Arguments, 'configFiles' | 'flags' | 'problems'>,
  environment: NodeJS.ProcessEnv,
  own: readonly { readonly name: string }[] = [],
): Promise<LoadedConfig> {
  const files = given.configFiles.filter((path) => path !== environmentOnly);
  const variables = await readEnvironment(environment);
  const readings = [...(await Promise.all(files.map(readConfigFile))), variables, readFlags(given.flags)];
  const isGiven = files.length > 0 || readings.some(({ settings, problems }) => settings.length + problems.length > 0);
  if (!isGiven) throw invalidConfig([...given.problems, nothingGiven, ...variables.warnings]);
  // A misspelled variable may be why an option is missing.
  return resolved(readings, own, { problems: given.problems, hints: variables.warnings });
}

/**
 * The same for the options of a program, and for nothing else: no file and no environment.
 * @throws TargetError CONFIG_INVALID with a line for each problem
 */
export async function configOf(values: Config, own: readonly { readonly name: string }[] = []): Promise<LoadedConfig> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return resolved([await readEntries(given, 'config')], own);
}

/** @param hints what may be why an option is missing: told only with problems */
async function resolved(
  readings: readonly SourceReading[],
  own: readonly { readonly name: string }[],
  { problems = [], hints = [] }: { readonly problems?: readonly string[]; readonly hints?: readonly string[] } = {},
): Promise<LoadedConfig> {
  const settings = expandConnectionUrl(merge(readings));
  const all = [...problems, ...(await findProblems(settings, readings, own))];
  if (all.length > 0) throw invalidConfig([...all, ...hints]);
  const options = resolve(settings);
  return { options, warnings: [...readings.flatMap((reading) => reading.warnings), ...warningsAbout(options)] };
}

type Settings = ReadonlyMap<OptionName, Setting>;

function merge(readings: readonly SourceReading[]): Settings {
  const merged = new Map<OptionName, Setting>();
  for (const setting of readings.flatMap((reading) => reading.settings)) merged.set(setting.name, setting);
  return new Map([...merged].filter(([, { value }]) => !isUnset(value)));
}

function isUnset(value: unknown): boolean {
  return value === null || value === '' || (kindOf(value) === 'an object' && Object.keys(value as object).length === 0);
}

/** What is set by itself wins over the URL. */
function expandConnectionUrl(settings: Settings): Settings {
  const url = settings.get('connection_url')?.value;
  const parts = typeof url === 'string' ? parseConnectionUrl(url) : undefined;
  if (parts === undefined) return settings;
  const derived = Object.entries(parts).map(([name, value]) => {
    const setting: Setting = { name: name as OptionName, value, source: 'connection_url' };
    return [setting.name, setting] as const;
  });
  return new Map([...derived, ...settings]);
}

async function findProblems(
  settings: Settings,
  readings: readonly SourceReading[],
  own: readonly { readonly name: string }[],
): Promise<string[]> {
  const wrong = await findWrongValues(settings);
  if (own.some(({ name }) => name === destinationOf(settings))) wrong.delete('destination');
  const broken = readings.flatMap((reading) => reading.broken);
  const found = [...readings.flatMap((reading) => reading.problems), ...wrong.values()];
  const unfit = findUnfitSchemas((name) => (wrong.has(name) ? undefined : settings.get(name)));
  // what can't be read may hold the very options that seem to be missing
  const isKnown = !wrong.has('destination') && !readings.some(({ isUnreadable }) => isUnreadable);
  const missing = isKnown ? findMissing(new Set([...settings.keys(), ...broken]), destinationOf(settings)) : [];
  return [...found, ...unfit, ...missing, ...(await findUnreadableFiles(settings))];
}

const destinationOf = (settings: Settings): string =>
  String(settings.get('destination')?.value ?? optionDeclarations.destination.default);

async function findUnreadableFiles(settings: Settings): Promise<string[]> {
  const path = settings.get('tls_ca_file')?.value;
  if (typeof path !== 'string') return [];
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    return [`${path}: ${readFailure(error, 'in "tls_ca_file"')}`];
  }
  const hint = 'name a file with the certificate of the authority, which begins with -----BEGIN CERTIFICATE-----';
  return text.includes('-----BEGIN CERTIFICATE-----') ? [] : [`"tls_ca_file" is not in PEM form: ${path}: ${hint}`];
}

function resolve(settings: Settings): ResolvedOptions {
  const values: Partial<Record<OptionName, unknown>> = derivedDefaults(destinationOf(settings));
  for (const name of optionNames) {
    const value = settings.get(name)?.value ?? declarationOf(name).default;
    if (value !== undefined) values[name] = value;
  }
  if (values.hard_delete) values.add_metadata_columns = true;
  // What the types promise was checked above: every value by its schema, every required one for being there.
  return values as unknown as ResolvedOptions;
}

/** The defaults that declarations can only describe. */
function derivedDefaults(destination: string): Partial<Options> {
  return {
    temp_dir: tmpdir(),
    workers: Math.min(4, availableParallelism()),
    // a lakehouse has no schema that is everybody's
    ...(destination === 'iomete' ? {} : { default_target_schema: 'main' }),
  };
}

function warningsAbout({ destination, tls_verify, s3_acl, schema_mapping = {} }: ResolvedOptions): string[] {
  const ignored = new Set(Object.values(schema_mapping).flatMap((entry) => Object.keys(entry)));
  ignored.delete('target_schema');
  return [
    ...(destination === 'iomete' && !tls_verify
      ? ['"tls_verify" is false: anybody between here and the lakehouse can read the password']
      : []),
    ...(destination === 'iomete' && s3_acl !== undefined ? aclWarnings(s3_acl) : []),
    ...[...ignored].map((key) => `${quoteName(key)} in "schema_mapping" has no effect: only "target_schema" does`),
  ];
}

function aclWarnings(acl: string): string[] {
  const can = { 'public-read': 'read', 'public-read-write': 'read and change' }[acl];
  return can === undefined ? [] : [`"s3_acl" is ${acl}: anybody can ${can} staged rows until they are removed`];
}
