// `npm run bench:packages`: the figures behind docs/decisions/packages.md for packages that were asked for and are not used.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'target-iomete', 'bench-packages');
mkdirSync(home, { recursive: true });
if (!existsSync(join(home, 'node_modules', 'yargs'))) {
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--silent', '--ignore-scripts', 'yargs', 'split2', 'zlib-sync'], {
    cwd: home,
    stdio: 'inherit',
  });
}
const resolveIn = createRequire(pathToFileURL(join(home, 'package.json'))).resolve;

console.log(`node -e 0:                    ${median(() => run('0'))} ms`);
console.log(
  `the same with yargs imported:  ${median(() => run(`await import(${JSON.stringify(pathToFileURL(resolveIn('yargs')).href)})`))} ms`,
);

const line = `${JSON.stringify({ type: 'RECORD', stream: 's', record: { id: 1, name: 'x'.repeat(300) } })}\n`;
const chunk = Buffer.from(line.repeat(200));
const chunks = 4000;
const { default: split2 } = await import(pathToFileURL(resolveIn('split2')).href);
console.log(`split2, and back to bytes:     ${await rate(throughSplit2)} MB/s`);
console.log(`SlabReader, whole-line slabs:  ${await rate(throughSlabs)} MB/s`);

const [broken] = await Readable.from([Buffer.from([0x22, 0xff, 0x22, 0x0a])])
  .pipe(split2())
  .toArray();
console.log(`split2, of the byte 0xff:      ${JSON.stringify(broken)}, without an error`);

async function throughSplit2() {
  let lines = 0;
  // encoders take bytes, so the strings have to become bytes again
  for await (const line of Readable.from(source()).pipe(split2())) if (Buffer.from(line).length > 0) lines++;
  return lines;
}

async function throughSlabs() {
  const { SlabReader } = await import('../dist/input/slab-reader.js');
  const bytes = source();
  const pool = { slabBytes: 1 << 20, acquire: async () => new Uint8Array(1 << 20), release: () => {} };
  const reader = new SlabReader({ read: async () => bytes.next().value, close: () => {} }, pool, { maxWaitMs: 50 });
  let lines = 0;
  for (let slab = await reader.next(); slab; slab = await reader.next())
    for (let at = slab.slab.indexOf(10); at >= 0 && at < slab.length; at = slab.slab.indexOf(10, at + 1)) lines++;
  return lines;
}

function* source() {
  for (let n = 0; n < chunks; n++) yield chunk;
}

async function rate(pass) {
  const startedAt = performance.now();
  const lines = await pass();
  if (lines !== chunks * 200) throw new Error(`${lines} lines instead of ${chunks * 200}`);
  return Math.round((chunk.length * chunks) / 1e3 / (performance.now() - startedAt));
}

function run(code) {
  const startedAt = performance.now();
  execFileSync(process.execPath, ['--input-type=module', '-e', code]);
  return performance.now() - startedAt;
}

function median(measure) {
  const times = Array.from({ length: 7 }, measure).sort((a, b) => a - b);
  return Math.round(times[3]);
}
