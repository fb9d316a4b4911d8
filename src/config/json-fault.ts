// Text that JSON.parse refused → the place of its error and, where that can be told, the cause and the fix.
// Nothing of the text is quoted: it may hold secrets.
import { findJsonError, jsonErrorOffset } from '../json/find-json-error.ts';

/** A clause that begins with the place of the error. */
export function jsonFault(text: string): string {
  const position = findJsonError(text);
  if (position === undefined) return 'error';
  const cause = causeOf(text, jsonErrorOffset(text)!);
  return `error at line ${position.line}, column ${position.column}${cause === undefined ? '' : `: ${cause}`}`;
}

/** Whether the first line that is no comment of YAML begins as a document of YAML does. */
export function looksLikeYaml(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '' && !/^\s*#/.test(line)) ?? '';
  return /^(---|- |[A-Za-z_][\w-]*\s*:(\s|$))/.test(first);
}

function causeOf(text: string, offset: number): string | undefined {
  const before = text.slice(0, offset).trimEnd().at(-1);
  const rest = text.slice(offset);
  if (/^(\/[/*]|#)/.test(rest)) return 'JSON has no comments: remove the comment';
  if (/^[}\]]/.test(rest) && before === ',') return 'remove the comma after the last entry';
  if (/^['\u2018-\u201f]/.test(rest)) return 'JSON has double quotes (") only';
  if (/^"/.test(rest) && before !== undefined)
    return /[{[,:]/.test(before)
      ? 'this text lacks its closing quote, or a backslash before a quote or backslash within'
      : 'a comma is missing before this text';
  if (/^[A-Za-z_]/.test(rest) && before === '{') return 'names stand in double quotes (")';
  if (rest === '') return 'the text ends too early, "}" is missing';
  return undefined;
}
