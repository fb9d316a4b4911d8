// The streams of a recording: what first fills the tables, what is sent again, and what comes new.
//
// Every type of docs/types.md is among them, and every kind of name of docs/names.md that a table remembers.
import { columnRun } from './column-streams.mjs';
import { rowRuns } from './row-streams.mjs';

/**
 * @typedef {object} Run one run of the command
 * @property {string} name
 * @property {object} options of the command, beside those of the destination
 * @property {readonly StreamOfRun[]} streams
 *
 * @typedef {object} StreamOfRun
 * @property {string} table `main.orders`: the schema's role, and the table
 * @property {readonly object[]} messages the first run
 * @property {readonly object[]} again messages of a later run, with the schema as it was last
 * @property {Copy} copy what `again` adds: a row like another, but for some columns
 * @property {readonly Record<string, string>[]} [gone] rows that `again` deletes
 * @property {Onward} [onward] a run with a new schema
 *
 * @typedef {object} Copy columns and their values as text: `of` finds a row, `as` makes the other of it
 * @property {Record<string, string>} of
 * @property {Record<string, string | null | Types>} as
 *
 * @typedef {object} Onward
 * @property {readonly object[]} messages with one row that is there already
 * @property {readonly [name: string, types: Types, comment: string | null][]} added
 * @property {readonly [name: string, types: Types][]} widened
 * @property {Copy} row as that row is then
 *
 * @typedef {{ readonly duckdb: string, readonly iomete: string }} Types where they differ
 */

/** Of the source schema `shop`; all other streams have no schema in their names. */
export const otherSchema = 'shop';

/** @type {readonly Run[]} */
export const runs = [columnRun, ...rowRuns];

/** What a table holds that was overwritten once, and what a later overwrite puts in place of that. */
export const overwritten = {
  name: 'overwrite',
  options: { load_method: 'overwrite' },
  messages: boats(['skiff', 'yawl']),
  later: { messages: boats(['brig', 'cog', 'dhow']), rows: ['brig', 'cog', 'dhow'] },
};

function boats(names) {
  const properties = { id: { type: 'integer' }, name: { type: ['null', 'string'] } };
  return [
    { type: 'SCHEMA', stream: 'boats', schema: { type: 'object', properties }, key_properties: ['id'] },
    ...names.map((name, index) => ({ type: 'RECORD', stream: 'boats', record: { id: index + 1, name } })),
    { type: 'STATE', value: { boats: names.length } },
  ];
}

export const state = { type: 'STATE', value: { done: true } };
