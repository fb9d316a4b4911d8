// Configuration files, environment and flags → one list of settings each, and what is wrong with how they are written.
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseJson, readConfigText } from './config-text.ts';
import { expectation } from './expectation.ts';
import { isTypoOf, nearestName, suggestion } from './nearest-name.ts';
import { declarationOf, optionOf, understoodNames } from './option-names.ts';
import type { OptionName } from './options.ts';

export interface Setting {
  readonly name: OptionName;
  readonly value: unknown;
  /** Where it was set, for messages: a file's path, a variable or a flag. */
  readonly source: string;
}

/** What one source holds. Problems and warnings are sentences without a full stop and without any value. */
export interface SourceReading {
  readonly settings: readonly Setting[];
  /** Options that were set in vain: there is a problem with them already. */
  readonly broken: readonly OptionName[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** Nothing is known of what the source was to set: a file that can't be read, or that is not JSON. */
  readonly isUnreadable?: true;
}

/** An option given on the command line. */
export interface Flag {
  readonly name: OptionName;
  readonly text: string;
  /** As it was written: `--batch-size-rows`. */
  readonly written: string;
}

const environmentPrefix = 'TARGET_IOMETE_';

const variableOf = (name: string): string => environmentPrefix + name.toUpperCase();

/**
 * Reads a JSON file, or one of YAML when its name ends in `.yaml` or `.yml`. Unknown keys are problems; so is a file that is
 * missing, unreadable or no object.
 */
export async function readConfigFile(path: string): Promise<SourceReading> {
  // Somebody who passes the configuration itself must not read its secrets in the message.
  if (path.trimStart().startsWith('{')) return unreadable('--config takes the path of a file, not JSON');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return unreadable(`${path}: ${readFailure(error, 'after --config')}`);
  }
  const read = await readConfigText(text, path);
  if ('fault' in read) return unreadable(`${path}: ${read.fault}`);
  const reading = await readEntries(Object.entries(read.options), path);
  return { ...reading, warnings: [...reading.warnings, ...(await permissionWarnings(path, reading.settings))] };
}

/** @param path where the options stand, for messages */
export async function readEntries(
  entries: readonly (readonly [string, unknown])[],
  path: string,
): Promise<SourceReading> {
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const [key, value] of entries) {
    const name = optionOf(key);
    if (name === undefined) {
      const nearest = await nearestName(key, understoodNames);
      problems.push(`${quoteName(key)} is not an option${suggestion(nearest && `"${nearest}"`)} (${path})`);
    } else if (settings.some((setting) => setting.name === name)) {
      problems.push(`"${declarationOf(name).alias}" is another name of "${name}": give only one of them (${path})`);
    } else {
      settings.push({ name, value, source: path });
    }
  }
  return { settings, broken: [], problems, warnings: [] };
}

/**
 * Reads `TARGET_IOMETE_<OPTION>`. A misspelled option is a problem. Any other unknown variable is only worth a warning, as
 * others may own it; those with a double underscore are Meltano's own extras.
 */
export async function readEnvironment(environment: NodeJS.ProcessEnv): Promise<SourceReading> {
  const given: TextSetting[] = [];
  const typos: string[] = [];
  const warnings: string[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(environmentPrefix) || variable.startsWith(`${environmentPrefix}_`)) continue;
    const name = optionOf(variable.slice(environmentPrefix.length).toLowerCase());
    if (name !== undefined) given.push({ name, text: text ?? '', source: variable });
    else {
      const written = variable.slice(environmentPrefix.length);
      const nearest = await nearestName(written, understoodNames);
      const isTypo = nearest !== undefined && (await isTypoOf(written, nearest));
      const then =
        nearest === undefined ? ', and has no effect: unset it, or rename it' : suggestion(variableOf(nearest));
      (isTypo ? typos : warnings).push(`the environment's ${variable} is not an option${then}`);
    }
  }
  // The option's own name beats its alias, in whatever order the environment lists them.
  given.sort((a, b) => Number(a.source === variableOf(a.name)) - Number(b.source === variableOf(b.name)));
  const reading = readTexts(given);
  return { ...reading, problems: [...typos, ...reading.problems], warnings };
}

/** Reads flags in the order in which they were given: the last of one name wins. */
export function readFlags(flags: readonly Flag[]): SourceReading {
  const reading = readTexts(flags.map(({ name, text, written }) => ({ name, text, source: written })));
  const warnings = flags
    .filter(({ name }) => declarationOf(name).secret)
    .map(
      ({ name, written }) =>
        `other users of this machine can see ${written} on the command line: set ${variableOf(name)} or use a file`,
    );
  return { ...reading, warnings };
}

interface TextSetting {
  readonly name: OptionName;
  readonly text: string;
  readonly source: string;
}

function readTexts(given: readonly TextSetting[]): SourceReading {
  const settings: Setting[] = [];
  const broken: OptionName[] = [];
  const problems: string[] = [];
  for (const { name, text, source } of given) {
    const { value, problem } = coerce(name, text);
    if (problem === undefined) settings.push({ name, value, source });
    else {
      broken.push(name);
      problems.push(`${source} ${problem}`);
    }
  }
  return { settings, broken, problems, warnings: [] };
}

const truths: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false };

/** Whether a text stands for true or false; undefined for neither. */
export const parseBoolean = (text: string): boolean | undefined => truths[text.toLowerCase()];

function coerce(name: OptionName, text: string): { value?: unknown; problem?: string } {
  const { schema } = declarationOf(name);
  if ('anyOf' in schema ? !text.trimStart().startsWith('{') : schema.type === 'string' || text === '')
    return { value: text };
  if ('anyOf' in schema || schema.type === 'object' || schema.type === 'array') {
    const parsed = parseJson(text);
    return 'error' in parsed ? { problem: `must be JSON: ${parsed.error}` } : parsed;
  }
  const value = schema.type === 'boolean' ? parseBoolean(text) : parseInteger(text);
  return value === undefined ? { problem: `must be ${expectation(name)}` } : { value };
}

const parseInteger = (text: string): number | undefined => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined);

async function permissionWarnings(path: string, settings: readonly Setting[]): Promise<string[]> {
  const secret = settings.find(({ name, value }) => declarationOf(name).secret && value !== null && value !== '');
  if (secret === undefined || process.platform === 'win32') return [];
  if (isMadeByMeltano(path)) return [];
  const { mode } = await stat(path);
  const rights = [
    ...((mode & 0o044) === 0 ? [] : ['read']),
    // who can change it can send the secrets to another host
    ...((mode & 0o022) === 0 ? [] : ['change']),
  ];
  if (rights.length === 0) return [];
  const can = rights.join(' and ');
  return [`${path} holds "${secret.name}" and other users of this machine can ${can} it: chmod 600 ${path}`];
}

/** Meltano writes such a file for each run and removes it afterwards: nobody who reads the warning can change its rights. */
const isMadeByMeltano = (path: string): boolean => /[\\/]\.meltano[\\/]run[\\/]/.test(resolve(path));

/** @param where the path was given: an option or a flag */
export function readFailure(error: unknown, where: string): string {
  const { code } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: `no such file: correct the path ${where}`,
    EACCES: 'may not be read by this user: change its owner or its rights',
    EISDIR: 'is a folder, not a file: name a file in it',
  };
  return known[code ?? ''] ?? `can't be read (${code})`;
}

const unreadable = (problem: string): SourceReading => ({
  settings: [],
  broken: [],
  problems: [problem],
  warnings: [],
  isUnreadable: true,
});

const longestName = 60;

/** A name that somebody else wrote, fit for one line of a message. */
export const quoteName = (name: string): string => JSON.stringify(name.slice(0, longestName));
