// A run with its plan before it → for each stream, the statements that were planned and those that the run made.
import { AsyncLocalStorage } from 'node:async_hooks';
import { DBSQLSession } from '@databricks/sql';
import { DuckDBConnection } from '@duckdb/node-api';
import { plan, type StreamPlan } from '../../src/commands/plan.ts';
import { loadConfig, parseArguments } from '../../src/config/index.ts';
import { TargetError } from '../../src/errors/target-error.ts';
import type { RunOutcome } from '../support/run-target.ts';

export interface PlannedStream {
  readonly stream: string;
  readonly planned: readonly string[];
  readonly made: readonly string[];
}

export interface PlannedRun {
  readonly outcome: RunOutcome;
  /** Where a run fails over its data, nobody knows how far it came: none then. */
  readonly streams: readonly PlannedStream[];
  /** Statements that make schemas, each once. */
  readonly schemas: Omit<PlannedStream, 'stream'>;
  /** Codes of what the plan refuses, or of what ends the plan. */
  readonly refusals: readonly string[];
}

/** Of the run around it: what it sends to the warehouse. */
const sent = new AsyncLocalStorage<string[]>();

/** From then on statements are noted down for the run that makes them. */
export function watchStatements(): void {
  const run = DuckDBConnection.prototype.run;
  DuckDBConnection.prototype.run = function (sql, ...rest) {
    sent.getStore()?.push(sql);
    return run.call(this, sql, ...rest);
  };
  const execute = DBSQLSession.prototype.executeStatement;
  DBSQLSession.prototype.executeStatement = function (sql, ...rest) {
    sent.getStore()?.push(sql);
    return execute.call(this, sql, ...rest);
  };
}

/** @param flags of the target, @param input a file that `run` has written when it is called */
export async function plannedRun(
  flags: readonly string[],
  lines: readonly string[],
  run: () => Promise<RunOutcome>,
): Promise<PlannedRun> {
  const plans = await planned(flags, lines);
  const statements: string[] = [];
  const outcome = await sent.run(statements, run);
  if (plans instanceof TargetError) return { outcome, streams: [], schemas: none, refusals: [plans.code] };
  const refusals = plans.flatMap(({ error }) => error?.code ?? []);
  if (outcome.error !== undefined) return { outcome, streams: [], schemas: none, refusals };
  const all = plans.flatMap(({ plan }) => plan?.statements ?? []);
  const schemas = { planned: schemasMadeBy(all), made: schemasMadeBy(statements) };
  return { outcome, streams: plans.flatMap((one) => besides(one, statements)), schemas, refusals };
}

const none = { planned: [], made: [] };
const schemasMadeBy = (statements: readonly string[]) =>
  [...new Set(statements.filter((statement) => statement.startsWith('CREATE SCHEMA')))].sort();

async function planned(
  flags: readonly string[],
  lines: readonly string[],
): Promise<readonly StreamPlan[] | TargetError> {
  const { options } = await loadConfig(await parseArguments(flags), {});
  try {
    return await plan(options, { input: [lines.join('\n')], log: { info: () => {}, warn: () => {} } });
  } catch (error) {
    if (error instanceof TargetError) return error;
    throw error;
  }
}

function besides({ stream, table, plan }: StreamPlan, statements: readonly string[]): PlannedStream[] {
  if (!table || !plan) return [];
  const references = ['"', '`'].map((quote) => `${quote}${table.schema}${quote}.${quote}${table.table}${quote}`);
  const isOfTable = (statement: string) => references.some((reference) => statement.includes(reference));
  const change = (all: readonly string[]) =>
    all.filter((statement) => changes.test(statement) && !others.test(statement) && isOfTable(statement)).map(undated);
  return [{ stream, planned: change(plan.statements), made: change(statements) }];
}

const changes = /^(CREATE TABLE|ALTER TABLE|COMMENT ON)/;
/** How rows of an overwrite, and large loads, get into the table. */
const others = / (CREATE OR REPLACE|CREATE|DROP) BRANCH /;
const undated = (statement: string) => statement.replaceAll(/_\d{8}_\d{4}(_\d+)?(?=["`])/g, '_<dated>');
