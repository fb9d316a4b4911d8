// A stage in memory and a destination whose loads end when the test says so: for orders of events that a real warehouse can't be
// made to show.
import type { Load, ParquetLoad } from '../../src/destinations/destination.ts';
import type { OverwriteLoader, TableLoader, Warehouse } from '../../src/destinations/staged/warehouse.ts';
import type { StagedFile, StagedFileWriter } from '../../src/formats/staged-file.ts';
import type { TableName } from '../../src/schema/model.ts';
import type { Stage } from '../../src/stage/store.ts';

export interface PendingLoad {
  readonly stream: string;
  readonly kind: 'load' | 'parquet' | 'activate' | 'complete';
  readonly rows: number;
  readonly load?: Load;
  readonly parquet?: ParquetLoad;
  commit(): void;
  refuse(error: Error): void;
}

export class ScriptedDestination implements Warehouse {
  readonly name = 'scripted';
  /** A test may set them before the first load. */
  readonly pace = { maxLoadRows: 1000, maxLoadValues: Number.POSITIVE_INFINITY, coalesceMs: 0 };
  /** Loads begun and not ended, in the order of their beginning. */
  readonly pending: PendingLoad[] = [];
  readonly prepared: string[] = [];
  private readonly automatic: boolean;
  readonly committed: Load[] = [];
  /** Streams whose new rows are those of their tables. */
  readonly overwritten: string[] = [];
  /** Streams whose new rows were thrown away. */
  readonly abandoned: string[] = [];

  constructor(automatic = false, coalesceMs = 0) {
    this.automatic = automatic;
    this.pace.coalesceMs = coalesceMs;
  }

  async connect(): Promise<void> {}
  async close(): Promise<void> {}

  placeOf({ schema, table }: TableName): string {
    return `${schema}.${table} in the test`;
  }

  openTable(stream: string): TableLoader {
    return {
      prepare: async (version) => {
        this.prepared.push(`${stream}#${version.id}`);
        return undefined;
      },
      load: async (load) => {
        await this.begin({ stream, kind: 'load', rows: load.rows, load });
        this.committed.push(load);
        return { inexact: new Map(), deduplicated: 0, deleted: 0 };
      },
      loadParquet: async (parquet) => {
        await this.begin({ stream, kind: 'parquet', rows: 0, parquet });
        const counts = { rows: parquet.files.length, hasDeletes: false, deduplicated: 0, deleted: 0 };
        return { ...counts, discarded: new Map(), inexact: new Map() };
      },
      activateVersion: () => this.begin({ stream, kind: 'activate', rows: 0 }),
      close: async () => {},
    };
  }

  openOverwrite(stream: string): OverwriteLoader {
    return {
      ...this.openTable(stream),
      complete: async () => {
        await this.begin({ stream, kind: 'complete', rows: 0 });
        this.overwritten.push(stream);
        return new Map();
      },
      close: async () => {
        if (!this.overwritten.includes(stream)) this.abandoned.push(stream);
      },
    };
  }

  private begin(what: Pick<PendingLoad, 'stream' | 'kind' | 'rows' | 'load' | 'parquet'>): Promise<void> {
    if (this.automatic) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = () => this.pending.splice(this.pending.indexOf(entry), 1);
      const entry: PendingLoad = {
        ...what,
        commit: () => {
          end();
          resolve();
        },
        refuse: (error) => {
          end();
          reject(error);
        },
      };
      this.pending.push(entry);
    });
  }
}

export class MemoryStage implements Stage {
  readonly files = new Map<string, Buffer>();
  readonly removed: string[] = [];
  private count = 0;

  async check(): Promise<void> {}
  async close(): Promise<void> {}

  create(name: string): StagedFileWriter {
    const key = `${name}-${this.count++}`;
    const chunks: Uint8Array[] = [];
    return {
      get bufferedBytes() {
        return 0;
      },
      write: async (bytes) => {
        chunks.push(new Uint8Array(bytes));
      },
      close: async () => {
        const content = Buffer.concat(chunks);
        this.files.set(key, content);
        return { location: key, key, bytes: content.length };
      },
      abort: async () => {},
    };
  }

  async remove(files: readonly StagedFile[]): Promise<void> {
    for (const { key } of files) {
      this.files.delete(key);
      this.removed.push(key);
    }
  }
}
