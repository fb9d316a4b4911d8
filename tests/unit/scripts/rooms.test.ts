// The rooms of src/: imports go down their order. The linter is asked about arrows that are drawn here.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** From the top of a program down, as docs/architecture.md has it. */
const order = [
  ...['commands', 'config', 'terminal', 'pipeline', 'destinations', 'encode', 'protocols', 'input'],
  ...['stage', 'formats', 'aws', 'report', 'network', 'schema', 'json', 'memory', 'errors', 'package'],
];

const folder = mkdtempSync(join(tmpdir(), 'target-iomete-rooms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Arrows as `room -> what is imported` → those that the linter refuses. */
function refused(arrows: readonly (readonly [room: string, imported: string])[]): string[] {
  for (const file of ['biome.json', '.gitignore']) copyFileSync(join(ROOT, file), join(folder, file));
  for (const [number, [room, imported]] of arrows.entries()) {
    mkdirSync(join(folder, 'src', room), { recursive: true });
    const up = '../'.repeat(room.split('/').length);
    writeFileSync(join(folder, 'src', room, `arrow-${number}.ts`), `export * from '${up}${imported}';\n`);
  }
  const found = new Set<number>();
  const args = ['lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github', '.'];
  let output = '';
  try {
    output = execFileSync(process.execPath, [BIOME, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  for (const [, number] of output.matchAll(/arrow-(\d+)\.ts/g)) found.add(Number(number));
  rmSync(join(folder, 'src'), { recursive: true });
  return arrows.filter((_, number) => found.has(number)).map(([room, imported]) => `${room} -> ${imported}`);
}

const named = (arrows: readonly (readonly [string, string])[]) => arrows.map(([a, b]) => `${a} -> ${b}`);

test('are the folders of src', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const rooms = files.filter((path) => path.endsWith('.ts') && path.includes('/')).map((path) => path.split('/')[0]!);
  expect([...new Set(rooms)].sort()).toEqual(order.toSorted());
});

test('import nothing of a room above them', () => {
  const arrows = order.flatMap((room, place) => order.slice(0, place).map((above) => [room, `${above}/x.ts`] as const));
  expect(arrows.length).toBe((order.length * (order.length - 1)) / 2);
  expect(refused(arrows)).toEqual(named(arrows));
});

test('import the rooms below them', () => {
  const arrows = [
    ['commands', 'destinations/duckdb/index.ts'],
    ['config', 'destinations/duckdb/options.ts'],
    ['pipeline', 'destinations/destination.ts'],
    ['pipeline', 'stage/store.ts'],
    ['destinations/duckdb', 'destinations/sql/source.ts'],
    ['destinations/iomete', 'stage/heartbeat.ts'],
    ['destinations/duckdb', 'destinations/staged/staged-destination.ts'],
    ['encode', 'formats/segment.ts'],
    ['encode', 'protocols/record-line.ts'],
    ['pipeline', 'protocols/front-end.ts'],
    ['protocols/singer', 'json/json-bytes.ts'],
    ['input', 'stage/store.ts'],
    ['stage', 'formats/staged-file.ts'],
    ['formats/parquet', 'memory/free.ts'],
    ['aws', 'errors/target-error.ts'],
    ['schema', 'json/json-bytes.ts'],
    ['memory', 'package/package-files.ts'],
  ] as const;
  expect(refused(arrows)).toEqual([]);
});

test('see of a room what is theirs to see', () => {
  const arrows = [
    ['config', 'destinations/duckdb/index.ts'],
    ['pipeline', 'destinations/iomete/index.ts'],
    ['pipeline', 'stage/s3-stage.ts'],
    ['pipeline', 'protocols/singer/index.ts'],
    ['encode', 'protocols/singer/record-line.ts'],
    ['destinations/duckdb', 'destinations/iomete/session.ts'],
    ['destinations/iomete', 'destinations/duckdb/database.ts'],
    ['destinations/sql', 'destinations/iomete/session.ts'],
    ['destinations/sql', 'destinations/duckdb/database.ts'],
    ['destinations/staged', 'destinations/iomete/session.ts'],
    ['destinations/staged', 'destinations/sql/source.ts'],
    ['formats/jsonl', 'formats/csv/csv-rows.ts'],
    ['formats/parquet', 'formats/jsonl/index.ts'],
    ['formats/csv', 'formats/parquet/page.ts'],
    ['destinations/iomete', 'protocols/singer/framer.ts'],
  ] as const;
  expect(refused(arrows)).toEqual(named(arrows));
});
