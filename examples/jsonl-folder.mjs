#!/usr/bin/env node
// A destination of your own: each batch of rows becomes a file of JSON Lines in a folder.
//
//   tap-x --config tap.json | node jsonl-folder.mjs FOLDER > states.jsonl
//
// Rows are appended. After a run that was killed, rows behind the last state come again.
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defineDestination, describeError, exitCodeOf, rowsFile, run } from 'target-iomete';

const FORMAT = { format: 'jsonl', compression: 'none' };

const jsonlFolder = (folder) =>
  defineDestination({
    name: 'jsonl_folder',
    open: (_options, { runId }) => ({
      format: FORMAT,
      pace: { maxLoadRows: 1_000_000 },
      connect: async () => {
        await mkdir(folder, { recursive: true });
      },
      openStream: (stream) => new FolderSink(folder, `${encodeURIComponent(stream)}-${runId}`),
      close: async () => {},
    }),
  });

class FolderSink {
  constructor(folder, name) {
    this.folder = folder;
    this.name = name;
    this.files = 0;
  }

  /** Files take any columns: there is no table that must fit. */
  async prepare() {}

  create(version) {
    return rowsFile(FORMAT, version, new PartFile(join(this.folder, `${this.name}-${++this.files}.jsonl`)));
  }

  /** The rows are there when their files have their names, and the folder knows that for good. */
  async commit({ files }) {
    for (const { location } of files) await rename(partOf(location), location);
    const folder = await open(this.folder);
    await folder.sync();
    await folder.close();
    return { inexact: new Map(), deduplicated: 0, deleted: 0 };
  }

  drop(files) {
    for (const { location } of files) unlink(partOf(location)).catch(() => {});
  }

  async close() {}
}

const partOf = (location) => `${location}.part`;
/** A file that is being written. Nobody takes it for a whole one. */
class PartFile {
  bufferedBytes = 0;
  bytes = 0;

  constructor(location) {
    this.location = location;
    this.opened = open(partOf(location), 'wx');
    this.opened.catch(() => {});
  }

  async write(bytes) {
    await (await this.opened).appendFile(bytes);
    this.bytes += bytes.length;
  }

  async close() {
    const file = await this.opened;
    await file.sync();
    await file.close();
    return { location: this.location, key: this.location, bytes: this.bytes };
  }

  async abort() {
    await this.opened.then((file) => file.close()).catch(() => {});
    await unlink(partOf(this.location)).catch(() => {});
  }
}

const [folder = 'rows'] = process.argv.slice(2);
const writeOut = promisify(process.stdout.write.bind(process.stdout));
try {
  await run({
    config: { load_method: 'append-only' },
    destinations: [jsonlFolder(folder)],
    onState: (state) => writeOut(`${state}\n`),
    log: { info: console.error, warn: console.error },
  });
} catch (error) {
  console.error(describeError(error));
  process.exitCode = exitCodeOf(error);
}
