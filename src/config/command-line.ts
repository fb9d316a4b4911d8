// Declared options and commands → the yargs that reads the command line.
import type { Argv, Options as YargsOption } from 'yargs';
import { type CommandFlag, commandFlags } from './commands.ts';
import { optionGroups } from './option.ts';
import { declarationOf, optionNames } from './option-names.ts';

/** Each value stays the text that was given: the options' declarations say what a text means. */
const asText = { 'parse-numbers': false, 'parse-positional-numbers': false };
const asWritten = { 'dot-notation': false, 'camel-case-expansion': false, 'boolean-negation': false };

const dashed = (name: string): string => name.replaceAll('_', '-');

/**
 * Flags only: a command of yargs renders the whole help, 100 ms, before its handler runs. The words stand in `_`.
 */
export async function commandLine(): Promise<Argv> {
  // loaded only here: --version alone answers without it
  const { default: yargs } = await import('yargs');
  return yargs([])
    .scriptName('target-iomete')
    .locale('en')
    .parserConfiguration({ ...asText, ...asWritten })
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .options({ ...optionFlags(), ...ownFlags() });
}

function optionFlags(): Record<string, YargsOption> {
  const flags = optionNames.map((name) => {
    const { group, alias, description } = declarationOf(name);
    const names = [name, ...(alias === undefined ? [] : [alias, dashed(alias)])];
    const key = dashed(name);
    const others = names.filter((other) => other !== key);
    const flag: YargsOption = { type: 'string', alias: others, group: optionGroups[group], describe: description };
    return [key, flag] as const;
  });
  return Object.fromEntries(flags);
}

function ownFlags(): Record<string, YargsOption> {
  const short: { readonly [Flag in CommandFlag]?: string } = { config: 'c', help: 'h' };
  const flags = Object.entries(commandFlags).map(([name, { text }]) => {
    const letter = short[name as CommandFlag];
    return [name, { type: 'string', describe: text, ...(letter && { alias: letter }) }] as const;
  });
  return Object.fromEntries(flags);
}
