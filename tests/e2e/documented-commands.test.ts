// Each command that README.md and docs/ name: those of target-iomete are run here, those of npm are run by CI or named as long.
// Commands behind a tap are recipes (recipes.test.ts).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inDuckdb } from '../support/duckdb-file.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
];
const texts = pages.map((page) => readFileSync(join(ROOT, page), 'utf8'));

/** In code spans and in blocks of code, from the start of a line or span. */
function commandsOf(program: string): readonly string[] {
  const parts = texts.flatMap(codeOf).flatMap((line) => line.split(' && '));
  const commands = parts.map((part) => part.replace(/ +#.*$/, '').trim());
  return [...new Set(commands.filter((command) => command.startsWith(`${program} `)))];
}

function codeOf(text: string): readonly string[] {
  const pieces = text.split(/^```\w*$/m);
  // a text, a block, a text, a block, …
  return pieces.flatMap((piece, index) =>
    index % 2 === 1 ? piece.split('\n') : [...piece.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'documented-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  await inDuckdb(join(folder, 'shop.duckdb'), 'CREATE TABLE orders (id BIGINT)');
  const config = { destination: 'duckdb', duckdb_path: 'shop.duckdb', temp_dir: folder };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  const orders = { stream: 'orders', schema: { properties: { id: { type: 'integer' } } }, key_properties: ['id'] };
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify({ streams: [orders] }));
  symlinkSync(join(ROOT, 'bin/target-iomete.js'), join(folder, 'target-iomete'));
});

describe('a command of target-iomete', () => {
  // CODE, GROUP and STREAM stand for what a reader puts there
  const commands = commandsOf('target-iomete').map((command) =>
    command.replace('--help CODE', '--help LOAD_FAILED').replace('reset STREAM', 'reset orders'),
  );

  it('is documented for each purpose', () => {
    for (const word of ['check', 'plan', 'clean', 'reset', 'completion', '--help'])
      expect(
        commands.some((command) => command.startsWith(`target-iomete ${word}`)),
        word,
      ).toBe(true);
  });

  it.each(commands)('%s works', (command) => {
    // a command that names no configuration is a short form of one that does
    const needsConfig = /^target-iomete (check|plan|clean|reset)\b/.test(command) && !command.includes('--config');
    const whole = needsConfig ? `${command} --config config.json` : command;
    const answer = execFileSync('sh', ['-c', `PATH="$PWD:$PATH"; ${whole} < /dev/null`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(answer.length).toBeGreaterThan(0);
  });
});

describe('a command of npm', () => {
  /** Hours of tests and benches: CI runs samples of the first, and tests parts of the last (tests/unit/bench). */
  const long = ['npm run test:long', 'npm run test:mutation', 'npm run bench'];
  const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8').replaceAll(' --silent', '');
  const clone = readFileSync(join(ROOT, 'tests/e2e/clone.test.ts'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it.each(commandsOf('npm'))('%s is run by CI, or long', (command) => {
    const [, script] = /^npm run ([\w:]+)/.exec(command) ?? [];
    if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
    // `npm run check` looks whether `npm run docs` would change a page, and the demo builds first
    const isPart = command === 'npm run docs' || (command === 'npm run build' && scripts.demo!.includes(command));
    const isLong = long.some((one) => command.startsWith(one));
    expect(isLong || isPart || ci.includes(command) || clone.includes(`\`${command}\``), command).toBe(true);
  });
});
