#!/usr/bin/env node
// The options → src/config/config.ts, the type of what a program sets, with each option's description where an editor shows it.
// With --check it only says whether the file is up to date.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { optionDeclarations } from '../dist/config/options.js';

const FILE = resolve(import.meta.dirname, '../src/config/config.ts');

const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

const due = formatted(`// Made by scripts/config-type.mjs (npm run docs): a change belongs into options.ts.

/** Options by the names of the configuration file. What is undefined has its default. */
export interface Config {
${Object.entries(optionDeclarations).map(member).join('\n')}
}
`);

if (!process.argv.includes('--check')) writeFileSync(FILE, due);
else if (readFileSync(FILE, 'utf8') !== due) {
  console.error('src/config/config.ts is not up to date: npm run docs');
  process.exitCode = 1;
}

function formatted(input) {
  return execFileSync(process.execPath, [BIOME, 'format', '--stdin-file-path', FILE], { input, encoding: 'utf8' });
}

function member([name, { description, schema, default: value, derivedDefault }]) {
  const otherwise = value === undefined ? derivedDefault : JSON.stringify(value);
  const text = description + (otherwise === undefined ? '' : ` Default: ${otherwise}.`);
  // a destination of the program's own has any name
  const type = name === 'destination' ? 'string' : typeOf(schema);
  return `  /** ${text} */\n  readonly ${name}?: ${type} | undefined;`;
}

function typeOf(schema) {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.enum) return schema.enum.map((choice) => `'${choice}'`).join(' | ');
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'array') return 'readonly string[]';
  return schema.type === 'object' ? objectType(schema) : schema.type;
}

function objectType({ properties = {}, required = [], additionalProperties }) {
  if (additionalProperties) return `{ readonly [name: string]: ${typeOf(additionalProperties)} }`;
  const isGiven = (name) => additionalProperties !== false || required.includes(name);
  const members = Object.entries(properties).map(
    ([name, schema]) => `readonly ${name}${isGiven(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  return `{ ${members.join('; ')} }`;
}
