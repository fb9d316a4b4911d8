// Text that JSON.parse refused → the place of its first error. JSON.parse's own message quotes the text, secrets included.

export interface TextPosition {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** Where the text stops being JSON; undefined when it is JSON. */
export function findJsonError(text: string): TextPosition | undefined {
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return undefined;
  const linesBefore = text.slice(0, offset).split('\n');
  return { line: linesBefore.length, column: linesBefore.at(-1)!.length + 1 };
}

const space = /[ \t\n\r]*/y;
const scalar =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const quote = /(?=")/y;
const mark = { '{': /\{/y, '}': /\}/y, '[': /\[/y, ']': /\]/y, ':': /:/y, ',': /,/y };

/** The index at which the text stops being JSON; undefined when it is JSON. */
export function jsonErrorOffset(text: string): number | undefined {
  let offset = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    offset = pattern.lastIndex;
    return true;
  };
  const takeNext = (pattern: RegExp): boolean => take(space) && take(pattern);

  const value = (): boolean => {
    if (takeNext(mark['{'])) return items(mark['}'], member);
    if (takeNext(mark['['])) return items(mark[']'], value);
    return takeNext(scalar);
  };
  const member = (): boolean => takeNext(quote) && take(scalar) && takeNext(mark[':']) && value();
  const items = (close: RegExp, item: () => boolean): boolean => {
    if (takeNext(close)) return true;
    while (item()) {
      if (takeNext(close)) return true;
      if (!takeNext(mark[','])) return false;
    }
    return false;
  };

  const isJson = value() && take(space) && offset === text.length;
  return isJson ? undefined : offset;
}
