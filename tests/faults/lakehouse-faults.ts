// A stand-in lakehouse → a gateway and an S3 proxy before it, by which the scenarios' faults come about.
import { setTimeout as sleep } from 'node:timers/promises';
import { type LakehouseDetails, ownGateway } from '../setup/lakehouse.ts';
import type { Gateway } from '../stand-in/lakehouse.mjs';
import type { RunningCli } from '../support/cli.mjs';
import { lakehouseOptions } from '../support/lakehouse-options.ts';
import { type Lake, openLake } from '../unit/destinations/iomete/lake.ts';
import { type FaultyRun, type Place, problemsIn } from './run-scenario.ts';
import { S3Proxy, type S3Trouble } from './s3-proxy.mjs';
import type { LoadMethod, Scenario } from './scenarios.mjs';
import { OLD } from './source.ts';

const STARTING_MS = 2_000;
const HANG_MS = 3_000;
const RETRY_SECONDS = 15;
/** A request that hangs is given up after a minute, and Spark needs up to one to be there again on a busy machine. */
const LONG_RETRY_SECONDS = 150;
const FOR_EVER = 1_000_000;

export class FaultyLakehouse {
  private readonly details: LakehouseDetails;
  private readonly gateway: Gateway;
  private readonly proxy: S3Proxy;
  /** As the gateway leads to it. */
  private readonly own: LakehouseDetails;
  private restarted: Promise<unknown> = Promise.resolve();

  private constructor(details: LakehouseDetails, own: LakehouseDetails, gateway: Gateway, proxy: S3Proxy) {
    this.details = details;
    this.own = own;
    this.gateway = gateway;
    this.proxy = proxy;
  }

  static async open(details: LakehouseDetails): Promise<FaultyLakehouse> {
    const { details: own, gateway } = await ownGateway(details);
    return new FaultyLakehouse(details, own, gateway, await S3Proxy.open(details.s3.endpoint));
  }

  async close(): Promise<void> {
    await Promise.all([this.gateway.close(), this.proxy.close()]);
  }

  /** Runs the scenario in a schema of its own. @returns what is wrong */
  async problems(scenario: Scenario): Promise<string[]> {
    const schema = await this.withLake(async (lake) => {
      await lake.sql(`CREATE SCHEMA ${lake.schema}`);
      if (scenario.loadMethod === 'overwrite') await fillWithOld(lake, lake.schema);
      return lake.schema;
    });
    try {
      return await problemsIn(scenario, this.placeIn(schema, scenario), this.faultOf(scenario));
    } finally {
      this.gateway.clearCuts();
      this.gateway.setMode('up');
      this.proxy.make(undefined);
      await this.restarted;
      await this.withLake(async (lake) => {
        await lake.sql(`DROP TABLE IF EXISTS ${schema}.boats`);
        await lake.sql(`DROP SCHEMA ${schema} CASCADE`).catch(() => {});
      });
    }
  }

  /** Opened anew each time: Spark may have been restarted since. */
  private async withLake<T>(work: (lake: Lake) => Promise<T>): Promise<T> {
    const lake = await openLake(this.details, 'scenarios');
    try {
      return await work(lake);
    } finally {
      await lake.leave();
    }
  }

  private placeIn(schema: string, { action }: Scenario): Place {
    return {
      config: {
        ...lakehouseOptions(this.own, schema, `${schema}/`),
        s3_endpoint_url: this.proxy.endpoint,
        retry_max_seconds: action === 'restart' || action === 'hang' ? LONG_RETRY_SECONDS : RETRY_SECONDS,
      },
      rows: () =>
        this.withLake(async (lake) => {
          const there = await lake.sql(`SHOW TABLES IN ${schema} LIKE 'boats'`);
          if (there.length === 0) return [];
          const rows = await lake.sql(`SELECT id, text FROM ${schema}.boats`);
          return rows.map(({ id, text }) => ({ id: Number(id), text: String(text) }));
        }),
    };
  }

  private faultOf(scenario: Scenario): FaultyRun {
    if (scenario.seam === 'S3') return this.s3Fault(scenario);
    if (scenario.action === 'starting') return this.modeFault(scenario, 'starting', STARTING_MS);
    if (scenario.action === 'hang') return this.modeFault(scenario, 'hang', HANG_MS);
    return this.cutFault(scenario);
  }

  /** At the check before the run, the second file's upload, the first removal. */
  private s3Fault({ action, instant }: Scenario): FaultyRun {
    const method = { before: /./, during: /^(PUT|POST)$/, after: /^(DELETE|POST)$/, late: /./ }[instant];
    const isRemoval = (verb: string, path: string) => verb === 'DELETE' || path.includes('?delete');
    const fits = (verb: string, path: string) =>
      method.test(verb) &&
      (instant !== 'after' || isRemoval(verb, path)) &&
      (instant !== 'during' || !isRemoval(verb, path));
    const [trouble, times] = ({ down: ['500', FOR_EVER], expired: ['expired', FOR_EVER] } as const)[action] ?? [
      action,
      2,
    ];
    const make = () => this.proxy.make({ trouble: trouble as S3Trouble, fits, count: times });
    const before = this.proxy.troubled;
    return {
      ...(instant === 'before' ? { begun: make } : { armed: make }),
      happened: () => this.proxy.troubled > before,
      over: () => this.proxy.make(undefined),
    };
  }

  /** Before the run connects, or between two loads. */
  private modeFault({ instant }: Scenario, mode: 'starting' | 'hang', ms: number): FaultyRun {
    const start = () => {
      this.gateway.setMode(mode);
      void sleep(ms).then(() => this.gateway.setMode('up'));
    };
    return instant === 'before' ? { begun: start } : { armed: start };
  }

  /** The statement that loads next, or the one by which an overwrite's rows become the table's. */
  private cutFault({ action, instant, loadMethod }: Scenario): FaultyRun {
    const before = this.gateway.counts().cut;
    const happened = () => this.gateway.counts().cut > before;
    const cut = {
      pattern: loadPattern(loadMethod),
      when: instant === 'during' ? ('running' as const) : instant,
      ...(action === 'cut-504' && { status: 504 }),
      ...(instant === 'late' && { delayMs: 1_500 }),
    };
    return {
      armed: (run: RunningCli) => {
        this.gateway.cut(cut);
        if (action === 'cut-kill') void when(happened, run).then(() => run.child.kill('SIGKILL'));
        if (action === 'cut-term') void when(happened, run).then(() => run.child.kill('SIGTERM'));
        if (action === 'restart') void when(happened, run).then(() => this.restart());
      },
      happened,
      over: async () => {
        this.gateway.clearCuts();
        await this.restarted;
        // what Spark gets late, or still works at, comes to its end
        await sleep(instant === 'before' ? 0 : 3_000);
      },
    };
  }

  /** Kill -9, and a new one on the same port. Its gateway answers 503 meanwhile. */
  private restart(): void {
    this.restarted = fetch(`${this.details.controlUrl}/restart`, { method: 'POST' }).then(async (answer) => {
      if (!answer.ok) throw new Error(`Spark did not start again: ${await answer.text()}`);
    });
    this.restarted.catch(() => {});
  }
}

const loadPattern = (loadMethod: LoadMethod): string =>
  loadMethod === 'overwrite' ? 'ExecuteStatement.*fast_forward' : 'ExecuteStatement.*(MERGE|INSERT) INTO';

async function fillWithOld(lake: Lake, schema: string): Promise<void> {
  const rows = OLD.map(({ id, text }) => `(${id}, '${text}')`).join(', ');
  await lake.sql(`CREATE TABLE ${schema}.boats (id BIGINT, text STRING) USING iceberg`);
  await lake.sql(`INSERT INTO ${schema}.boats VALUES ${rows}`);
}

async function when(happened: () => boolean, run: RunningCli): Promise<void> {
  while (!happened() && run.child.exitCode === null) await sleep(2);
}
