// src/stage/wasm/assembly → dist/stage/wasm/rows.wasm, when the sources are newer than it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const sources = join(root, 'src/stage/wasm/assembly');
const output = join(root, 'dist/stage/wasm/rows.wasm');

const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const files = [import.meta.filename, ...readdirSync(sources).map((name) => join(sources, name))];
if (Math.max(...files.map(changedAt)) > changedAt(output)) {
  mkdirSync(dirname(output), { recursive: true });
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
  const options = [
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--enable',
    'bulk-memory',
    '--use',
    'abort=',
  ];
  execFileSync(process.execPath, [compiler, join(sources, 'rows.ts'), '-o', output, ...options], {
    cwd: root,
    stdio: 'inherit',
  });
}
