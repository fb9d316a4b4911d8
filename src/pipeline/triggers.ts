// When a batch closes. Pure: the clock is an argument.

export interface BatchLimits {
  readonly maxRows: number;
  /** Bytes of input. */
  readonly maxBytes: number;
  /** Undefined: a batch may wait for ever. */
  readonly maxAgeMs: number | undefined;
}

export interface BatchSize {
  readonly rows: number;
  readonly inputBytes: number;
  readonly openedAtMs: number;
}

/** Whether a batch must close before `rows` more are put into it, so that none has more rows than the limit. */
export function mustCloseBefore(batch: BatchSize, rows: number, limits: BatchLimits): boolean {
  return batch.rows > 0 && batch.rows + rows > limits.maxRows;
}

export function isFull(batch: BatchSize, limits: BatchLimits): boolean {
  return batch.rows >= limits.maxRows || batch.inputBytes >= limits.maxBytes;
}

export function isOld(batch: BatchSize, limits: BatchLimits, nowMs: number): boolean {
  return limits.maxAgeMs !== undefined && nowMs - batch.openedAtMs >= limits.maxAgeMs;
}
