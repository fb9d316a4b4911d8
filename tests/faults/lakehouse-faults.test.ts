// Every fault between us, S3 and the lakehouse × load method × instant: a sample, or all of them (npm run test:long).
//
// TARGET_IOMETE_SEED chooses the sample, TARGET_IOMETE_SCENARIOS (a regular expression) certain scenarios.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lake, openLake } from '../destination/iomete/lake.ts';
import type { Gateway } from '../lakehouse/lakehouse.mjs';
import { describeLakehouse, type LakehouseDetails, ownGateway } from '../setup/lakehouse.ts';
import type { RunningCli } from '../support/cli.mjs';
import { lakehouseOptions } from '../support/lakehouse-options.ts';
import { chosen } from './chosen.ts';
import { type FaultyRun, type Place, problemsIn } from './run-scenario.ts';
import { S3Proxy, type S3Trouble } from './s3-proxy.mjs';
import { gatewayScenarios, type Scenario, s3Scenarios } from './scenarios.mjs';
import { type FoundRow, OLD } from './source.ts';

const SAMPLE = 4;
const STARTING_MS = 2_000;
const RETRY_SECONDS = 15;
const FOR_EVER = 1_000_000;

describeLakehouse('a fault around a run into the lakehouse loses and doubles nothing', (details) => {
  let lake: Lake;
  let gateway: Gateway;
  let proxy: S3Proxy;
  let own: LakehouseDetails;
  let count = 0;

  beforeAll(async () => {
    lake = await openLake(details, 'scenarios');
    await lake.sql(`CREATE SCHEMA ${lake.schema}`);
    ({ details: own, gateway } = await ownGateway(details));
    proxy = await S3Proxy.open(details.s3.endpoint);
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), proxy.close()]);
    await lake.close();
  });

  for (const scenario of chosen([...s3Scenarios, ...gatewayScenarios], SAMPLE))
    test(scenario.name, async () => {
      const schema = `${lake.schema}_${++count}`;
      await lake.sql(`CREATE SCHEMA ${schema}`);
      try {
        const place = await placeIn(schema, scenario);
        const problems = await problemsIn(scenario, place, faultOf(scenario));
        expect(problems.join('\n')).toBe('');
      } finally {
        gateway.clearCuts();
        gateway.setMode('up');
        proxy.make(undefined);
        await lake.sql(`DROP TABLE IF EXISTS ${schema}.boats`);
        await lake.sql(`DROP SCHEMA ${schema} CASCADE`).catch(() => {});
      }
    });

  async function placeIn(schema: string, { loadMethod }: Scenario): Promise<Place> {
    if (loadMethod === 'overwrite') {
      await lake.sql(`CREATE TABLE ${schema}.boats (id BIGINT, text STRING) USING iceberg`);
      await lake.sql(
        `INSERT INTO ${schema}.boats VALUES ${OLD.map(({ id, text }) => `(${id}, '${text}')`).join(', ')}`,
      );
    }
    return {
      config: {
        ...lakehouseOptions(own, schema, `${schema}/`),
        s3_endpoint_url: proxy.endpoint,
        retry_max_seconds: RETRY_SECONDS,
      },
      rows: async (): Promise<FoundRow[]> => {
        const there = await lake.sql(`SHOW TABLES IN ${schema} LIKE 'boats'`);
        if (there.length === 0) return [];
        await lake.sql(`REFRESH TABLE ${schema}.boats`);
        const rows = await lake.sql(`SELECT id, text FROM ${schema}.boats`);
        return rows.map(({ id, text }) => ({ id: Number(id), text: String(text) }));
      },
    };
  }

  function faultOf(scenario: Scenario): FaultyRun {
    if (scenario.seam === 'S3') return s3Fault(scenario);
    return scenario.action === 'starting' ? startingFault(scenario) : cutFault(scenario);
  }

  /** At the check before the run, the second file's upload, the first removal. */
  function s3Fault({ action, instant }: Scenario): FaultyRun {
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
    const make = () => proxy.make({ trouble: trouble as S3Trouble, fits, count: times });
    const before = proxy.troubled;
    return {
      ...(instant === 'before' ? { begun: make } : { armed: make }),
      happened: () => proxy.troubled > before,
      over: () => proxy.make(undefined),
    };
  }

  /** Before the run connects, or between two loads. */
  function startingFault({ instant }: Scenario): FaultyRun {
    const start = () => {
      gateway.setMode('starting');
      void sleep(STARTING_MS).then(() => gateway.setMode('up'));
    };
    return instant === 'before' ? { begun: start } : { armed: start };
  }

  /** The statement that loads next, or the one by which an overwrite's rows become the table's. */
  function cutFault({ action, instant, loadMethod }: Scenario): FaultyRun {
    const pattern =
      loadMethod === 'overwrite' ? 'ExecuteStatement.*fast_forward' : 'ExecuteStatement.*(MERGE|INSERT) INTO';
    const before = gateway.counts().cut;
    const happened = () => gateway.counts().cut > before;
    const cut = {
      pattern,
      when: instant === 'during' ? ('running' as const) : instant,
      ...(action === 'cut-504' && { status: 504 }),
      ...(instant === 'late' && { delayMs: 1_500 }),
    };
    return {
      armed: (run: RunningCli) => {
        gateway.cut(cut);
        if (action === 'cut-kill') void killWhen(happened, run);
      },
      happened,
      over: async () => {
        gateway.clearCuts();
        // what Spark gets late, or still works at, comes to its end
        await sleep(instant === 'before' ? 0 : 3_000);
      },
    };
  }
});

async function killWhen(happened: () => boolean, run: RunningCli): Promise<void> {
  while (!happened() && run.child.exitCode === null) await sleep(2);
  run.child.kill('SIGKILL');
}
