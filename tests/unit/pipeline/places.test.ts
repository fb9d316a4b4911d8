// Where the rows of a stream go: one line for each stream and place.
import { expect, it } from 'vitest';
import type { Destination } from '../../../src/destinations/destination.ts';
import { Places } from '../../../src/pipeline/places.ts';
import { versionOf } from './parts.ts';

function told(streams: readonly string[], placeOf: Destination['placeOf']): string[] {
  const said: string[] = [];
  const places = new Places({ placeOf } as Destination, { info: (line) => said.push(line), warn: () => {} });
  for (const stream of streams) places.tell(versionOf(stream));
  return said;
}

it('is told once, however often its table is prepared', () => {
  expect(told(['a', 'b', 'a'], ({ stream }) => `main.${stream}`)).toEqual(['a goes into main.a', 'b goes into main.b']);
});

it('is told anew when the place is another one', () => {
  let tables = 0;
  expect(told(['a', 'a'], () => `main.t${++tables}`)).toEqual(['a goes into main.t1', 'a goes into main.t2']);
});

it('is not told by a destination that has no places, or none for the stream', () => {
  expect(told(['a'], undefined)).toEqual([]);
  expect(told(['a'], () => undefined as unknown as string)).toEqual([]);
});
