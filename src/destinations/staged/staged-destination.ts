// A warehouse and a stage → a destination: rows become staged files, and a load reads them.
import type { RowFormat } from '../../formats/format.ts';
import { rowsFile } from '../../formats/registry.ts';
import type { RowsFile } from '../../formats/rows-file.ts';
import type { StagedFile } from '../../formats/staged-file.ts';
import type { BatchFiles } from '../../input/batch-files.ts';
import type { LoadMethod, StreamVersion } from '../../schema/model.ts';
import type { Stage } from '../../stage/store.ts';
import type { Destination, InexactCounts, Load, LoadOutcome, ParquetLoad, StreamSink } from '../destination.ts';
import type { OverwriteLoader, TableLoader, Warehouse } from './warehouse.ts';

export interface StagedParts {
  readonly warehouse: Warehouse;
  readonly format: RowFormat;
  /** Where files lie until they are loaded. */
  readonly stage: Stage;
  readonly deadLetters: Stage;
  readonly files: BatchFiles;
}

export function stagedDestination({ warehouse, format, stage, deadLetters, files }: StagedParts): Destination {
  return {
    format,
    pace: warehouse.pace,
    deadLetters,
    files,
    connect: async () => {
      await Promise.all([stage.check(), warehouse.connect()]);
    },
    placeOf: ({ table }) => warehouse.placeOf(table),
    openStream: (stream: string, method: LoadMethod) =>
      method === 'overwrite'
        ? new OverwriteSink(warehouse.openOverwrite(stream), stage, format)
        : new StagedSink(warehouse.openTable(stream), stage, format),
    close: async () => {
      // A warehouse may have temporary files in the stage's folder: nobody writes there when the stage removes it.
      await Promise.allSettled([warehouse.close()]);
      await Promise.allSettled([stage.close(), deadLetters.close(), files.close()]);
    },
  };
}

class StagedSink implements StreamSink {
  private readonly loader: TableLoader;
  private readonly stage: Stage;
  private readonly format: RowFormat;
  private readonly removals = new Set<Promise<void>>();

  constructor(loader: TableLoader, stage: Stage, format: RowFormat) {
    this.loader = loader;
    this.stage = stage;
    this.format = format;
  }

  prepare(version: StreamVersion) {
    return this.loader.prepare(version);
  }

  create(version: StreamVersion): RowsFile {
    return rowsFile(this.format, version, this.stage.create(version.stream));
  }

  async commit(load: Load): Promise<LoadOutcome> {
    const outcome = await this.loader.load(load);
    // after a load that failed nobody knows whether the warehouse still reads them: the stage removes them when it closes
    this.drop(load.files);
    return outcome;
  }

  /** Nobody waits for the removal but `close`. */
  drop(files: readonly StagedFile[]): void {
    if (files.length === 0) return;
    const removal = this.stage.remove(files).finally(() => this.removals.delete(removal));
    this.removals.add(removal);
  }

  commitFiles(load: ParquetLoad) {
    return this.loader.loadParquet(load);
  }

  expire(version: StreamVersion, below: bigint): Promise<void> {
    return this.loader.activateVersion(version, below);
  }

  async close(): Promise<void> {
    await Promise.all(this.removals);
    await this.loader.close();
  }
}

class OverwriteSink extends StagedSink {
  private readonly overwrite: OverwriteLoader;

  constructor(overwrite: OverwriteLoader, stage: Stage, format: RowFormat) {
    super(overwrite, stage, format);
    this.overwrite = overwrite;
  }

  complete(): Promise<InexactCounts> {
    return this.overwrite.complete();
  }
}
