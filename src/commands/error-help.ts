// An error code → what docs/errors.md says of it, for a terminal.
import { readFileSync } from 'node:fs';
import { type ErrorCode, errorCodes } from '../errors/codes.ts';
import { errorsPage } from '../package/package-files.ts';

export const isErrorCode = (text: string | undefined): text is ErrorCode =>
  text !== undefined && Object.hasOwn(errorCodes, text);

/** Without a line feed at its end. */
export function errorHelp(code: ErrorCode): string {
  const page = pageText();
  if (page === undefined) return `${code}\n\nFix: ${errorCodes[code].fix}.`;
  const [, section = ''] = page.split(`\n## ${code}\n`);
  const [text = ''] = section.split('\n## ');
  return `${code}\n\n${text
    .replaceAll(/^```.*\n/gm, '')
    .replaceAll('**', '')
    .trim()}`;
}

/** Undefined where somebody has taken the docs out of the package. */
function pageText(): string | undefined {
  try {
    return readFileSync(errorsPage, 'utf8');
  } catch {
    return undefined;
  }
}
