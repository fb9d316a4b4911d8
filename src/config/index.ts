// The room's door: what the rest of the project may use of the configuration.
export { type AboutFormat, type Arguments, parseArguments } from './arguments.ts';
export type { Shell } from './commands.ts';
export { completionWords } from './completion-words.ts';
export type { Config } from './config.ts';
export { configSchema, type JsonSchema } from './config-schema.ts';
export { helpText } from './help.ts';
export { configOf, loadConfig } from './load-config.ts';
export { secretsOf } from './option-names.ts';
export { optionTable } from './option-table.ts';
export type { DuckdbOptions, IometeOptions, Options, ResolvedOptions } from './options.ts';
