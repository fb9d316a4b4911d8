// The destinations that come with the program, each loaded when it is used.
import type { DestinationModule } from './destination.ts';

const modules = {
  iomete: async () => (await import('./iomete/index.ts')).iomete,
  duckdb: async () => (await import('./duckdb/index.ts')).duckdb,
} as const;

/** @param name a value of the option `destination` */
export const destinationModule = (name: keyof typeof modules): Promise<DestinationModule<never>> => modules[name]();
