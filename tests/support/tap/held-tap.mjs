// A tap that is hard to hold: many streams by turns, very wide rows, or schemas that never come to rest. No randomness:
// every value follows from its row, so that what must be in the tables is known without keeping it.
//
//   node held-tap.mjs streams --streams 64 --rows 1000     so many rows of each stream, by turns
//   node held-tap.mjs wide --columns 1000 --rows 1000
//   node held-tap.mjs schemas --streams 100 --changes 10000   each SCHEMA adds a column to one of the streams, by turns
//   node held-tap.mjs turns --changes 10000                   one stream, of whose columns each SCHEMA names another few
import { parseArgs } from 'node:util';
import { flush, put } from './output.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', default: '64' },
    rows: { type: 'string', default: '1000' },
    columns: { type: 'string', default: '1000' },
    changes: { type: 'string', default: '10000' },
  },
});
const [streams, rows, columns, changes] = [values.streams, values.rows, values.columns, values.changes].map(Number);
const STATE_EVERY = 1_000;
const TURN_COLUMNS = 50;

const schema = (stream, properties) =>
  put(
    `${JSON.stringify({ type: 'SCHEMA', stream, schema: { type: 'object', properties }, key_properties: ['id'] })}\n`,
  );
const record = (stream, members) => put(`{"type":"RECORD","stream":"${stream}","record":{${members}}}\n`);
const state = (done) => put(`{"type":"STATE","value":{"done":${done}}}\n`);

const integer = { type: ['null', 'integer'] };
const text = { type: ['null', 'string'] };

const kinds = {
  async streams() {
    for (let s = 0; s < streams; s++) await schema(`s${s}`, { id: integer, n: integer, text });
    for (let id = 1, done = 0; id <= rows; id++)
      for (let s = 0; s < streams; s++) {
        await record(`s${s}`, `"id":${id},"n":${id * s},"text":"row ${id} of ${s}, \\"quoted\\""`);
        if (++done % STATE_EVERY === 0) await state(done);
      }
  },
  async wide() {
    const names = Array.from({ length: columns }, (_, c) => `c${c}`);
    await schema('wide', {
      id: integer,
      ...Object.fromEntries(names.map((name, c) => [name, c % 2 ? text : integer])),
    });
    for (let id = 1; id <= rows; id++) {
      await record(
        'wide',
        [`"id":${id}`, ...names.map((name, c) => `"${name}":${c % 2 ? `"t${id + c}"` : id + c}`)].join(),
      );
      if (id % STATE_EVERY === 0) await state(id);
    }
  },
  async schemas() {
    const own = Array.from({ length: streams }, () => ({ id: integer }));
    for (let change = 0; change < changes; change++) {
      const s = change % streams;
      const turn = Math.floor(change / streams);
      own[s][`c${turn}`] = turn % 2 ? text : integer;
      await schema(`s${s}`, own[s]);
      await record(`s${s}`, `"id":${turn},"c${turn}":${turn % 2 ? `"t${turn}"` : turn}`);
      if (change % STATE_EVERY === 0) await state(change + 1);
    }
  },
  async turns() {
    for (let change = 0; change < changes; change++) {
      const c = change % TURN_COLUMNS;
      await schema('turns', { id: integer, [`c${c}`]: integer });
      await record('turns', `"id":${change},"c${c}":${change}`);
      if (change % STATE_EVERY === 0) await state(change + 1);
    }
  },
};

await kinds[positionals[0]]();
await state('"all"');
await flush();
