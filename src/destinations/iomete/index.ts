// An iomete lakehouse as a destination: opens the lakehouse for a run, and finds what killed runs have left.
import type { Log } from '../../errors/log.ts';
import { removedAtOnce } from '../../stage/orphan.ts';
import { shortRunId } from '../../stage/run-id.ts';
import { s3Orphans } from '../../stage/s3-orphans.ts';
import { s3Proofs } from '../../stage/s3-proofs.ts';
import type { DestinationModule, Orphans } from '../destination.ts';
import { schemasOf, type TargetSchemaOptions } from '../staged/schemas-of.ts';
import {
  type BucketOptions,
  bucketOf,
  type StageOptions,
  s3Connection,
  s3Format,
  s3Stages,
} from '../staged/stage-options.ts';
import { stagedDestination } from '../staged/staged-destination.ts';
import { connectionPath, type PathOptions } from './connection-path.ts';
import { lakehouseOrphans } from './orphans.ts';
import { lakehousePlanner } from './planner.ts';
import { rememberLakehouse } from './remember.ts';
import { lakehouseTables } from './tables.ts';
import { type IometeSettings, iometeWarehouse } from './warehouse.ts';

export interface IometeModuleOptions extends StageOptions, BucketOptions, TargetSchemaOptions, PathOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls_ca_file?: string | undefined;
  readonly tls_verify: boolean;
  readonly startup_wait_seconds: number;
  readonly database: string;
  readonly catalog: string;
  readonly overwrite_min_rows_percent: number;
}

export const iomete: DestinationModule<IometeModuleOptions> = {
  name: 'iomete',

  open(options, run) {
    const settings = {
      ...connectionOf(options),
      syncStartedAtMs: run.startedAtMs,
      runId: shortRunId(run.runId),
      overwriteMinPercent: options.overwrite_min_rows_percent,
    };
    const warehouse = iometeWarehouse(settings, run.log);
    return stagedDestination({ warehouse, format: s3Format(options), ...s3Stages(options, run) });
  },

  proofs: (options, { log }) =>
    s3Proofs({ ...bucketOf(options), secrets: log.secrets }, (message) => log.warn(message)),

  remember: (options, schemas, log) => rememberLakehouse(connectionOf(options), schemas, log),

  planner: (options, { log }) => lakehousePlanner(connectionOf(options), log),

  tables: (options, _drop, log) => lakehouseTables(connectionOf(options), log),

  async orphans(options, _remove, log) {
    const bucket = { bucket: options.s3_bucket, keyPrefix: options.s3_key_prefix, secrets: log.secrets };
    const staged = await s3Orphans({ ...s3Connection(options), ...bucket }, (message) => log.warn(message));
    try {
      const tables = await tablesOf(options, staged.deadRuns, log);
      return {
        steps: [
          { things: tables.things, atOnce: 1 },
          { things: staged.things, atOnce: removedAtOnce },
          { things: staged.last, atOnce: removedAtOnce },
        ],
        skipped: [...staged.skipped, ...tables.skipped],
        close: async () => {
          await tables.close();
          staged.close();
        },
      } satisfies Orphans;
    } catch (error) {
      staged.close();
      throw error;
    }
  },
};

/** The lakehouse is asked only when there was a run that may have left something there. */
async function tablesOf(options: IometeModuleOptions, deadRuns: ReadonlySet<string>, log: Log) {
  if (deadRuns.size === 0) return { things: [], skipped: [], close: async () => {} };
  const byShortId = new Map([...deadRuns].map((runId) => [shortRunId(runId), runId]));
  const settings = { ...connectionOf(options), schemas: schemasOf(options), deadRuns: byShortId };
  return lakehouseOrphans(settings, log);
}

/** How the lakehouse is called. */
const connectionOf = (options: IometeModuleOptions): Omit<IometeSettings, 'syncStartedAtMs'> => ({
  host: options.host,
  port: options.port,
  httpPath: connectionPath(options),
  user: options.user,
  password: options.password,
  tlsCaFile: options.tls_ca_file,
  tlsVerify: options.tls_verify,
  startupWaitSeconds: options.startup_wait_seconds,
  retryMaxSeconds: options.retry_max_seconds,
  database: options.database,
  catalog: options.catalog,
});
