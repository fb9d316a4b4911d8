// A scenario, and a place to load into → what is wrong with the table, the states and the way the run ended; nothing, we hope.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, errorCodes } from '../../src/errors/codes.ts';
import { type RunningCli, startCli } from '../support/cli.mjs';
import type { End, Scenario } from './scenarios.mjs';
import { BATCH, coveredBy, type FoundRow, linesFrom, problemsOf, RECORDS, recordOf, schemaOf } from './source.ts';

/** A table of its own: for overwrites with old rows in it. */
export interface Place {
  readonly config: object;
  rows(): Promise<readonly FoundRow[]>;
}

/** What goes wrong, and what of it the input is. */
export interface FaultyRun {
  readonly config?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** What the tap sends, in two parts: the second when the first is acknowledged. The whole when it is not set. */
  readonly input?: readonly [first: string, rest: string];
  /** How many records that is. */
  readonly sent?: number;
  /** Awaited before the run is started. */
  ready?(): Promise<unknown>;
  /** Called with the run as soon as it is started. */
  begun?(run: RunningCli): void;
  /** Called when the first part is acknowledged, or, for an overwrite, sent. */
  armed?(run: RunningCli): void;
  /** Whether the fault came about at all. */
  happened?(run: RunningCli): boolean;
  /** Ends what was begun; before the run that resumes. */
  over?(): Promise<void> | void;
}

interface Outcome {
  readonly end: End | string;
  readonly states: readonly string[];
  readonly stderr: string;
  readonly errors: readonly string[];
}

/** A request that hangs is given up after a minute. */
const ACK_MS = 120_000;
const RUN_MS = 200_000;

/** @returns what is wrong */
export async function problemsIn(scenario: Scenario, place: Place, fault: FaultyRun): Promise<string[]> {
  const { loadMethod } = scenario;
  const outcome = await faultyRun(scenario, place, fault);
  await fault.over?.();
  const problems = endProblems(scenario, outcome);
  const covered = coveredBy(outcome.states);
  const sent = fault.sent ?? RECORDS;
  const complete = outcome.end === 0;
  problems.push(...problemsOf(await place.rows(), { loadMethod, covered, complete, sent }));
  if (!complete || sent < RECORDS) problems.push(...(await resumeProblems(scenario, place, covered)));
  return problems.length === 0 ? [] : [...problems, `states: ${outcome.states.join(' ')}`, outcome.stderr];
}

async function faultyRun(scenario: Scenario, place: Place, fault: FaultyRun): Promise<Outcome> {
  const [first, rest] = fault.input ?? [linesFrom(0, BATCH), linesFrom(BATCH)];
  await fault.ready?.();
  const run = startCli({
    config: { ...place.config, ...methodConfig(scenario), ...fault.config },
    env: fault.env ?? {},
    keepInputOpen: true,
    patienceMs: RUN_MS,
  });
  const ended = run.ended.catch((error: unknown) => {
    if (run.child.signalCode !== 'SIGKILL') throw error;
    return undefined;
  });
  fault.begun?.(run);
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  run.stdin.write(schemaOf(scenario.loadMethod) + first);
  const isSoon = scenario.loadMethod === 'overwrite' || !first.includes('"STATE"');
  for (const until = Date.now() + ACK_MS; !isSoon && !isOver && run.states().length === 0; await sleep(10))
    if (Date.now() > until) throw new Error(`no state: ${run.said.stderr}`);
  fault.armed?.(run);
  run.stdin.end(rest);
  const outcome = await ended;
  if (fault.happened && !fault.happened(run)) throw new Error(`the fault did not come about: ${run.said.stderr}`);
  const stderr = run.said.stderr.replaceAll('FAULT\n', '');
  const errors = stderr.split('\n').filter((line) => / ERROR /.test(line));
  return { end: endOf(outcome, errors), states: run.states(), stderr, errors };
}

function endOf(outcome: { code: number | null; signal: string | null } | undefined, errors: readonly string[]) {
  if (outcome === undefined) return -9;
  if (outcome.code === 0 || outcome.code === 130 || outcome.code === 143) return outcome.code;
  const code = / ERROR ([A-Z_0-9]+): /.exec(errors[0] ?? '')?.[1];
  if (code && code in errorCodes && errorCodes[code as ErrorCode].exitCode === outcome.code) return code as ErrorCode;
  return `exit code ${outcome.code}, signal ${outcome.signal}, error ${code}`;
}

function endProblems({ ends }: Scenario, { end, errors, stderr }: Outcome): string[] {
  const problems: string[] = [];
  if (!ends.includes(end as End)) problems.push(`it ended with ${end}, not with ${ends.join(' or ')}`);
  if (typeof end === 'string' && errors.length !== 1) problems.push(`${errors.length} errors`);
  if (typeof end === 'number' && errors.length !== 0) problems.push(`an error, though it ended with ${end}`);
  // a stack or a warning of Node.js itself does not begin with a time
  const bare = stderr.split('\n').filter((line) => line !== '' && !/^\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ /.test(line));
  if (bare.length > 0) problems.push(`not of the log: ${bare.join(' | ')}`);
  return problems;
}

/** The tap goes on after the newest state; one that sends its whole table begins anew. */
async function resumeProblems(scenario: Scenario, place: Place, covered: number): Promise<string[]> {
  const { loadMethod } = scenario;
  const from = loadMethod === 'overwrite' ? 0 : covered;
  const run = startCli({
    config: { ...place.config, ...methodConfig(scenario) },
    input: schemaOf(loadMethod) + linesFrom(from),
  });
  const { code, states, stderr } = await run.ended;
  if (code !== 0) return [`the resumed run ended with ${code}: ${stderr}`];
  const promised = { loadMethod, covered: RECORDS, complete: true, sent: RECORDS, resumedFrom: from };
  const last = coveredBy(states);
  const problems = from < RECORDS && last !== RECORDS ? [`the resumed run's last state covers ${last}`] : [];
  return [...problems, ...problemsOf(await place.rows(), promised)].map(
    (problem) => `resumed from ${from}: ${problem}`,
  );
}

const methodConfig = ({ loadMethod }: Scenario) => ({
  load_method: loadMethod,
  primary_key_required: false,
  batch_size_rows: BATCH,
  workers: 0,
});

/** What a tap sends that goes wrong after so many records. */
export function brokenInput({ action, instant }: Scenario): Pick<FaultyRun, 'input' | 'sent'> {
  const sent = { before: 5, during: 25, after: RECORDS, late: RECORDS }[instant];
  const end =
    { half: recordOf(1).slice(0, 40), garbage: 'Traceback (most recent call last):\n', dies: '' }[action] ?? '';
  const whole = linesFrom(0, sent);
  const cut = sent > BATCH ? linesFrom(0, BATCH).length : 0;
  return { input: [whole.slice(0, cut), whole.slice(cut) + end], sent };
}
