// Where a recording was put, whatever the destination: what tests do there.
import { runCli } from '../../support/cli.mjs';
import { loadInto } from '../../support/warehouse.ts';
import { type Contents, type Kind, type RecordedRun, type Recording, recordedFile } from './recordings.ts';

export interface Place {
  readonly kind: Kind;
  /** Options of the command. */
  readonly config: Readonly<Record<string, string | number | boolean | object>>;
  /** A recorded text with this place's own names in it. */
  fill(text: string): string;
  contents(): Promise<Contents>;
  /** Branches of a table beside its main one: none where the destination has no such thing. */
  branches(table: string): Promise<readonly string[]>;
  /** Names of all files in the stage, uploads that were never finished included. */
  staged(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Runs today's code as the recorded run was. @throws what the run throws @returns what it said */
export async function load(
  place: Place,
  options: RecordedRun['options'],
  lines: readonly string[],
): Promise<readonly string[]> {
  const flags = Object.entries(place.config).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  const state = JSON.stringify({ type: 'STATE', value: { later: true } });
  return loadInto({ flags: Object.fromEntries(flags) }, [...lines, state], options);
}

/** @returns what `clean` says it has found or removed, and what it skipped */
export async function clean({ config }: Place, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runCli({ config, args: ['clean', ...args] });
  const lines = stdout.split('\n');
  const of = (word: string) => lines.filter((line) => line.startsWith(`${word}: `));
  return {
    code,
    stderr,
    found: of('found'),
    removed: of('removed'),
    failed: of('NOT removed'),
    skipped: of('skipped'),
  };
}

/** Paths, addresses and names in what the recorded version's own `clean` had found. */
export function recordedPlaces(recording: Recording, place: Place): readonly string[] {
  const lines = recordedFile<readonly string[]>(recording, place.kind, 'clean');
  return lines.map((line) => {
    const [, found] = /(?: )((?:<stage>|s3:|main\.|spark_catalog\.).*?)(?: \(run [^)]*\))?$/.exec(line) ?? [];
    if (found === undefined) throw new Error(`no place in: ${line}`);
    return place.fill(found);
  });
}

/** Of `places` those that exactly one of the lines is about. */
export const toldOf = (places: readonly string[], lines: readonly string[]): readonly string[] =>
  places.filter(
    (place) => lines.filter((line) => line.endsWith(` ${place}`) || line.includes(` ${place} (`)).length === 1,
  );

/** Places that today's `clean` removes, and staging tables: versions that marked none leave them to a person. */
export const byMark = (places: readonly string[]) => ({
  own: places.filter((place) => !isStagingTable(place)),
  unmarked: places.filter(isStagingTable),
});

export const isStagingTable = (table: string): boolean => table.includes('__overwrite_');
