// Mistakes of new users → one cause with its fix, and an exit code that tells who is to mend it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createStore } from 'node:http';
import { createServer as createLake } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { inDuckdb } from '../support/duckdb-file.ts';
import { mistakes } from './mistakes/all-mistakes.ts';
import type { Mistake } from './mistakes/mistake.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const isRoot = process.getuid?.() === 0;

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-mistakes-'));
let servers: Record<'LAKE' | 'STORE', Server>;
let answered = 200;
let stored = { status: 200, xml: '' };

beforeAll(async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject];
  execFileSync('openssl', ['req', ...made], { stdio: 'ignore' });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  servers = {
    LAKE: createLake(tls, (_, response) => response.writeHead(answered).end()),
    STORE: createStore((request, response) => {
      request.resume();
      response.writeHead(stored.status, { 'content-type': 'application/xml' }).end(stored.xml);
    }),
  };
  for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  for (const server of Object.values(servers)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(mistakes.filter(({ isOpenToRoot }) => !(isRoot && isOpenToRoot)))('$mistake', async (mistake) => {
  const own = mkdtempSync(join(folder, 'run-'));
  const places: Record<string, string> = { FOLDER: own, VERSION: version };
  for (const [name, server] of Object.entries(servers)) places[name] = String((server.address() as AddressInfo).port);
  await prepare(mistake, own, places);
  const { code, stdout, stderr } = await ran(mistake, own);
  const prints = withoutMore(stdout).replaceAll(/\(\d+\.\d s\)/g, '(… s)');
  expect({ code, says: linesOf(withoutMore(stderr)), prints }).toEqual({
    code: mistake.exit,
    says: mistake.says.map((text) => placed(text, places)),
    prints: placed(mistake.prints ?? '', places),
  });
});

async function prepare(
  { files, made, isHeld, isOpenToRoot, answers = 200, stores = { status: 200, xml: '' } }: Mistake,
  own: string,
  places: Record<string, string>,
): Promise<void> {
  answered = answers;
  stored = stores;
  const usual = { destination: 'duckdb', duckdb_path: 'shop.duckdb', temp_dir: own };
  for (const [name, content] of Object.entries({ 'duckdb.json': usual, ...files })) {
    const path = join(own, name);
    if (content === null) mkdirSync(path);
    else writeFileSync(path, fileContent(content, places), { mode: isOpenToRoot ? 0 : 0o600 });
  }
  const database = join(own, 'shop.duckdb');
  if (made !== undefined) await inDuckdb(database, made);
  if (made !== undefined && isOpenToRoot) chmodSync(database, 0o400);
  if (!isHeld) return;
  const holder = await DuckDBInstance.create(database);
  onTestFinished(() => holder.closeSync());
}

function fileContent(content: object | string | Uint8Array, places: Record<string, string>): string | Uint8Array {
  if (typeof content === 'string' || content instanceof Uint8Array) return content;
  // a port is a number
  return placed(JSON.stringify(content).replace(/"(LAKE|STORE)"/, '$1'), places);
}

async function ran({ args = [], env, input = '' }: Mistake, cwd: string) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|TARGET_IOMETE|VITEST|NODE_OPTIONS)/.test(name));
  const child = spawn(process.execPath, [join(ROOT, 'bin/target-iomete.js'), ...args], {
    cwd,
    env: { ...Object.fromEntries(kept), ...env },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  // the command may end before it has read everything
  child.stdin.on('error', () => {}).end(input);
  const [code] = await once(child, 'close');
  return { code, ...said };
}

/** Errors without their end, which says where to read more of their code. */
function withoutMore(text: string): string {
  const codes = [...text.matchAll(/^(?:\S+Z ERROR | {2})([A-Z_]+): /gm)].map(([, code]) => code);
  const named = [...text.matchAll(/ More: target-iomete --help ([A-Z_]+)$/gm)].map(([, code]) => code);
  expect(named).toEqual(codes);
  return text.replaceAll(/ More: target-iomete --help [A-Z_]+$/gm, '');
}

function placed(text: string, places: Record<string, string>): string {
  return text.replace(/\b(FOLDER|LAKE|STORE|VERSION)\b/g, (name) => places[name]!);
}

/** The lines of a log, without what differs from run to run. */
function linesOf(stderr: string): string[] {
  const lines = stderr.split('\n').slice(0, -1);
  return lines.map((line) =>
    line
      .replace(/^\d{4}-\S+Z /, '')
      .replace(/in \d+\.\d s/, 'in … s')
      .replace(/mkdtemp '[^']+'/, "mkdtemp '…'")
      .replace(/open in \S.* \(PID \d+\)/, 'open in …'),
  );
}
