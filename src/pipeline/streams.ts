// SCHEMA messages → stream versions: which is in force, which changes nothing, which stream owns which table.
import { TargetError } from '../errors/target-error.ts';
import type { SchemaMessage } from '../protocol/singer.ts';
import type { StreamVersion } from '../schema/model.ts';

/** Makes a version of a SCHEMA; throws TargetError. */
export type VersionMaker = (message: SchemaMessage, id: number) => StreamVersion;
export type SameVersion = (a: StreamVersion, b: StreamVersion) => boolean;

export class Streams {
  private readonly makeVersion: VersionMaker;
  private readonly sameVersion: SameVersion;
  private readonly inForce = new Map<string, StreamVersion>();
  private readonly owners = new Map<string, string>();
  private count = 0;

  constructor(makeVersion: VersionMaker, sameVersion: SameVersion) {
    this.makeVersion = makeVersion;
    this.sameVersion = sameVersion;
  }

  /** @returns the new version, or undefined when the SCHEMA says what is in force already. */
  take(message: SchemaMessage): StreamVersion | undefined {
    const version = this.makeVersion(message, this.count);
    const current = this.inForce.get(message.stream);
    if (current && this.sameVersion(current, version)) return undefined;
    this.claimTable(version);
    this.count++;
    this.inForce.set(message.stream, version);
    return version;
  }

  current(stream: string): StreamVersion | undefined {
    return this.inForce.get(stream);
  }

  private claimTable({ stream, table }: StreamVersion): void {
    const name = [table.catalog, table.schema, table.table].filter((part) => part !== undefined).join('.');
    const owner = this.owners.get(name) ?? stream;
    if (owner !== stream)
      throw new TargetError(
        'INPUT_TABLE_SHARED',
        `the streams "${owner}" and "${stream}" both lead to the table ${name}`,
        { stream },
      );
    this.owners.set(name, stream);
  }
}
