// Staged Parquet files as Spark reads them: the same rows as the CSV files of the same lines hold.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createViewStatement } from '../../../../src/destinations/iomete/staged-view.ts';
import type { RowFormat } from '../../../../src/formats/format.ts';
import { stagedLayout, stagedName } from '../../../../src/formats/layout.ts';
import { describeLakehouse } from '../../../setup/lakehouse.ts';
import { generatedFile, type HostileFile, hostileFiles } from '../../../support/hostile-files.ts';
import { stagedBytes } from '../../../support/staged-bytes.ts';
import { type Lake, openLake } from './lake.ts';

const csv: RowFormat = { format: 'csv', compression: 'none' };

describeLakehouse('a staged Parquet file', (details) => {
  let lake: Lake;
  let files = 0;
  beforeAll(async () => {
    lake = await openLake(details, 'parquet');
  });
  afterAll(() => lake.close());

  /** A view over two files of the lines, when there are enough of them. */
  async function viewOf(form: RowFormat, { version, lines }: HostileFile): Promise<string> {
    const view = `staged_${++files}`;
    const half = Math.ceil(lines.length / 2);
    const staged = await Promise.all(
      [lines.slice(0, half), lines.slice(half)].map(async (part, i) =>
        lake.put(await stagedBytes(form, version, part), `${view},${i}.${form.format}`),
      ),
    );
    await lake.sql(createViewStatement(view, stagedLayout(version), staged));
    return view;
  }

  /** As one number, in which every value of every row counts, as text: the two zeros of a DOUBLE are equal, but not the same. */
  async function contentOf(view: string, { version }: HostileFile) {
    const texts = stagedLayout(version).map(
      (_, position) => `coalesce(concat('=', CAST(${stagedName(position)} AS STRING)), 'NULL')`,
    );
    const [row] = await lake.sql(
      `SELECT count(*) AS row_count, CAST(sum(CAST(xxhash64(${texts.join(', ')}) AS DECIMAL(38,0))) AS STRING) AS digest FROM ${view}`,
    );
    return row!;
  }

  async function expectSameRows(file: HostileFile, compression: RowFormat['compression']): Promise<void> {
    const [asCsv, asParquet] = [await viewOf(csv, file), await viewOf({ format: 'parquet', compression }, file)];
    // lines of the generated files have their offset in the file as their order: both formats have the same
    const content = await contentOf(asParquet, file);
    expect(content).toEqual(await contentOf(asCsv, file));
    expect(Number(content.row_count)).toBe(file.lines.length);
  }

  it.each(['gzip', 'none'] as const)('holds the rows that the CSV file holds, %s', async (compression) => {
    await fc.assert(
      fc.asyncProperty(generatedFile, async (file) => {
        fc.pre(
          await stagedBytes(csv, file.version, file.lines).then(
            () => true,
            () => false,
          ),
        );
        await expectSameRows(file, compression);
      }),
      { numRuns: 12 },
    );
  });

  it.each(hostileFiles.map((make) => [make.name, make] as const))('of %s, too', async (_, make) => {
    await expectSameRows(make(), 'gzip');
  });

  it('of which bytes are missing is an error', async () => {
    const file: HostileFile = { ...hostileFiles[0]!(), lines: hostileFiles[0]!().lines.slice(0, 10_000) };
    const bytes = await stagedBytes({ format: 'parquet', compression: 'gzip' }, file.version, file.lines);
    const torn = Buffer.concat([bytes.subarray(0, 4), bytes.subarray(4 + 4096)]);
    for (const damaged of [torn, bytes.subarray(0, bytes.length - 100)]) {
      const staged = await lake.put(damaged, `torn ${++files}.parquet`);
      const reading = async () => {
        await lake.sql(createViewStatement('torn', stagedLayout(file.version), [staged]));
        await contentOf('torn', file);
      };
      await expect(reading()).rejects.toThrow();
    }
  });
});
