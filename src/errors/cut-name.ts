// Names may be data, and as long as a line: what is kept and shown of them is bounded.
import { createHash } from 'node:crypto';

/** Longer names are kept and shown by their beginning. */
const maxCharacters = 200;

/** The name or, of a long one, its first characters and a hash that tells it from others. */
export function cutName(name: string): string {
  if (name.length <= maxCharacters) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  // a part of a string holds the whole string in memory, a copy does not
  return `${Buffer.from(name.slice(0, maxCharacters)).toString()}… (${name.length} characters, ${hash})`;
}
