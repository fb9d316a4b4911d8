/** A seed → the same numbers every time, from 0 up to, not including, 1. */
export function seededRandom(seed: number): () => number;
