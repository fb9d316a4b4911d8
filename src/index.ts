// The public API: run a sync from a program, or read what the command line knows.

export { type About, about } from './commands/about.ts';
export { type RunContext, run } from './commands/sync.ts';
export { type LoadedConfig, loadConfig, type Options, type ResolvedOptions } from './config/index.ts';
export { type ErrorCode, errorCodes } from './errors/codes.ts';
export type { Log } from './errors/log.ts';
export { describeError, exitCodeOf } from './errors/report.ts';
export { type ErrorContext, TargetError } from './errors/target-error.ts';
