// Once per vitest run, before any test: dist/ is built, as worker and CLI tests start it, and the stand-in lakehouse
// comes up; at the end it goes. A problem here lets the tests run, and makes the run a failure.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readRunning, startLakehouse, stopLakehouse, ToolMissing } from '../stand-in/lakehouse.mjs';
import { isCi, type LakehouseState } from './provided.ts';
import { leadTo } from './selected-tests.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const problems: string[] = [];
  const [, state] = await Promise.all([build(problems), lakehouseState(project, problems)]);
  project.provide('lakehouse', state);
  project.provide('setupProblems', problems);
  if (problems.length > 0) process.exitCode = 1;
  return async () => {
    const wasThere = await runningIn(process.env.STAND_IN_LAKEHOUSE);
    if (state.kind === 'up' && !wasThere) await stopLakehouse(state.details.runDir);
  };
}

function build(problems: string[]): Promise<void> {
  return new Promise((done) => {
    execFile('npm', ['run', '--silent', 'build'], { cwd: ROOT }, (error, stdout, stderr) => {
      if (error) addProblem(problems, `npm run build failed, so dist/ may be stale:\n${stdout}${stderr}`);
      done();
    });
  });
}

async function lakehouseState(project: TestProject, problems: string[]): Promise<LakehouseState> {
  const { selectedTestFiles } = project.vitest.getRootProject().getProvidedContext();
  const used = resolve(import.meta.dirname, 'lakehouse.ts');
  if (selectedTestFiles && !leadTo(used, selectedTestFiles)) return { kind: 'unused' };
  if (process.env.TARGET_IOMETE_LAKEHOUSE === 'off') return absent('TARGET_IOMETE_LAKEHOUSE=off', problems);
  const running = await runningIn(process.env.STAND_IN_LAKEHOUSE);
  if (running) return { kind: 'up', details: running };
  try {
    const startedAt = performance.now();
    const details = await startLakehouse({ stopWithParent: true, report: (line) => console.error(line) });
    const seconds = (performance.now() - startedAt) / 1000;
    console.error(`stand-in lakehouse up in ${seconds.toFixed(1)} s`);
    return { kind: 'up', details };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ToolMissing) return absent(reason, problems);
    addProblem(problems, `${reason}\n(TARGET_IOMETE_LAKEHOUSE=off runs the other tests without it)`);
    return { kind: 'absent', reason: 'it did not start' };
  }
}

/** `STAND_IN_LAKEHOUSE=DIR`: one that somebody has started (`node tests/stand-in/main.mjs start DIR`), and that stays up. */
const runningIn = (runDir: string | undefined) => (runDir ? readRunning(resolve(runDir)) : undefined);

function absent(reason: string, problems: string[]): LakehouseState {
  if (isCi()) addProblem(problems, `lakehouse tests must run in CI: ${reason}`);
  else console.error(`\nLAKEHOUSE TESTS ARE SKIPPED: ${reason}\n`);
  return { kind: 'absent', reason };
}

function addProblem(problems: string[], problem: string): void {
  problems.push(problem);
  console.error(`\nSETUP PROBLEM: ${problem}\n`);
}
