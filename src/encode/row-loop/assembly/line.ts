// The form of the lines that are read, and its words.
import { matches } from './bytes';

/** The form of the lines that are read. */
export let line: u32 = 0;

export function setLine(address: u32): void {
  line = address;
}

/** Whether the `length` bytes at `q` are the word. */
export function isWord(word: u32, q: u32, length: u32): bool {
  return length === load<u32>(line + word + 4) && matches(q, load<u32>(line + word), length);
}
