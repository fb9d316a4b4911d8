// Versions whose tables are ready → one line for each stream and table: where the rows go.
import type { Destination } from '../destinations/destination.ts';
import type { Log } from '../errors/log.ts';
import type { StreamVersion } from '../schema/model.ts';

export class Places {
  private readonly destination: Destination;
  private readonly log: Log;
  private readonly told = new Set<string>();

  constructor(destination: Destination, log: Log) {
    this.destination = destination;
    this.log = log;
  }

  /** A person who sees a wrong place can stop the run before much is there. */
  tell(version: StreamVersion): void {
    const place = this.destination.placeOf?.(version);
    if (place === undefined) return;
    const line = `${version.stream} goes into ${place}`;
    if (this.told.has(line)) return;
    this.told.add(line);
    this.log.info(line);
  }
}
