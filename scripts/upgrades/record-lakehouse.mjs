// A command → the statements by which its runs, and its killed runs, change a lakehouse, and what they leave in the stage.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openDestination } from '../acceptance/destination.mjs';
import { iometeReader } from '../acceptance/iomete-reader.mjs';
import { contentsOf } from './contents.mjs';
import { linesOf, nullable, records, schema } from './messages.mjs';
import { found, killWhen, neutralHeartbeat, replacing, runToEnd, writeJson } from './recording.mjs';
import { recordingGateway } from './recording-gateway.mjs';
import { stagedObjects } from './staged-objects.mjs';
import { otherSchema, overwritten, runs, state } from './streams.mjs';

/** What reads only, and settings that every session makes, need not be said again. */
const CHANGES = /^(CREATE|ALTER|DROP|INSERT|MERGE|DELETE|UPDATE|CALL|COMMENT|SET spark\.wap\.|RESET spark\.wap\.)/;
const READS_STAGE = /^(INSERT|MERGE|DELETE)/;

export async function recordLakehouse({ command, folder, into, lakehouse }, defer) {
  const destination = await openDestination({ kind: 'iomete', folder, lakehouse }, defer);
  const schemas = { main: destination.schema, other: `${destination.schema}_other` };
  const prefix = destination.config.s3_key_prefix;
  defer(() => dropOther(lakehouse, schemas));
  const stage = stagedObjects(lakehouse, prefix);
  defer(() => stage.close());

  const heard = [];
  let holds = [];
  let held = 0;
  const gateway = await recordingGateway(lakehouse, async ({ session, sql }) => {
    if (READS_STAGE.test(sql)) await stage.look();
    if (holds.some((hold) => hold.test(sql))) {
      held += 1;
      return false;
    }
    if (CHANGES.test(sql)) heard.at(-1).statements.push({ session, sql });
    return true;
  });
  defer(() => gateway.close());

  const config = {
    ...destination.config,
    schema_mapping: { [otherSchema]: { target_schema: schemas.other } },
  };
  const throughGateway = { ...config, port: gateway.port };
  const begin = (name, killed = false) => heard.push({ name, killed, statements: [] });
  const run = async (name, options, messages) => {
    begin(name);
    await runToEnd({ command, config: { ...throughGateway, ...options }, input: linesOf(messages) });
  };
  const killAt = async (name, statements, options, messages) => {
    begin(name, true);
    [holds, held] = [statements, 0];
    const isReached = () => held >= statements.length;
    const killed = { command, config: { ...throughGateway, ...options }, input: linesOf(messages), ended: true };
    await killWhen(killed, isReached);
    holds = [];
  };

  for (const { name, options, streams } of runs)
    await run(name, options, [...streams.flatMap(({ messages }) => messages), state]);
  await run(overwritten.name, overwritten.options, overwritten.messages);
  await killAt('killed before the swap', [/fast_forward/], overwritten.options, overwritten.later.messages);
  await killAt(
    'killed before two loads',
    [/fast_forward/, /publish_changes/],
    unpublished.options,
    unpublished.messages,
  );
  await killAt('killed with kept files', [/^INSERT|^MERGE/], { keep_staged_files: true }, few);
  begin('killed within an upload', true);
  const uploading = { ...throughGateway, stage_format: 'csv', no_compression: true };
  await killWhen({ command, config: uploading, input: long() }, async () => (await stage.uploads()).length > 0);

  const neutral = replacing([
    [schemas.other, '<other>'],
    [schemas.main, '<main>'],
    [lakehouse.s3.bucket, '<bucket>'],
  ]);
  // the prefix is named after the schema
  const withPrefix = replacing([[prefix, '<prefix>/']]);
  const place = (text) => neutral(withPrefix(text));
  await writeJson(
    join(into, 'statements.json'),
    heard.map((each) => bySession(each, place)),
    4,
  );
  const left = await stage.look();
  await keepObjects(stage.seen, left, into);
  await writeJson(join(into, 'stage.json'), { left, uploads: await stage.uploads() }, 2);
  await writeJson(join(into, 'contents.json'), await readContents(lakehouse, schemas));
  await writeJson(join(into, 'clean.json'), await found({ command, config }, place), 1);
}

/** A load that is large enough for a branch, and an append: both staged and written, neither of them seen. */
const unpublished = {
  options: { stream_load_methods: { log: 'append-only' } },
  messages: [
    schema({ stream: 'fleet', properties: { id: { type: 'integer' } }, keys: ['id'] }),
    ...records(
      'fleet',
      Array.from({ length: 10_000 }, (_, index) => ({ id: index + 1 })),
    ),
    schema({ stream: 'log', properties: { line: nullable('string') }, keys: ['line'] }),
    ...records('log', [{ line: 'never published' }]),
    state,
  ],
};

const few = [
  schema({ stream: 'kept', properties: { id: { type: 'integer' } }, keys: ['id'] }),
  ...records('kept', [{ id: 1 }]),
  state,
];

/** More than the two parts that an upload holds before it begins. */
function long() {
  const text = 'x'.repeat(2 ** 20);
  return linesOf([
    schema({ stream: 'long', properties: { id: { type: 'integer' }, text: nullable('string') }, keys: ['id'] }),
    ...records(
      'long',
      Array.from({ length: 20 }, (_, index) => ({ id: index + 1, text })),
    ),
  ]);
}

/** Sessions side by side, each of them in its order. */
function bySession({ name, killed, statements }, place) {
  const sessions = new Map();
  for (const { session, sql } of statements)
    sessions.set(session, [...(sessions.get(session) ?? []), ofNoSnapshot(place(sql))]);
  return { name, killed, sessions: [...sessions.values()] };
}

/** The snapshot has another number each time: it is the one that the table shows. */
const ofNoSnapshot = (sql) => sql.replace(/( AS OF VERSION )\d+$/, '$1<current>');

async function keepObjects(objects, left, into) {
  for (const [key, bytes] of objects) {
    const path = join(into, 'stage', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, key.endsWith('/heartbeat') ? neutralHeartbeat(bytes.toString()) : bytes);
  }
  const unknown = left.filter((key) => !objects.has(key));
  if (unknown.length > 0) throw new Error(`not looked at: ${unknown.join(', ')}`);
}

async function readContents(lakehouse, schemas) {
  const reader = await iometeReader(lakehouse, schemas.main);
  try {
    return await contentsOf('iomete', reader.query, schemas);
  } finally {
    await reader.close();
  }
}

async function dropOther(lakehouse, { other }) {
  const reader = await iometeReader(lakehouse, other);
  try {
    const tables = await reader.query(`SHOW TABLES IN \`${other}\``).catch(() => []);
    for (const [, table] of tables) await reader.query(`DROP TABLE \`${other}\`.\`${table}\` PURGE`);
    await reader.query(`DROP SCHEMA IF EXISTS \`${other}\` CASCADE`);
  } finally {
    await reader.close();
  }
}
