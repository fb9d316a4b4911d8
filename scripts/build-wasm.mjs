// AssemblyScript of src → WebAssembly in dist, when the sources are newer than it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
const features = ['--enable', 'simd', '--enable', 'bulk-memory'];
const options = ['-O3', '--noAssert', '--runtime', 'stub', ...features, '--use', 'abort='];

build('src/encode/row-loop/assembly/rows.ts', 'dist/wasm/rows.wasm');
build('src/formats/compress/gzip/assembly/deflate.ts', 'dist/wasm/deflate.wasm');
build('src/formats/parquet/assembly/snappy.ts', 'dist/wasm/snappy.wasm');

function build(entry, module) {
  const source = join(root, entry);
  const output = join(root, module);
  const files = readdirSync(dirname(source)).map((name) => join(dirname(source), name));
  if (Math.max(...[import.meta.filename, ...files].map(changedAt)) <= changedAt(output)) return;
  mkdirSync(dirname(output), { recursive: true });
  execFileSync(process.execPath, [compiler, source, '-o', output, ...options], { cwd: root, stdio: 'inherit' });
}

function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
