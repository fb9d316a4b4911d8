// The types of fixture-document.mjs.
import type { FixtureRun } from './fixture-runs.mjs';

/** @returns docs/fixtures.md */
export function fixtureDocument(runs: readonly FixtureRun[]): string;
