// Declared options and flags → the yargs that reads the command line.
import type { Argv, Options as YargsOption } from 'yargs';
import { commandFlags } from './commands.ts';
import { optionNames } from './option-names.ts';

/** Each value stays the text that was given: the options' declarations say what a text means. */
const asText = { 'parse-numbers': false, 'parse-positional-numbers': false };
const asWritten = { 'dot-notation': false, 'camel-case-expansion': false, 'boolean-negation': false };

/**
 * Reads flags by the one name of each, see `spelledOut`. Commands are none of yargs' own: yargs renders its whole help,
 * 100 ms, before the handler of a command runs.
 */
export async function commandLine(): Promise<Argv> {
  // loaded only here: --version alone answers without it
  const { default: yargs } = await import('yargs');
  const text: YargsOption = { type: 'string' };
  const names = [...optionNames, ...Object.keys(commandFlags)];
  return yargs([])
    .locale('en')
    .parserConfiguration({ ...asText, ...asWritten })
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .options(Object.fromEntries(names.map((name) => [name, text])));
}
