// What tsc wrote to dist/ → the command in few files, which start sooner than a file for each module (docs/decisions.md).
//
// Lies two folders below the package's root, as the modules do that it is made of: what they find by their own place is found.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';
import { valuesSchema } from '../dist/config/config-schema.js';

const root = resolve(import.meta.dirname, '..');
const command = join(root, 'dist/command');

writeValuesCheck();
const { output } = await bundle();
const written = new Set(output.map(({ fileName }) => fileName));
// of an earlier build; those that are written anew are never missing for a process that just starts
for (const name of readdirSync(command)) if (!written.has(name)) rmSync(join(command, name), { recursive: true });

/** Ajv's own code for the options' schema: a run does without loading and compiling Ajv, 70 ms. */
function writeValuesCheck() {
  const ajv = new Ajv({ allErrors: true, code: { source: true, esm: true } });
  const code = standaloneCode.default(ajv, ajv.compile(valuesSchema()));
  if (/\brequire\(/.test(code)) throw new Error('the check of the options needs more of Ajv than its own code');
  writeFileSync(join(root, 'dist/config/check-values.js'), code);
}

async function bundle() {
  mkdirSync(command, { recursive: true });
  const bundled = await rolldown({
    input: ['cli', 'index', 'stage/encode-worker'].map((name) => join(root, 'dist', `${name}.js`)),
    platform: 'node',
    // packages stay what npm has installed
    external: /^(?![./])/,
  });
  return bundled.write({ dir: command, format: 'esm', chunkFileNames: '[name].js' });
}
