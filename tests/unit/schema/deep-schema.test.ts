import { describe, expect, it } from 'vitest';
import { TargetError } from '../../../src/errors/target-error.ts';
import { Streams } from '../../../src/pipeline/streams.ts';
import { type StreamVersionOptions, streamVersion } from '../../../src/schema/stream-version.ts';

const DEPTH = 50_000;
const nested = (open: string, close: string) => JSON.parse(open.repeat(DEPTH) + close.repeat(DEPTH)) as unknown;
const objects = () =>
  JSON.parse(`${'{"type":"object","properties":{"a":'.repeat(DEPTH)}{}${'}}'.repeat(DEPTH)}`) as unknown;

/** Taken or refused: the stack must not decide. */
function take(property: unknown, more: Partial<StreamVersionOptions>): string {
  const options = {
    defaultTargetSchema: 'main',
    schemaMapping: undefined,
    catalog: undefined,
    addMetadataColumns: false,
    hardDelete: false,
    loadMethod: 'upsert',
    streamLoadMethods: undefined,
    flattenMaxLevel: 0,
    primaryKeyRequired: false,
    validateRecords: false,
    ...more,
  } as StreamVersionOptions;
  const streams = new Streams((message, id, known) => streamVersion(message, options, id, known));
  const message = {
    stream: 'deep',
    schema: { type: 'object', properties: { id: { type: 'integer' }, deep: property } },
    key_properties: ['id'],
  };
  try {
    streams.take(message);
    streams.take(message);
    return 'taken';
  } catch (error) {
    if (error instanceof TargetError) return error.code;
    throw error;
  }
}

describe('a SCHEMA that is nested deeper than any stack', () => {
  const modes: [string, Partial<StreamVersionOptions>][] = [
    ['as JSON', {}],
    ['flattened', { flattenMaxLevel: 1_000_000 }],
    ['as structs', { nestedColumns: 'struct' }],
    ['validated', { validateRecords: true }],
    ['with undeclared fields', { undeclaredFields: 'add' }],
  ];
  for (const [mode, options] of modes)
    for (const [what, property] of [
      ['lists', () => nested('[', ']')],
      ['enum', () => ({ enum: [nested('[', ']')] })],
      ['objects', objects],
      ['anyOf', () => JSON.parse(`${'{"anyOf":['.repeat(DEPTH)}{}${']}'.repeat(DEPTH)}`)],
      ['items', () => JSON.parse(`${'{"type":"array","items":'.repeat(DEPTH)}{}${'}'.repeat(DEPTH)}`)],
    ] as const)
      it(`is taken or refused ${mode}: ${what}`, () => {
        expect(['taken', 'INPUT_SCHEMA_INVALID']).toContain(take(property(), options));
      });
});
