// The types of with-cleanup.mjs.

/** What is deferred is undone in reverse order. */
export type Defer = (undo: () => unknown) => void;

/** Ends the process: 0 when `main` resolves with true, 1 otherwise, 128 + n after a signal. */
export function withCleanup(main: (defer: Defer) => Promise<boolean>): Promise<void>;

export function temporaryFolder(name: string, defer: Defer): Promise<string>;
