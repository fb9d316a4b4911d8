// Names are data where a tap sends maps, and may be as long as a line: what is kept of them is bounded.
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../src/errors/report.ts';
import { TargetError } from '../../../src/errors/target-error.ts';
import { streamVersion } from '../../../src/schema/stream-version.ts';
import { chunk, dataOf, encode, line, version } from './encoder-input.ts';

const long = (letter: string, length = 100_000) => letter.repeat(length);

describe('long keys that no column takes', () => {
  const records = (...keys: readonly string[]) =>
    keys.map((key, id) => line(`{"id":${id},${JSON.stringify(key)}:1,"name":"n"}`)).join('');

  it.each(['always', 'never'] as const)(
    'are counted by their beginning, each as one field (row loop: %s)',
    (rowLoop) => {
      const keys = [long('a'), long('b'), long('a'), 'short', long('a', 100_001)];
      const [result] = encode([version()], chunk(records(...keys)), 100, 'csv', rowLoop);
      const [segment] = result!.segments;
      const counts = segment!.ignored.map(({ name, count }) => [name.slice(0, 12), name.length < 260, count]);
      expect(counts).toEqual([
        ['aaaaaaaaaaaa', true, 2],
        ['bbbbbbbbbbbb', true, 1],
        ['short', true, 1],
        ['aaaaaaaaaaaa', true, 1],
      ]);
      expect(dataOf([segment!])).toEqual(keys.map((_, id) => [String(id), "'n'"]));
    },
  );
});

describe('messages', () => {
  it('cut long names of streams and columns', () => {
    const text = describeError(new TargetError('LOAD_FAILED', 'no', { stream: long('s'), column: long('c') }));
    expect(text.length).toBeLessThan(1000);
    expect(text).toContain(`stream "${long('s', 200)}… (100000 characters, `);
  });
});

it('a stream whose name is longer than any file or table may be called is refused', () => {
  const options = {
    ...{ defaultTargetSchema: 's', addMetadataColumns: false, hardDelete: false, flattenMaxLevel: 0 },
    ...{ primaryKeyRequired: false, validateRecords: false },
  };
  const declaration = (stream: string) => ({ stream, schema: { properties: { id: { type: 'integer' } } } });
  expect(streamVersion(declaration(long('s', 1024)), options, 0).stream).toHaveLength(1024);
  expect(() => streamVersion(declaration(long('s', 1025)), options, 0)).toThrow(
    expect.objectContaining({
      code: 'INPUT_SCHEMA_INVALID',
      message: 'the name of the stream has 1025 characters, of at most 1024',
    }),
  );
});
