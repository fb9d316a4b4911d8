// Whether tests run as a whole or as a sample: `npm run test:long` sets TARGET_IOMETE_TEST_LONG.
import { randomInt } from 'node:crypto';

export const isLong: boolean = !['', '0', 'false'].includes(process.env.TARGET_IOMETE_TEST_LONG ?? '');

/** TARGET_IOMETE_SEED repeats a run. */
export const testSeed = (): number => Number(process.env.TARGET_IOMETE_SEED ?? randomInt(1, 2 ** 31));
