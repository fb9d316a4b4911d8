// What tsc wrote to dist/ → the command in few files, in dist/command.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { valuesSchema } from '../dist/config/config-schema.js';
import { bundle } from './bundle.mjs';

const dist = resolve(import.meta.dirname, '../dist');

writeValuesCheck();
const entries = ['cli', 'index', 'encode/encode-worker'].map((name) => join(dist, `${name}.js`));
await bundle(entries, join(dist, 'command'), join(dist, 'index.d.ts'));

/** Ajv's own code for the options' schema: a run does without loading and compiling Ajv, 70 ms. */
function writeValuesCheck() {
  const ajv = new Ajv({ allErrors: true, code: { source: true, esm: true } });
  const code = standaloneCode.default(ajv, ajv.compile(valuesSchema()));
  if (/\brequire\(/.test(code)) throw new Error('the check of the options needs more of Ajv than its own code');
  writeFileSync(join(dist, 'config/check-values.js'), code);
}
