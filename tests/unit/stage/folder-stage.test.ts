import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FolderStageSettings, folderStage } from '../../../src/stage/folder-stage.ts';
import { expectExample } from '../../support/error-examples.ts';

let folder: string;
let logged: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-stage-test-'));
  logged = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log = {
  info: (line: string) => logged.push(`info ${line}`),
  warn: (line: string) => logged.push(`warn ${line}`),
};

const stageIn = (settings: Partial<FolderStageSettings> = {}) =>
  folderStage({ folder, keepFiles: false, runFolder: 'run1', compression: 'gzip', ...settings }, log);

async function stageText(stage: ReturnType<typeof stageIn>, text: string, name = 'orders') {
  const file = stage.create(name);
  await file.write(Buffer.from(text));
  return file.close();
}

describe('a folder as the stage', () => {
  test('writes what it is given to an absolute path that only this user can read', async () => {
    const stage = stageIn();
    const writer = stage.create('orders');
    await writer.write(Buffer.from('1,2\n'));
    await writer.write(new Uint8Array());
    await writer.write(Buffer.from('3,4\n'));
    expect(writer.bufferedBytes).toBe(0);
    const file = await writer.close();

    expect(isAbsolute(file.location)).toBe(true);
    expect(file.location).toMatch(/orders-1-[0-9a-f]{12}\.csv\.gz$/);
    expect(file.bytes).toBe(8);
    expect(await readFile(file.location, 'utf8')).toBe('1,2\n3,4\n');
    expect((await stat(file.location)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file.location))).mode & 0o777).toBe(0o700);
  });

  test('names files .csv when they are not compressed', async () => {
    expect((await stageText(stageIn({ compression: 'none' }), 'x')).location).toMatch(/[0-9a-f]\.csv$/);
  });

  test('takes bytes that other threads share', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    shared.set([97, 98, 99]);
    const stage = stageIn();
    const writer = stage.create('orders');
    await writer.write(shared);
    expect(await readFile((await writer.close()).location, 'utf8')).toBe('abc');
  });

  test('stages an empty file when nothing was written', async () => {
    const file = await stageIn().create('orders').close();
    expect((await stat(file.location)).size).toBe(0);
  });

  test.each(['../../../x', 'a*b?', '_x', '.x', 'x'.repeat(300), '🦆', '/etc/x', 'nul\0'])(
    'keeps a stream called %j inside its run folder',
    async (name) => {
      const file = await stageText(stageIn(), 'x', name);
      expect(relative(folder, file.location)).toMatch(/^run1-[^/]+\/[A-Za-z0-9][\w-]*\.csv\.gz$/);
    },
  );

  test('two runs with one id stay out of each other', async () => {
    const [first, second] = [stageIn(), stageIn()];
    await stageText(first, 'a');
    const kept = await stageText(second, 'b');
    await first.close();
    expect(await readFile(kept.location, 'utf8')).toBe('b');
  });

  test('removes files whose load is done, and the folder at the end', async () => {
    const stage = stageIn();
    const [done, open] = [await stageText(stage, 'a'), await stageText(stage, 'b')];
    await stage.remove([done]);
    await stage.remove([done]);
    expect(await readdir(dirname(open.location))).toHaveLength(1);
    await stage.create('unfinished').write(Buffer.from('c'));
    await stage.close();
    await stage.close();
    expect(await readdir(folder)).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('keeps everything that was staged when told to, and says where', async () => {
    const stage = stageIn({ keepFiles: true });
    const file = await stageText(stage, 'a');
    await stage.remove([file]);
    await stage.close();
    expect(await readFile(file.location, 'utf8')).toBe('a');
    expect(logged).toEqual([`info Kept 1 staged file in "${dirname(file.location)}"`]);
  });

  test('leaves no empty folder behind when files are kept but there were none', async () => {
    const stage = stageIn({ keepFiles: true });
    await stage.check();
    await stage.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('drops an aborted file, and refuses to go on with it', async () => {
    const stage = stageIn();
    await stage.check();
    const writer = stage.create('orders');
    await writer.write(Buffer.from('half'));
    await writer.abort();
    await writer.abort();
    await expect(writer.write(Buffer.from('more'))).rejects.toMatchObject({ code: 'STAGE_FAILED' });
    await expect(writer.close()).rejects.toMatchObject({ code: 'STAGE_FAILED' });
    const [run] = await readdir(folder);
    expect(await readdir(join(folder, run!))).toEqual([]);
  });

  test('does not drop a file that is closed already', async () => {
    const writer = stageIn().create('orders');
    await writer.write(Buffer.from('whole'));
    const file = await writer.close();
    await writer.abort();
    expect(await readFile(file.location, 'utf8')).toBe('whole');
  });
});

describe('a folder that cannot be written', () => {
  test('is refused by check() when it is missing, by name', async () => {
    const missing = join(folder, 'nowhere');
    await expect(stageIn({ folder: missing }).check()).rejects.toMatchObject({
      code: 'STAGE_FAILED',
      message: expect.stringContaining(`"${missing}"`),
    });
  });

  test('is refused by check() when it is a file', async () => {
    const file = (await stageText(stageIn(), 'x')).location;
    await expect(stageIn({ folder: file }).check()).rejects.toMatchObject({ code: 'STAGE_FAILED' });
  });

  test('leaves nothing behind when check() passes', async () => {
    const stage = stageIn();
    await stage.check();
    await stage.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('fails as a full disk when it is one, and gives the space back', async ({ skip }) => {
    const small = join(folder, 'small');
    await mkdir(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skip('needs the right to mount a tmpfs');
    }
    try {
      const stage = stageIn({ folder: small });
      const writer = stage.create('orders');
      const fill = async () => {
        for (let i = 0; i < 40; i++) await writer.write(Buffer.alloc(64 * 1024));
      };
      const error = await fill().catch((failure) => failure);
      expectExample(error, 'STAGE_DISK_FULL', { [small]: '/srv/shop' });
      expect((await stageText(stage, 'x'.repeat(512 * 1024))).bytes).toBe(512 * 1024);
      await stage.close();
    } finally {
      execFileSync('umount', [small]);
    }
  });
});
