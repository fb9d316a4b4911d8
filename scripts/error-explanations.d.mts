import type { ErrorCode } from '../src/errors/codes.ts';

export const explanations: Readonly<Record<ErrorCode, { readonly what: string; readonly why: string }>>;
