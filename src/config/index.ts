// The room's door: what the rest of the project may use of the configuration.
export { type About, type AboutFormat, about, aboutText, versionText } from './about.ts';
export { type Arguments, parseArguments } from './arguments.ts';
export { connectionPath } from './connection.ts';
export { helpText } from './help.ts';
export { type LoadedConfig, loadConfig } from './load-config.ts';
export { secretsOf } from './option-names.ts';
export { optionTable } from './option-table.ts';
export type { DuckdbOptions, IometeOptions, Options, ResolvedOptions } from './options.ts';
