// Stream name and options → how the stream gets into its table.
import type { LoadMethod } from './model.ts';

export interface LoadMethodOptions {
  /** For streams that no pattern fits; `upsert` when it is not set. */
  readonly loadMethod?: LoadMethod | undefined;
  /** By name, and by pattern: `*` stands for any characters, `?` for one. A name counts first, then the first pattern that fits. */
  readonly streamLoadMethods?: Readonly<Record<string, LoadMethod>> | undefined;
}

export function loadMethodOf(stream: string, options: LoadMethodOptions): LoadMethod {
  const { streamLoadMethods: methods = {} } = options;
  // an object puts names that look like integers first, wherever they are written: names have an order of their own
  if (Object.hasOwn(methods, stream) && !/[*?]/.test(stream)) return methods[stream]!;
  for (const [pattern, method] of Object.entries(methods)) if (fits(stream, pattern)) return method;
  return options.loadMethod ?? 'upsert';
}

/** The whole name must fit, in its own case. After a mismatch only the last star takes one more character. */
function fits(stream: string, pattern: string): boolean {
  const name = [...stream];
  const wanted = [...pattern];
  let at = 0;
  let of = 0;
  let afterStar = 0;
  let starEnd = 0;
  while (at < name.length) {
    if (wanted[of] === '*') {
      afterStar = ++of;
      starEnd = at;
    } else if (of < wanted.length && (wanted[of] === '?' || wanted[of] === name[at])) {
      at++;
      of++;
    } else if (afterStar > 0) {
      of = afterStar;
      at = ++starEnd;
    } else return false;
  }
  return wanted.slice(of).every((character) => character === '*');
}
