// The package and its options → the answers to --version and --about.
import { readFileSync } from 'node:fs';
import { type AboutFormat, configSchema, type JsonSchema, optionTable } from '../config/index.ts';
import { packageFile } from '../package/package-files.ts';

/** What a loader can say of itself in Meltano's vocabulary; meltano.yml refuses any other word. */
const capabilities = ['about', 'activate-version', 'batch', 'soft-delete', 'hard-delete', 'schema-flattening'] as const;

export interface About {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly capabilities: readonly string[];
  /** JSON Schema of the configuration. */
  readonly settings: JsonSchema;
}

export function about(): About {
  const { name, description, version } = readPackage();
  return { name, description, version, capabilities, settings: configSchema() };
}

/** The answer to `--about`, without a line feed at its end. */
export function aboutText(format: AboutFormat): string {
  const facts = about();
  if (format === 'json') return JSON.stringify(facts, null, 2);
  return format === 'markdown' ? inMarkdown(facts) : inText(facts);
}

/** The answer to `--version`: name and version. */
export function versionText(): string {
  const { name, version } = readPackage();
  return `${name} ${version}`;
}

function inMarkdown({ name, description, version, capabilities: abilities }: About): string {
  return [
    `# ${name} ${version}`,
    `${description}.`,
    '## Capabilities',
    abilities.map((ability) => `- \`${ability}\``).join('\n'),
    '## Settings',
    optionTable(),
  ].join('\n\n');
}

function inText({ name, description, version, capabilities: abilities, settings }: About): string {
  const names = Object.keys(settings.properties as object);
  return [
    `Name: ${name}`,
    `Description: ${description}`,
    `Version: ${version}`,
    `Capabilities: ${abilities.join(', ')}`,
    `Settings (${name} --help explains them): ${names.join(', ')}`,
  ].join('\n');
}

interface Package {
  readonly name: string;
  readonly description: string;
  readonly version: string;
}

const readPackage = (): Package => JSON.parse(readFileSync(packageFile, 'utf8'));
