// Sizes of the pages of a segment: what the footer of their file is made of.

/** For each column of the staged layout three numbers: bytes of its page, the same before compression, and how many values are NULL. */
export type PageSizes = Uint32Array;

export const pageSizeOf = (pages: PageSizes, column: number): number => pages[column * 3]!;
export const rawSizeOf = (pages: PageSizes, column: number): number => pages[column * 3 + 1]!;
export const nullsOf = (pages: PageSizes, column: number): number => pages[column * 3 + 2]!;
