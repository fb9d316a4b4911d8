// The types of what is tested of profile.mjs, which stays plain JavaScript so that Node 20 runs it without a build.

export interface Frame {
  readonly functionName: string;
  readonly url: string;
  /** From 0 on. */
  readonly lineNumber: number;
}

export interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** @param wasm parts by address, @param sourceOf the module that a frame's function stands in */
export function sharesOf(
  profiles: readonly Profile[],
  wasm: ReadonlyMap<string, string>,
  sourceOf: (frame: Frame) => string,
): { part: string; share: number }[];

/** Of each line of a bundle, the module that it is of. */
export function modulesByLine(bundle: string): (string | undefined)[];
