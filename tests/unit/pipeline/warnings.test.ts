import { describe, expect, it } from 'vitest';
import { Warnings } from '../../../src/pipeline/warnings.ts';
import { versionOf } from './parts.ts';

function warned(give: (warnings: Warnings) => void): string[] {
  const said: string[] = [];
  give(new Warnings({ info: () => {}, warn: (message) => said.push(message) }));
  return said;
}

it('a warning is given once for each stream', () => {
  const said = warned((warnings) => {
    for (const stream of ['a', 'b', 'a']) warnings.activateBeforeSchema(stream);
    warnings.activateAppendOnly('a');
  });
  expect(said).toEqual([
    'stream a: ACTIVATE_VERSION before its SCHEMA is ignored',
    'stream b: ACTIVATE_VERSION before its SCHEMA is ignored',
    'stream a: ACTIVATE_VERSION is ignored, because the stream is loaded append-only',
  ]);
});

it('what becomes of ACTIVATE_VERSION and of an overwrite is told', () => {
  const said = warned((warnings) => {
    warnings.activateWithoutMetadata('a');
    warnings.activateUnsupported('a');
    warnings.overwriteAbandoned('a');
  });
  expect(said).toEqual([
    'stream a: ACTIVATE_VERSION is ignored, because rows carry no version without "add_metadata_columns"',
    'stream a: ACTIVATE_VERSION is ignored, because the destination removes no rows',
    'stream a: it was not overwritten: its table keeps the rows that it had',
  ]);
});

describe('delete markers', () => {
  const of = (more: Parameters<typeof versionOf>[1]) =>
    warned((warnings) => warnings.deleteMarkers(versionOf('a', more)));

  it.each([
    [
      { loadMethod: 'append-only', deletes: 'soft', keys: [] } as const,
      'delete markers are appended as rows, because the stream is loaded append-only',
    ],
    [
      { deletes: 'ignore' } as const,
      'rows that the source has deleted are kept, because neither "hard_delete" nor "add_metadata_columns" is set',
    ],
    [
      { deletes: 'soft', keys: [] } as const,
      'delete markers are appended as rows, because the stream has no key properties',
    ],
  ])('that delete nothing are told, with the reason: %j', (more, message) => {
    expect(of(more)).toEqual([`stream a: ${message}`]);
  });

  it('that delete are not told', () => {
    expect(of({ deletes: 'hard' })).toEqual([]);
    expect(of({ deletes: 'soft' })).toEqual([]);
  });
});

it.each([
  [{}, 'no columns, and no record was loaded: no table is made'],
  [{ awaitedKeys: ['i"d'] }, 'no columns, or none for its key "i\\"d", and no record was loaded: no table is made'],
  [
    { loadMethod: 'overwrite' } as const,
    'no columns, and no record was loaded: no table is made, and one that exists is emptied',
  ],
])('a stream without columns is told at the end: %j', (more, message) => {
  expect(warned((warnings) => warnings.columnless(versionOf('a', more)))).toEqual([
    `stream a: its SCHEMA declares ${message}`,
  ]);
});
