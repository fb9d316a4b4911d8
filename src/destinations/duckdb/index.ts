// A DuckDB file as a destination: opens the file for a run, and finds what killed runs have left.
import { folderOrphans } from '../../stage/folder-orphans.ts';
import type { FolderStage } from '../../stage/folder-stage.ts';
import { removedAtOnce } from '../../stage/orphan.ts';
import { shortRunId } from '../../stage/run-id.ts';
import type { DestinationModule, RunInfo } from '../destination.ts';
import { schemasOf, type TargetSchemaOptions } from '../staged/schemas-of.ts';
import { folderFormat, folderStages, type S3Options, type StageOptions, type Stages } from '../staged/stage-options.ts';
import { stagedDestination } from '../staged/staged-destination.ts';
import { type DuckdbSettings, formerSpillPrefix, spillFolder } from './database.ts';
import { duckdbOrphans } from './orphans.ts';
import { duckdbPlanner } from './planner.ts';
import { rememberFile } from './remember.ts';
import { duckdbTables } from './tables.ts';
import { duckdbWarehouse } from './warehouse.ts';

export interface DuckdbModuleOptions extends StageOptions, S3Options, TargetSchemaOptions {
  readonly duckdb_path: string;
  readonly duckdb_memory_limit: string;
  readonly overwrite_min_rows_percent: number;
}

export const duckdb: DestinationModule<DuckdbModuleOptions> = {
  name: 'duckdb',

  open(options, run) {
    const stages = folderStages(options, run);
    const settings = {
      ...databaseOf(options, stages, run),
      runId: shortRunId(run.runId),
      overwriteMinPercent: options.overwrite_min_rows_percent,
    };
    const warehouse = duckdbWarehouse(settings, run.log);
    return stagedDestination({ warehouse, format: folderFormat(options), ...stages });
  },

  remember: (options, schemas) => rememberFile(options.duckdb_path, schemas),

  planner: async (options, run) => {
    const stages = folderStages(options, run);
    try {
      // says that somebody is at work here, so that `clean` leaves the folder alone
      await stages.stage.check();
      const planner = await duckdbPlanner(databaseOf(options, stages, run), run.log);
      const close = async () => {
        await planner.close();
        await stages.stage.close();
      };
      return { ...planner, close };
    } catch (error) {
      await stages.stage.close();
      throw error;
    }
  },

  tables: (options, drop) => duckdbTables(options.duckdb_path, drop),

  async orphans(options, remove) {
    const staged = await folderOrphans({ folder: options.temp_dir, spillFolder, formerSpillPrefix });
    const file = await duckdbOrphans({ path: options.duckdb_path, schemas: schemasOf(options), remove });
    return {
      steps: [
        { things: file.things, atOnce: 1 },
        { things: staged.things, atOnce: removedAtOnce },
        // one at a time: the heartbeat of a run goes before the folder that holds it
        { things: staged.last, atOnce: 1 },
      ],
      skipped: [...staged.skipped, ...file.skipped],
      close: async () => file.close(),
    };
  },
};

const databaseOf = (options: DuckdbModuleOptions, { stage }: Stages<FolderStage>, run: RunInfo): DuckdbSettings => ({
  path: options.duckdb_path,
  memoryLimit: options.duckdb_memory_limit,
  spillPath: () => stage.pathFor(spillFolder),
  syncStartedAtMs: run.startedAtMs,
});
