// The option "destination" → the module of that destination: one of the caller's, or one that comes with the program.
import type { ResolvedOptions } from '../config/index.ts';
import type { DestinationModule } from '../destinations/destination.ts';
import { destinationModule } from '../destinations/registry.ts';

/**
 * Its calls take the options of its name, which the configuration has checked.
 * @param destinations of the caller: one of these wins over a built-in one of the same name
 */
export async function chosenModule(
  { destination }: Pick<ResolvedOptions, 'destination'>,
  destinations: readonly DestinationModule<never>[] = [],
): Promise<DestinationModule<never>> {
  return destinations.find(({ name }) => name === destination) ?? (await destinationModule(destination));
}
