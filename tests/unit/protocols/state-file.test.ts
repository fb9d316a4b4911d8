import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TargetError } from '../../../src/errors/target-error.ts';
import type { Output } from '../../../src/protocols/front-end.ts';
import { openStateFile } from '../../../src/protocols/state-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-file-'));
  path = join(folder, 'state.json');
});
afterEach(() => rm(folder, { recursive: true }));

const state = (n: number) => Buffer.from(`{"n":${n}}`);

/** Standard output that notes each state, and what the file holds at that moment. */
function output(): Output & { readonly lines: string[]; readonly filed: Promise<string>[] } {
  const lines: string[] = [];
  const filed: Promise<string>[] = [];
  return {
    lines,
    filed,
    emit: (payload) => {
      lines.push(String(payload));
      filed.push(readFile(path, 'utf8'));
    },
    onFailure: () => {},
    flush: async () => {},
  };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: TargetError) => error,
  );

describe('a state file', () => {
  it('holds the line of standard output, for its owner alone, and nothing lies beside the file', async () => {
    const out = output();
    const states = await openStateFile(path, out);
    states.emit(state(1));
    await states.flush();
    expect(await readFile(path, 'utf8')).toBe('{"n":1}\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('holds a state before standard output has it', async () => {
    const out = output();
    const states = await openStateFile(path, out);
    for (const n of [1, 2, 3]) {
      states.emit(state(n));
      await states.flush();
    }
    expect(out.lines).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(await Promise.all(out.filed)).toEqual(['{"n":1}\n', '{"n":2}\n', '{"n":3}\n']);
  });

  it('collapses states that come faster than the disk takes them into the newest', async () => {
    const out = output();
    const states = await openStateFile(path, out);
    for (let n = 1; n <= 500; n++) states.emit(state(n));
    await states.flush();
    expect(out.lines).toEqual(['{"n":1}', '{"n":500}']);
    expect(await readFile(path, 'utf8')).toBe('{"n":500}\n');
  });

  it('is never seen empty or half', async () => {
    const states = await openStateFile(path, output());
    const padded = (n: number) => Buffer.from(JSON.stringify({ n, pad: 'x'.repeat(200_000) }));
    states.emit(padded(0));
    await states.flush();
    let isDone = false;
    const seen = new Set<number>();
    const reading = (async () => {
      while (!isDone) seen.add(JSON.parse(await readFile(path, 'utf8')).n);
    })();
    for (let n = 1; n <= 60; n++) {
      states.emit(padded(n));
      await states.flush();
    }
    isDone = true;
    await reading;
    expect(seen.size).toBeGreaterThan(5);
  });

  it('stays as it was when there is no state', async () => {
    await writeFile(path, '{"kept":true}\n');
    const states = await openStateFile(path, output());
    await states.flush();
    expect(await readFile(path, 'utf8')).toBe('{"kept":true}\n');
  });

  it('replaces the file that a link names, and keeps the link', async () => {
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'state.json'), '{}');
    await symlink(join(folder, 'real', 'state.json'), path);
    const states = await openStateFile(path, output());
    states.emit(state(7));
    await states.flush();
    expect(await readFile(join(folder, 'real', 'state.json'), 'utf8')).toBe('{"n":7}\n');
    expect(await readdir(join(folder, 'real'))).toEqual(['state.json']);
  });

  it('removes temporary files of runs that were killed, and no others', async () => {
    const old = new Date(Date.now() - 3_600_000);
    const names = ['state.json.0123abcd.tmp', 'state.json.89abcdef.tmp', 'state.json.backup.tmp', 'other.0123abcd.tmp'];
    for (const name of names) await writeFile(join(folder, name), '');
    for (const name of names.filter((name) => !name.includes('89ab'))) await utimes(join(folder, name), old, old);
    await openStateFile(path, output());
    expect((await readdir(folder)).sort()).toEqual(names.slice(1).sort());
  });

  it.each([
    ['a folder that is not there', 'missing/state.json', 'ENOENT'],
    ['a folder in the place of the file', 'taken', 'EISDIR'],
  ])('is refused before the run begins: %s', async (_, name, code) => {
    await mkdir(join(folder, 'taken'));
    const error = await refusal(openStateFile(join(folder, name), output()));
    expect(error?.code).toBe('CONFIG_INVALID');
    expect(error?.message).toBe(`"state_file" ${join(folder, name)} can't be written (${code})`);
  });

  it('ends the run when the file can no longer be written: standard output gets no state that the file lacks', async () => {
    const out = output();
    const states = await openStateFile(path, out);
    const failures: TargetError[] = [];
    states.onFailure((error) => failures.push(error));
    await rm(folder, { recursive: true });
    states.emit(state(1));
    const error = await refusal(states.flush());
    await mkdir(folder);
    await chmod(folder, 0o700);
    expect(error?.code).toBe('STATE_NOT_WRITTEN');
    expect(error?.message).toBe(`"state_file" ${path} can't be written (ENOENT)`);
    expect(failures).toEqual([error]);
    expect(out.lines).toEqual([]);
  });
});
