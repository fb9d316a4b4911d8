// What the setup knows and hands on to tests and the reporter, by vitest's provide and inject.

import type { LakehouseDetails } from '../stand-in/lakehouse.mjs';

export type LakehouseState =
  | { readonly kind: 'up'; readonly details: LakehouseDetails }
  /** It could not run, or was switched off: its tests are skipped. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** No selected test file leads to tests/setup/lakehouse.ts. */
  | { readonly kind: 'unused' };

declare module 'vitest' {
  export interface ProvidedContext {
    /** Absolute paths. Missing when the closing-line reporter is not in use. */
    selectedTestFiles?: readonly string[];
    lakehouse: LakehouseState;
    /** What went wrong before any test ran. Each makes the run a failure. */
    setupProblems: readonly string[];
  }
}

/** In CI nothing may be left out quietly. */
export function isCi(): boolean {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}
