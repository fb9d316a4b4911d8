// Anything that was thrown → its own words.

/** What a program throws need not be an Error. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
