// Text that others have written, such as names → text that moves no cursor, turns no letters round, and stays on its line.

/** Control and format characters, and separators of lines, become `\\u` and four hexadecimal digits. */
export const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
