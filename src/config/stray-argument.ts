// An argument that belongs to no flag → what is wrong with it, and what was probably meant.
import { commandWords } from './commands.ts';
import { nearestName, suggestion } from './nearest-name.ts';
import { quoteName } from './sources.ts';

/** Words that somebody may write as a command, and how each is written. */
const written: Readonly<Record<string, string>> = {
  ...Object.fromEntries(commandWords.map((word) => [word, word])),
  help: '--help',
  version: '--version',
};

const configurationFile = /\.(json|ya?ml|toml)$/i;
const inputFile = /\.(singer|jsonl|ndjson|txt|csv|gz)$/i;

/**
 * An argument is only quoted where it is like a command or the name of a file: it may be a part of a secret.
 * @param position counts from 1
 */
export async function strayArgument(text: string, position: number): Promise<string> {
  if (written[text] === text) return `${quoteName(text)} is a second command: give one`;
  const word = await nearestName(text, Object.keys(written));
  if (word !== undefined) return `${quoteName(text)} is not a command${suggestion(written[word])}`;
  const flag = configurationFile.test(text) ? '--config' : inputFile.test(text) ? '--input' : undefined;
  if (flag === undefined)
    return `argument ${position} has no flag before it: add the flag, or remove the argument (it is not shown, as it may be secret)`;
  return `${quoteName(text)} has no flag before it${suggestion(`${flag} ${text}`)}`;
}
