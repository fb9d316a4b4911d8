#!/usr/bin/env node
// A tap that goes on from its state, as strict about the state's file as real ones are. RESUMING_TAP says how the run ends:
//   well      ten more rows, and a state that covers them
//   dead      an exit code at once, and no message
//   changed   the same with a column more
//   half-way  a state after five rows, then three more rows, and the end within a line
import { readFileSync } from 'node:fs';

const at = process.argv.indexOf('--state');
const { bookmarks = {} } = JSON.parse(readFileSync(process.argv[at + 1], 'utf8'));
const done = bookmarks.items?.id ?? 0;
const how = process.env.RESUMING_TAP ?? 'well';
if (how === 'dead') process.exit(1);

const line = (message) => `${JSON.stringify(message)}\n`;
const properties = { id: { type: 'integer' }, ...(how === 'changed' ? { more: { type: 'string' } } : {}) };
const rows = (from, to) =>
  Array.from({ length: to - from }, (_, index) =>
    line({ type: 'RECORD', stream: 'items', record: { id: from + index + 1 } }),
  ).join('');
const state = (id) => line({ type: 'STATE', value: { bookmarks: { items: { id } } } });
const schema = line({ type: 'SCHEMA', stream: 'items', schema: { properties }, key_properties: ['id'] });
if (how !== 'half-way') process.stdout.write(schema + rows(done, done + 10) + state(done + 10));
else {
  const whole = schema + rows(done, done + 5) + state(done + 5) + rows(done + 5, done + 8);
  process.stdout.write(`${whole}{"type":"RECORD","str`, () => process.exit(1));
}
