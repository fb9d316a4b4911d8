// Numbers of things, as messages say them: `1 row`, `1,200 rows`.

export const number = (value: number | bigint): string => value.toLocaleString('en-US');

/** @param noun in the singular; its plural ends in "s" */
export const counted = (count: number | bigint, noun: string): string =>
  `${number(count)} ${noun}${Number(count) === 1 ? '' : 's'}`;
