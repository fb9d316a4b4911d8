// An error code → what docs/errors.md says of it, for a terminal.
import { readFileSync } from 'node:fs';
import { type ErrorCode, errorCodes } from '../errors/codes.ts';
import { errorsPage } from '../package/package-files.ts';

export const isErrorCode = (text: string | undefined): text is ErrorCode =>
  text !== undefined && Object.hasOwn(errorCodes, text);

/** Without a line feed at its end. */
export function errorHelp(code: ErrorCode): string {
  const page = readFileSync(errorsPage, 'utf8');
  const [, section = ''] = page.split(`\n## ${code}\n`);
  const [text = ''] = section.split('\n## ');
  return `${code}\n\n${text
    .replaceAll(/^```.*\n/gm, '')
    .replaceAll('**', '')
    .trim()}`;
}
