// The audit of the dependencies, with an npm that answers as told.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const AUDIT = resolve(import.meta.dirname, '../../../scripts/audit.mjs');
const folder = mkdtempSync(join(tmpdir(), 'target-iomete-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function audit(answer: string, code: number) {
  const npm = join(folder, 'npm');
  writeFileSync(npm, `#!/bin/sh\ncat <<'EOF'\n${answer}\nEOF\nexit ${code}\n`);
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const { status, stdout } = spawnSync(process.execPath, [AUDIT], { env, encoding: 'utf8' });
  return { status, stdout };
}

const counts = (more: object) => ({
  metadata: { vulnerabilities: { low: 0, moderate: 0, high: 0, critical: 0, ...more } },
});

test('passes where nothing grave is known', () => {
  const answer = JSON.stringify({
    ...counts({ moderate: 2 }),
    vulnerabilities: { a: { name: 'a', severity: 'moderate', range: '*' } },
  });
  expect(audit(answer, 1)).toEqual({ status: 0, stdout: 'audit: 0 critical, 0 high, 2 moderate, 0 low\n' });
});

test.each(['high', 'critical'])('fails for a weakness that is %s, and names it', (severity) => {
  const answer = JSON.stringify({
    ...counts({ [severity]: 1 }),
    vulnerabilities: { a: { name: 'a', severity, range: '<1.2' } },
  });
  const { status, stdout } = audit(answer, 1);
  expect(status).toBe(1);
  expect(stdout).toContain(`${severity}: a <1.2\n`);
});

test.each([
  ['{"statusCode": 405, "message": "405 Method Not Allowed"}', 1, 'HTTP 405'],
  ['', 1, '1'],
  ['not JSON', 0, 'NOTICE'],
  ['{"metadata": {}}', 0, 'NOTICE'],
  ['null', 1, 'NOTICE'],
])('says so and goes on where there is no answer: %s', (answer, code, says) => {
  const { status, stdout } = audit(answer, code);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^NOTICE: the dependencies were not audited[^\n]*\n$/);
  expect(stdout).toContain(says);
});
