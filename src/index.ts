// The public API: run a sync from a program, plan, check and clean what it needs, or bring a destination of your own.

export { type About, about } from './commands/about.ts';
export type { CheckedStep } from './commands/check.ts';
export type { StreamPlan } from './commands/plan.ts';
export type { Config } from './config/index.ts';
export {
  type ColumnChange,
  type Destination,
  type DestinationModule,
  type Discards,
  defineDestination,
  type Load,
  type LoadOutcome,
  type LoadPace,
  type Planner,
  type RunInfo,
  type StreamSink,
  type TablePlan,
} from './destinations/destination.ts';
export { type ErrorCode, errorCodes } from './errors/codes.ts';
export type { Log } from './errors/log.ts';
export { describeError, exitCodeOf } from './errors/report.ts';
export { type ErrorContext, TargetError } from './errors/target-error.ts';
export type { RowFormat } from './formats/format.ts';
export { rowsFile } from './formats/registry.ts';
export type { RowsFile } from './formats/rows-file.ts';
export type { StagedFile, StagedFileWriter } from './formats/staged-file.ts';
export {
  check,
  clean,
  type PlanSettings,
  plan,
  type RunSettings,
  run,
  type Settings,
  type StreamSummary,
  type Summary,
} from './library.ts';
export type { OnState } from './protocols/state-callback.ts';
export type { StreamVersion } from './schema/model.ts';
