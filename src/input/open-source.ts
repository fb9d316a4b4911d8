// What a caller names as input → bytes as they come.
import { type ByteSource, openInput } from './input.ts';
import { type InputPieces, iterableSource } from './iterable-source.ts';

/** @param input the path of a file, or pieces; standard input when it is not set */
export const openSource = (input: string | InputPieces | undefined): ByteSource =>
  input === undefined || typeof input === 'string' ? openInput(input) : iterableSource(input);
