// The report of a run → one line that renews itself at a terminal, log lines elsewhere; a summary at the end.
import type { Log } from '../errors/log.ts';
import type { PipelineEvents } from '../pipeline/pipeline-parts.ts';
import type { ColumnNote, Discard, FieldCount, LoadedRows } from '../report/facts.ts';
import { type Finding, type RecordCounts, RunReport, type StreamReport } from '../report/run-report.ts';
import { type Column, isNested, type StreamVersion } from '../schema/model.ts';
import { LoadLines } from './load-lines.ts';

const REFRESH_MS = 200;
/** While a state is on its way to the same terminal, so long is there no progress line. */
const QUIET_MS = 500;
const CLEAR_LINE = '\r\x1b[2K';

/** What becomes of a record, and how that is put. Each that was read is in one of these, or was not loaded. */
const outcomes = {
  loaded: 'loaded',
  deduplicated: 'updated by a later one',
  deleted: 'deleted',
  marked: 'marked as deleted',
  setAside: 'set aside',
  discarded: 'discarded',
} as const satisfies Record<keyof RecordCounts, string>;

export interface Progress extends PipelineEvents {
  /** A line for the log, put above the progress line. */
  line(text: string): void;
  /** From now on a person sees a progress line. */
  start(): void;
  /** Takes the progress line away and says what was done. */
  finish(log: Log, outcome: { readonly finalState: boolean }): void;
}

export interface Screen {
  /** A person is looking at stderr. */
  readonly isTerminal: boolean;
  /** States go to a terminal, too. */
  readonly showsStates: boolean;
}

/** @param write bytes for stderr */
export function progress(write: (text: string) => void, screen: Screen, log: () => Log): Progress {
  const { isTerminal, showsStates } = screen;
  const startedAt = performance.now();
  const report = new RunReport();
  const loadLines = new LoadLines((text) => log().info(text));
  let shown = false;
  let isReading = false;
  let quietUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  const events: PipelineEvents = {
    read: (stream, rows) => report.read(stream, rows),
    noted: (stream, column, note) => report.noted(stream, column, note),
    ignored: (stream, field) => report.ignored(stream, field),
    discarded: (version, discard) => report.discarded(version, discard),
    setAside: (stream, records) => report.setAside(stream, records),
    abandoned: (stream) => report.abandoned(stream),
    input: (bytes) => report.input(bytes),
    reading: () => {
      isReading = true;
    },
    state: () => {
      report.state();
      if (!showsStates) return;
      // a state would stand behind the progress line, on one line with it
      clear();
      quietUntil = performance.now() + QUIET_MS;
    },
    loading: (stream, rows) => report.beginLoad(stream, rows),
    loaded,
  };
  return { ...events, start, line, finish };

  function start(): void {
    if (isTerminal) timer = setInterval(show, REFRESH_MS).unref();
  }

  function loaded(stream: string, counts: LoadedRows, seconds: number): void {
    report.loaded(stream, counts);
    const rows = counts.loaded + counts.deduplicated + counts.deleted + counts.marked;
    if (!isTerminal) loadLines.loaded(stream, rows, seconds);
  }

  function line(text: string): void {
    clear();
    write(`${text}\n`);
  }

  function clear(): void {
    if (shown) write(CLEAR_LINE);
    shown = false;
  }

  function show(): void {
    if (performance.now() < quietUntil) return;
    const text = `${doing()}, ${elapsedSeconds().toFixed(0)} s`;
    write(`${CLEAR_LINE}${text.slice(0, process.stderr.columns ?? 120)}`);
    shown = true;
  }

  function doing(): string {
    const { streams, inputBytes, loading } = report;
    if (!isReading) return 'connecting to the destination';
    if (inputBytes === 0) return 'waiting for messages on standard input';
    const under = loading.size === 0 ? '' : `, ${plural(loading.size, 'load')} under way`;
    return `${number(report.total('read'))} rows read (${megabytes(inputBytes)}) of ${plural(streams.size, 'stream')}, ${number(report.total('loaded'))} loaded${under}`;
  }

  function finish(to: Log, outcome: { readonly finalState: boolean }): void {
    clearInterval(timer);
    clear();
    loadLines.finish();
    const { streams, inputBytes, states } = report;
    if (streams.size === 0 && !outcome.finalState) return;
    for (const [stream, counts] of streams) {
      to.info(`${stream}: ${reconciled(counts)}`);
      if (counts.setAside > 0)
        to.warn(`${stream}: ${number(counts.setAside)} records could not be loaded and were set aside`);
      for (const finding of counts.findings) to.warn(`${stream}: ${number(finding.count)} ${findingText(finding)}`);
      for (const [because, fields] of counts.ignored) to.warn(`${stream}: ${ignoredText(fields, because)}`);
    }
    const emitted =
      states === 0
        ? 'no state'
        : outcome.finalState
          ? 'the last state was emitted'
          : 'the state emitted last does not cover everything';
    to.info(
      `${number(report.total('loaded'))} rows of ${plural(streams.size, 'stream')} (${megabytes(inputBytes)}) in ${elapsedSeconds().toFixed(1)} s; ${emitted}`,
    );
  }

  function elapsedSeconds(): number {
    return (performance.now() - startedAt) / 1000;
  }
}

/** `9 rows read, 5 loaded in 1 load, 3 deleted, 1 not loaded`: what was read is the sum of all that follows. */
function reconciled(counts: StreamReport): string {
  const { read, loads } = counts;
  const names = Object.keys(outcomes) as (keyof RecordCounts)[];
  const rest = read - names.reduce((sum, name) => sum + counts[name], 0);
  const parts = names.filter((name) => name !== 'loaded').map((name) => [counts[name], outcomes[name]] as const);
  const further = [...parts, [rest, 'not loaded'] as const].filter(([count]) => count > 0);
  const loaded = `${number(read)} rows read, ${number(counts.loaded)} loaded in ${plural(loads, 'load')}`;
  return [loaded, ...further.map(([count, what]) => `${number(count)} ${what}`)].join(', ');
}

const findingText = (finding: Finding): string =>
  finding.kind === 'note'
    ? `values of ${noteText(finding.column, finding.what)}`
    : discardText(finding.version, finding.discard);

function noteText({ name, type }: Column, what: ColumnNote['what']): string {
  if (what === 'nulled') return `${name} did not fit the column and are NULL`;
  if (what === 'asText')
    return `${name} were no strings, as the schema declares them: the column holds their JSON text`;
  if (what === 'cut') return `${name} hold date-times that were finer than a microsecond and were cut to it`;
  if (type.kind === 'timestamp') return `${name} were finer than a microsecond and were cut to it`;
  const holder = isNested(type) ? 'hold numbers that are kept' : 'are held';
  return `${name} ${holder} only approximately by a DOUBLE: see "number_type"`;
}

const MAX_NAMED_FIELDS = 10;

function ignoredText(fields: ReadonlyMap<string, number>, because: FieldCount['because']): string {
  const named = [...fields]
    .slice(0, MAX_NAMED_FIELDS)
    .map(([name, count]) => `${JSON.stringify(name)} (${plural(count, 'value')})`);
  const more = fields.size > MAX_NAMED_FIELDS ? ` and ${number(fields.size - MAX_NAMED_FIELDS)} more` : '';
  return `${ignoredFields(because)}: ${named.join(', ')}${more}`;
}

function ignoredFields(because: FieldCount['because']): string {
  if (because === 'schema')
    return 'fields were ignored, as its schema excludes them by "additionalProperties" or "patternProperties"';
  if (because === 'struct')
    return 'members that its schema does not declare were ignored, as a STRUCT has declared members only, see "nested_columns"';
  return 'fields that its schema does not declare were ignored, see "undeclared_fields"';
}

function discardText({ columns, table }: StreamVersion, discard: Discard): string {
  const name = `${table.schema}.${table.table}`;
  if (discard.of === 'tables')
    return `rows were discarded: there is no table ${name}, and "schema_contract" makes none`;
  if (discard.of === 'files')
    return `files of BATCH messages were discarded unread: there is no table ${name}, and "schema_contract" makes none`;
  const column = columns[discard.column]!;
  const lacks = isNested(column.type) ? 'lacks the column, or members of it' : 'lacks the column';
  const why = discard.of === 'columns' ? lacks : 'has another type for them';
  return `values of ${column.name} were discarded: the table ${name} ${why}, and "schema_contract" keeps it so`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
