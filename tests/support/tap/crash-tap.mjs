#!/usr/bin/env node
// A tap that honours state: interleaved streams, and after every so many rows a STATE with each stream's last id. With
// `--state FILE` it goes on after the ids there.
//
//   node crash-tap.mjs --rows 1000000 --streams 5 [--state FILE] [--state-every 2000] [--block 100] [--delay MS]
//     [--hold-at ROW] [--keyless]
//
// `--rows` counts all streams together; `--delay` pauses after each STATE; `--hold-at` sends a STATE after that row, then
// nothing more, and does not end either.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { crashRecord, crashSchema, crashStreamRows, crashStreams } from './crash-rows.mjs';
import { flush, put } from './output.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    streams: { type: 'string', default: '5' },
    state: { type: 'string' },
    'state-every': { type: 'string', default: '2000' },
    block: { type: 'string', default: '100' },
    delay: { type: 'string', default: '0' },
    'hold-at': { type: 'string' },
    keyless: { type: 'boolean', default: false },
  },
});
const stateEvery = Number(values['state-every']);
const delayMs = Number(values.delay);
const holdAt = Number(values['hold-at'] ?? Number.POSITIVE_INFINITY);
const FOREVER_MS = 2 ** 31 - 1;

await main();

async function main() {
  const streams = openStreams();
  for (const { name } of streams) await put(crashSchema(name, values.keyless));
  let sinceState = 0;
  let covered = streams.reduce((sum, { lastId }) => sum + lastId, 0);
  for (const { stream, upTo } of blocks(streams)) {
    while (stream.lastId < upTo) {
      if (covered >= holdAt) await hold(streams);
      const wait = put(crashRecord(stream.name, ++stream.lastId));
      if (wait) await wait;
      covered++;
      if (++sinceState === stateEvery) {
        sinceState = 0;
        await putState(streams);
      }
    }
  }
  await putState(streams);
  await flush();
}

async function hold(streams) {
  await putState(streams);
  await flush();
  await sleep(FOREVER_MS);
}

function openStreams() {
  const bookmarks = values.state ? JSON.parse(readFileSync(values.state, 'utf8')).bookmarks : {};
  return crashStreams(Number(values.streams)).map((name, index, all) => ({
    name,
    lastId: bookmarks[name]?.replication_key_value ?? 0,
    rows: crashStreamRows(Number(values.rows), all.length, index),
  }));
}

/** Round robin, a block of rows of one stream at a time. */
function* blocks(streams) {
  const block = Number(values.block);
  for (let open = streams; open.length > 0; open = open.filter((stream) => stream.lastId < stream.rows)) {
    for (const stream of open) yield { stream, upTo: Math.min(stream.lastId + block, stream.rows) };
  }
}

async function putState(streams) {
  const bookmarks = streams.map(({ name, lastId }) => [name, { replication_key: 'id', replication_key_value: lastId }]);
  await put(`${JSON.stringify({ type: 'STATE', value: { bookmarks: Object.fromEntries(bookmarks) } })}\n`);
  if (delayMs === 0) return;
  // what was put must be on its way, or the reader would get it all at once
  await flush();
  await sleep(delayMs);
}
