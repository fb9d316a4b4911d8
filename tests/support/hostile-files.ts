// Stream versions and lines that a staged file of any format has to carry, and that a reader may stumble over.
import fc from 'fast-check';
import type { StreamVersion } from '../../src/schema/model.ts';
import { column, version } from '../unit/encode/encoder-input.ts';
import { lineOf, streamVersions } from '../unit/encode/generated-input.ts';

export interface HostileFile {
  readonly name: string;
  readonly version: StreamVersion;
  readonly lines: readonly string[];
}

const line = (record: object | string) =>
  `{"type":"RECORD","stream":"orders","record":${typeof record === 'string' ? record : JSON.stringify(record)}}`;

/** More than one row group has, with every kind of column; NULL here and there, and nothing else for a whole page. */
function manyRows(): HostileFile {
  const kinds = ['bigint', 'string', 'boolean', 'double', 'timestamp', 'date', 'json'] as const;
  const columns = [
    ...kinds.map((kind) => column(kind, kind)),
    column('dec', { kind: 'decimal', precision: 30, scale: 5 }),
  ];
  const lines = Array.from({ length: 140_000 }, (_, n) => {
    const day = new Date(n * 3_600_000).toISOString();
    return line({
      bigint: n * 1e9,
      ...(n % 3 === 0 ? {} : { string: n % 5 === 0 ? null : `row ${n}` }),
      boolean: n % 7 === 0,
      double: n / 7,
      timestamp: day,
      date: day.slice(0, 10),
      json: n > 50_000 && n < 60_000 ? null : [n],
      dec: n % 2 === 0 ? `-${n}123456789012345678.5` : n,
    });
  });
  return { name: '140,000 rows', version: version({ columns, keys: [0] }), lines };
}

function thousandColumns(): HostileFile {
  const columns = Array.from({ length: 1000 }, (_, i) => column(`c${i}`, i % 2 === 0 ? 'string' : 'bigint'));
  const lines = Array.from({ length: 3000 }, (_, n) =>
    line(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`c${(n * 20 + i) % 1000}`, i % 2 === 0 ? `v${n}` : n])),
    ),
  );
  return { name: '1,000 columns, most of them absent', version: version({ columns, keys: [] }), lines };
}

function largeFields(): HostileFile {
  const text = (n: number) => `${'\u0000\n"é,𝄞'.repeat(1_500_000)}${n}`;
  return {
    name: 'fields of 16 MB',
    version: version(),
    lines: [0, 1, 2, 3, 4].map((id) => line({ id, name: text(id) })),
  };
}

const noRows = (): HostileFile => ({
  name: 'no rows',
  version: version({ metadata: true, deletes: 'soft' }),
  lines: [],
});

export const hostileFiles: readonly (() => HostileFile)[] = [manyRows, thousandColumns, largeFields, noRows];

/** Lines that the encoder takes: at least a few of every type. */
export const generatedFile: fc.Arbitrary<HostileFile> = streamVersions.chain(([first]) =>
  fc
    .array(lineOf(first!), { minLength: 1, maxLength: 40 })
    .map((lines) => ({ name: 'generated', version: { ...first!, id: 0 }, lines })),
);
