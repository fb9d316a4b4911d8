// The types of generate.mjs, which stays plain JavaScript so that Node 20 runs it without a build.

export type Kind = 'orders' | 'plain-orders' | 'ten-orders' | 'wide' | 'multi' | 'big' | 'columns' | 'fields';

/** Lines without line feeds, the same every time for the same seed. */
export function linesOf(kind: Kind, rows: number, seed?: number): Generator<string>;
