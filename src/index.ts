// The public API: run a sync from a program, bring a destination of your own, or read what the command line knows.

export { type About, about } from './commands/about.ts';
export { type RunContext, run } from './commands/sync.ts';
export { type LoadedConfig, loadConfig, type Options, type ResolvedOptions } from './config/index.ts';
export {
  type Destination,
  type DestinationModule,
  type Discards,
  defineDestination,
  type Load,
  type LoadOutcome,
  type LoadPace,
  type RunInfo,
  type StreamSink,
} from './destinations/destination.ts';
export { type ErrorCode, errorCodes } from './errors/codes.ts';
export type { Log } from './errors/log.ts';
export { describeError, exitCodeOf } from './errors/report.ts';
export { type ErrorContext, TargetError } from './errors/target-error.ts';
export type { RowFormat } from './formats/format.ts';
export { rowsFile } from './formats/registry.ts';
export type { RowsFile } from './formats/rows-file.ts';
export type { StagedFile, StagedFileWriter } from './formats/staged-file.ts';
export type { StreamVersion } from './schema/model.ts';
