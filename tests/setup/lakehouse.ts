// The stand-in lakehouse as tests see it: its details, suites that need it, and a gateway that is theirs alone.

import { describe, inject } from 'vitest';
import { type Gateway, type LakehouseDetails, openGateway } from '../stand-in/lakehouse.mjs';
import type {} from './provided.ts';

export type { LakehouseDetails } from '../stand-in/lakehouse.mjs';

/** The lakehouse of this run; undefined when there is none. */
export function lakehouse(): LakehouseDetails | undefined {
  const state = inject('lakehouse');
  if (state.kind === 'unused') throw new Error('no selected test file seemed to use the lakehouse: run vitest anew');
  return state.kind === 'up' ? state.details : undefined;
}

/** A suite that needs the lakehouse. Without one its tests are skipped, and its name says why. */
export function describeLakehouse(name: string, suite: (details: LakehouseDetails) => void): void {
  const details = lakehouse();
  if (details) describe(name, () => suite(details));
  else describe.skip(`${name} [no lakehouse: ${absence()}]`, () => suite(NO_DETAILS));
}

/**
 * One more gateway before the same Spark, for tests that make it start, hang or reset: other files share the run's.
 * @returns details that lead through it, and the gateway: close it when done
 */
export async function ownGateway(details: LakehouseDetails): Promise<{ details: LakehouseDetails; gateway: Gateway }> {
  const gateway = await openGateway(details);
  return { details: { ...details, port: gateway.port, controlUrl: gateway.controlUrl }, gateway };
}

function absence(): string {
  const state = inject('lakehouse');
  return state.kind === 'absent' ? state.reason : state.kind;
}

/** Only for listing the tests of a skipped suite. */
const NO_DETAILS: LakehouseDetails = {
  host: '',
  port: 0,
  httpPath: '',
  dataPlane: '',
  lakehouse: '',
  user: '',
  password: '',
  caFile: '',
  s3: { endpoint: '', accessKeyId: '', secretAccessKey: '', region: '', bucket: '' },
  controlUrl: '',
  sparkPort: 0,
  tls: { pfxFile: '', passphrase: '' },
  runDir: '',
  pids: { supervisor: 0, spark: 0, s3: 0 },
};
