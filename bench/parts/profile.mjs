// Node.js's CPU profiles of the front end, one of each thread → where its CPU time goes, by what the code is for.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Session } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputFile } from '../generate.mjs';
import { measure } from '../measure.mjs';
import { front } from '../peers/ours.mjs';

const DIST = resolve(import.meta.dirname, '../../dist');
const MODULES = {
  'row loop (WebAssembly)': 'wasm/rows.wasm',
  'gzip (WebAssembly)': 'wasm/deflate.wasm',
};
/** The first that a frame fits names its part. */
const PARTS = [
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  ['V8 and the operating system', ({ functionName }) => functionName === '(program)'],
  ['framing: lines, messages', ({ url }) => /\/dist\/(protocols|input)\//.test(url) || /\/pipeline\/intake/.test(url)],
  ['checksum of gzip', ({ functionName }) => functionName === 'crc32'],
  ['encoders in TypeScript', ({ url }) => /\/dist\/(encode|formats|json)\//.test(url)],
  ['staged files, batches, loads', ({ url }) => /\/dist\/(stage|pipeline|schema|memory)\//.test(url)],
  [
    'between threads',
    ({ functionName, url }) => /postMessage/.test(functionName) || /worker\/io|event_target/.test(url),
  ],
  [
    'copies of bytes',
    ({ functionName, url }) => url === 'node:buffer' || /^(set|copy|slice|fill)$/i.test(functionName),
  ],
  [
    'loading modules',
    ({ url, functionName }) =>
      /internal\/(modules|bootstrap)|node:internal\/util/.test(url) || /compile/i.test(functionName),
  ],
  [
    'files',
    ({ functionName, url }) =>
      /^(node:)?(internal\/)?fs\b/.test(url) || /^(open|read|write|close|fstat|unlink|rm|mkdir)/i.test(functionName),
  ],
];
const IDLE = '(idle)';

/**
 * @param {import('../plans.mjs').Plan} plan
 * @returns {Promise<{ part: string, share: number }[]>} largest first; shares of the time in which the threads were not idle
 */
export async function profile({ profile: rows }) {
  const folder = await mkdtemp(join(tmpdir(), 'target-iomete-profile-'));
  try {
    const task = front(inputFile('orders', rows));
    const [node, ...rest] = await task.command(folder);
    await measure({ ...task, command: () => [node, '--cpu-prof', `--cpu-prof-dir=${folder}`, ...rest] });
    const profiles = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    return sharesOf(profiles, wasmAddresses(), bundledModules());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly { nodes: any[], samples: number[], timeDeltas: number[] }[]} profiles
 * @param {ReadonlyMap<string, string>} wasm parts by address
 * @param {(frame: { url: string, lineNumber: number }) => string} sourceOf the module that a frame's function stands in
 */
export function sharesOf(profiles, wasm, sourceOf) {
  const times = new Map();
  let total = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [index, id] of samples.entries()) {
      const frame = frames.get(id);
      if (frame.functionName === IDLE) continue;
      const part = wasm.get(frame.url) ?? partOf({ ...frame, url: sourceOf(frame) });
      times.set(part, (times.get(part) ?? 0) + timeDeltas[index]);
      total += timeDeltas[index];
    }
  }
  return [...times].map(([part, time]) => ({ part, share: time / total })).sort((a, b) => b.share - a.share);
}

const partOf = (frame) => PARTS.find(([, fits]) => fits(frame))?.[0] ?? 'the rest of Node.js';

/** What runs is a bundle; its modules still say what a function is for. */
function bundledModules() {
  const bundles = new Map();
  return ({ url, lineNumber }) => {
    if (!/\/dist\/(bench|command)\/[^/]+\.js$/.test(url)) return url;
    if (!bundles.has(url)) bundles.set(url, modulesByLine(readFileSync(fileURLToPath(url), 'utf8')));
    return bundles.get(url)[lineNumber] ?? url;
  };
}

/**
 * The bundler writes the name of each module before it.
 * @param {string} bundle @returns {(string | undefined)[]} of each line, the module that it is of
 */
export function modulesByLine(bundle) {
  let module;
  return bundle.split('\n').map((line) => {
    module = /^\/\/ (\S+\.m?js)$/.exec(line)?.[1] ?? module;
    return module && `/${module}`;
  });
}

/** V8 names a module by a hash of its bytes, which only V8 tells. */
function wasmAddresses() {
  const addresses = new Map();
  const session = new Session();
  session.connect();
  let part = '';
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url.startsWith('wasm://')) addresses.set(url, part);
  });
  session.post('Debugger.enable');
  for (const [name, file] of Object.entries(MODULES)) {
    part = name;
    new WebAssembly.Module(readFileSync(join(DIST, file)));
  }
  session.disconnect();
  return addresses;
}
