// The report of a run → one line that renews itself at a terminal, log lines elsewhere; a summary at the end.
import { counted, number } from '../errors/counted.ts';
import type { Log } from '../errors/log.ts';
import type { PipelineEvents } from '../pipeline/pipeline-parts.ts';
import { reportTo } from '../pipeline/report-events.ts';
import type { LoadedRows } from '../report/facts.ts';
import { type RecordCounts, RunReport, type StreamReport } from '../report/run-report.ts';
import { findingText, ignoredText } from './findings.ts';
import { LoadLines } from './load-lines.ts';
import { SlowLoads } from './slow-loads.ts';

const REFRESH_MS = 200;
/** While a state is on its way to the same terminal, so long is there no progress line. */
const QUIET_MS = 500;
const SLOW_TICK_MS = 1_000;
const CLEAR_LINE = '\r\x1b[2K';

const nothingCame =
  'no message came: did the tap start? Its own log tells. Nothing was loaded, and no state was written';

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
  const slowLoads = new SlowLoads((text) => log().info(text));
  let shown = false;
  let isReading = false;
  let quietUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  const events: PipelineEvents = {
    ...reportTo(report),
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
    loading: (stream, rows) => {
      report.beginLoad(stream, rows);
      slowLoads.begin(stream, rows);
    },
    loaded,
  };
  return { ...events, start, line, finish };

  function start(): void {
    timer = (isTerminal ? setInterval(show, REFRESH_MS) : setInterval(() => slowLoads.tick(), SLOW_TICK_MS)).unref();
  }

  function loaded(stream: string, counts: LoadedRows, seconds: number): void {
    report.loaded(stream, counts);
    slowLoads.end(stream);
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
    const under = loading.size === 0 ? '' : `, ${counted(loading.size, 'load')} under way`;
    return `${counted(report.total('read'), 'row')} read (${megabytes(inputBytes)}) of ${counted(streams.size, 'stream')}, ${number(report.total('loaded'))} loaded${under}`;
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
        to.warn(
          `${stream}: ${counted(counts.setAside, 'record')} could not be loaded and ${counts.setAside === 1 ? 'was' : 'were'} set aside`,
        );
      for (const finding of counts.findings) to.warn(`${stream}: ${findingText(finding)}`);
      for (const [because, fields] of counts.ignored) to.warn(`${stream}: ${ignoredText(fields, because)}`);
    }
    if (streams.size === 0 && !report.hasMessages) to.warn(nothingCame);
    const emitted =
      states === 0
        ? 'no state'
        : outcome.finalState
          ? 'the last state was emitted'
          : 'the state emitted last does not cover everything';
    to.info(
      `${counted(report.total('loaded'), 'row')} of ${counted(streams.size, 'stream')} (${megabytes(inputBytes)}) in ${elapsedSeconds().toFixed(1)} s; ${emitted}`,
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
  const loaded = `${counted(read, 'row')} read, ${number(counts.loaded)} loaded in ${counted(loads, 'load')}`;
  return [loaded, ...further.map(([count, what]) => `${number(count)} ${what}`)].join(', ');
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
