// Stream name and options → how the stream gets into its table.
import type { LoadMethod } from './model.ts';

export interface LoadMethodOptions {
  /** For streams that no pattern fits; `upsert` when it is not set. */
  readonly loadMethod?: LoadMethod | undefined;
  /** By pattern: `*` stands for any characters, `?` for one. The first that fits counts. */
  readonly streamLoadMethods?: Readonly<Record<string, LoadMethod>> | undefined;
}

export function loadMethodOf(stream: string, options: LoadMethodOptions): LoadMethod {
  for (const [pattern, method] of Object.entries(options.streamLoadMethods ?? {}))
    if (fits(stream, pattern)) return method;
  return options.loadMethod ?? 'upsert';
}

/** The whole name must fit, in its own case. */
function fits(stream: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(stream);
}
