// What may be told to a person while the run goes on: waits, renames, retries, orphans.

/** Messages are sentences without a full stop; they hold no row values and no secrets. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}
