// Declarations of streams → stream versions: which is in force, which changes nothing, which stream owns which table.
import { TargetError } from '../errors/target-error.ts';
import type { Column, StreamVersion } from '../schema/model.ts';
import { schemaPartOf } from '../schema/names.ts';
import { StreamHistory, type Taken } from '../schema/stream-history.ts';
import type { StreamDeclaration } from '../schema/stream-version.ts';
import type { FoundField } from '../schema/undeclared.ts';

/** Makes a version of a declaration; throws TargetError. `known` are the stream's columns so far. */
export type VersionMaker = (declaration: StreamDeclaration, id: number, known: readonly Column[]) => StreamVersion;

export class Streams {
  private readonly makeVersion: VersionMaker;
  private readonly histories = new Map<string, StreamHistory>();
  private readonly owners = new Map<string, string>();
  private count = 0;

  constructor(makeVersion: VersionMaker) {
    this.makeVersion = makeVersion;
  }

  /** @returns undefined when the declaration says nothing that is not in force already. */
  take(declaration: StreamDeclaration): Taken | undefined {
    const version = this.makeVersion(declaration, this.count, this.current(declaration.stream)?.columns ?? []);
    this.claimTable(version);
    const taken = this.historyOf(declaration.stream).take(version);
    if (taken?.change === 'version') this.count++;
    return taken;
  }

  /** The stream's next version, with a column for each field. */
  addFields(stream: string, fields: readonly FoundField[]): StreamVersion {
    return this.historyOf(stream).addFields(fields, this.count++);
  }

  /** Indexes of the version's columns that the SCHEMA in force says nothing of. */
  loose(stream: string): readonly number[] {
    return this.historyOf(stream).loose;
  }

  current(stream: string): StreamVersion | undefined {
    return this.histories.get(stream)?.current;
  }

  private historyOf(stream: string): StreamHistory {
    let history = this.histories.get(stream);
    if (!history) {
      history = new StreamHistory();
      this.histories.set(stream, history);
    }
    return history;
  }

  private claimTable({ stream, table }: StreamVersion): void {
    const name = [table.catalog, table.schema, table.table].filter((part) => part !== undefined).join('.');
    const owner = this.owners.get(name) ?? stream;
    if (owner !== stream)
      throw new TargetError(
        'INPUT_TABLE_SHARED',
        `the streams "${owner}" and "${stream}" both lead to the table ${name}`,
        { stream, fix: apartFix(owner, stream) },
      );
    this.owners.set(name, stream);
  }
}

/** Advice for two streams of one table: "schema_mapping" tells schema parts apart, and nothing else. */
function apartFix(owner: string, stream: string): string {
  const [first, second] = [schemaPartOf(owner), schemaPartOf(stream)];
  if (first !== second) {
    const parts = [first, second].filter((part) => part !== undefined).map((part) => JSON.stringify(part));
    return `Give ${parts.join(' or ')} another schema in "schema_mapping", or rename one of the streams`;
  }
  const mapped = first === undefined ? '' : ` or another schema for ${JSON.stringify(first)} in "schema_mapping"`;
  return `Rename one of the streams, in the tap or with a stream map; or load it in a run of its own, with another "default_target_schema"${mapped}`;
}
