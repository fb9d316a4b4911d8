// The types of scenarios.mjs, which stays plain JavaScript so that scripts run it in Node 20 without a build.
import type { ErrorCode } from '../../src/errors/codes.ts';

export type LoadMethod = 'upsert' | 'append-only' | 'overwrite';
/** Of the commit, or what comes nearest to it at the seam. `late`: the lakehouse gets a statement whose sender has given up. */
export type Instant = 'before' | 'during' | 'after' | 'late';
/** 0 for an end as if nothing had been, the exit code of a signal, -9 for one that was killed, or the code of an error. */
export type End = 0 | 130 | 143 | -9 | ErrorCode;

export interface Scenario {
  readonly name: string;
  readonly destination: 'duckdb' | 'iomete';
  readonly seam: string;
  readonly fault: string;
  /** What the test does. */
  readonly action: string;
  readonly says: string;
  readonly loadMethod: LoadMethod;
  readonly instant: Instant;
  /** How the run may end. */
  readonly ends: readonly End[];
}

export const loadMethods: readonly LoadMethod[];
export const duckdbScenarios: readonly Scenario[];
export const s3Scenarios: readonly Scenario[];
export const gatewayScenarios: readonly Scenario[];
export const restartScenarios: readonly Scenario[];
export const scenarios: readonly Scenario[];
