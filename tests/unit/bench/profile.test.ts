import { expect, it } from 'vitest';
import { modulesByLine, sharesOf } from '../../../bench/parts/profile.mjs';

const bundle = [
  'import "node:fs";',
  '// dist/input/input.js',
  'function read() {}',
  '// dist/formats/csv/csv-rows.js',
  'x',
];

it('each line of a bundle is of the module that is named before it', () => {
  const input = '/dist/input/input.js';
  const rows = '/dist/formats/csv/csv-rows.js';
  expect(modulesByLine(bundle.join('\n'))).toEqual([undefined, input, input, rows, rows]);
});

it('time is shared out by what the functions of a module are for', () => {
  const frame = (id: number, functionName: string, lineNumber: number, url = 'file:///dist/bench/front.js') => ({
    id,
    callFrame: { functionName, lineNumber, url },
  });
  const profile = {
    nodes: [frame(1, 'read', 2), frame(2, 'write', 4), frame(3, '(idle)', -1, ''), frame(4, '', 0, 'wasm://1')],
    samples: [1, 2, 3, 4],
    timeDeltas: [30, 20, 1000, 50],
  };
  const modules = modulesByLine(bundle.join('\n'));
  const shares = sharesOf(
    [profile],
    new Map([['wasm://1', 'rows']]),
    ({ lineNumber, url }) => modules[lineNumber] ?? url,
  );
  expect(shares).toEqual([
    { part: 'rows', share: 0.5 },
    { part: 'framing: lines, messages', share: 0.3 },
    { part: 'encoders in TypeScript', share: 0.2 },
  ]);
});
