import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateWriter } from '../../../../src/protocols/singer/state-writer.ts';

const state = (n: number, bytes = 0) => Buffer.from(`{"n":${n}${bytes > 0 ? `,"pad":"${'x'.repeat(bytes)}"` : ''}}`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-writer-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A real pipe whose reader is a process that waits for a while: what it has read in the end, line by line. */
function pipeTo(readerScript: string): { fd: number; lines: Promise<string[]> } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader: ChildProcess = spawn('sh', ['-c', readerScript, 'reader', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  reader.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  const lines = new Promise<string[]>((resolve) => {
    reader.on('close', () => resolve(text.split('\n')));
  });
  // opens when the reader opens
  return { fd: openSync(path, 'w'), lines };
}

describe('a state writer', () => {
  it('writes every state that has the time to be written, each on a line', async () => {
    const path = join(folder, 'out');
    const fd = openSync(path, 'w');
    const writer = stateWriter(fd);
    for (let n = 1; n <= 3; n++) {
      writer.emit(state(n));
      await writer.flush();
    }
    closeSync(fd);
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
  });

  it('has nothing to wait for when nothing was emitted', async () => {
    const writer = stateWriter();
    await expect(writer.flush()).resolves.toBeUndefined();
  });

  it('collapses the states that come while one is being written into the newest, which is the last line', async () => {
    const { fd, lines } = pipeTo('exec 3<"$1"; sleep 0.5; cat <&3');
    const writer = stateWriter(fd);
    // more than a pipe holds: this write lasts until the reader reads
    writer.emit(state(0, 300_000));
    const startedAt = performance.now();
    for (let n = 1; n <= 500; n++) {
      writer.emit(state(n));
      if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    // nobody reads yet, and emitting has not waited for that
    expect(performance.now() - startedAt).toBeLessThan(400);
    await writer.flush();
    closeSync(fd);
    const written = await lines;
    expect(written).toHaveLength(3);
    expect(written[0]).toHaveLength(state(0, 300_000).length);
    expect(written.slice(1)).toEqual(['{"n":500}', '']);
  });

  it('finishes its line on a pipe that another process made non-blocking', async () => {
    const { fd: blocking, lines } = pipeTo('exec 3<"$1"; sleep 0.3; cat <&3');
    const fd = openSync(join(folder, 'pipe'), constants.O_WRONLY | constants.O_NONBLOCK);
    closeSync(blocking);
    const writer = stateWriter(fd);
    writer.emit(state(1, 500_000));
    await writer.flush();
    closeSync(fd);
    expect((await lines).map((line) => line.length)).toEqual([state(1, 500_000).length, 0]);
  });

  it('says on flush that its output is gone, and writes no more', async () => {
    const { fd, lines } = pipeTo('exec 3<"$1"; exec 3<&-');
    await lines;
    const writer = stateWriter(fd);
    writer.emit(state(1));
    await expect(writer.flush()).rejects.toMatchObject({
      code: 'STATE_NOT_WRITTEN',
      message: expect.stringContaining('EPIPE'),
    });
    writer.emit(state(2));
    await expect(writer.flush()).rejects.toThrow('EPIPE');
    closeSync(fd);
  });
});
