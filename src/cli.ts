// argv → configuration → run → exit code. The only file that ends the process.

import { aboutText, versionText } from './commands/about.ts';
import { completionScript } from './commands/completion.ts';
import { errorHelp, isErrorCode } from './commands/error-help.ts';
import {
  type Arguments,
  helpText,
  loadConfig,
  parseArguments,
  type ResolvedOptions,
  secretsOf,
} from './config/index.ts';
import { onOneLine } from './errors/plain-text.ts';
import { describeError, exitCodeOf } from './errors/report.ts';
import { proxySecrets } from './network/proxy.ts';
import { checkReport } from './terminal/check-report.ts';
import { type RunLog, runLog, writeStderr } from './terminal/log.ts';
import { planReport } from './terminal/plan-report.ts';
import { progress } from './terminal/progress.ts';

/** Where no terminal tells its width. */
const PLAIN_COLUMNS = 80;

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Answers the command line and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  // a password given as a flag must not stand in the process list
  process.title = 'target-iomete';
  process.exit(await answer(args));
}

async function answer(args: readonly string[]): Promise<number> {
  const isTerminal = process.stderr.isTTY === true;
  const screen = { isTerminal, showsStates: process.stdout.isTTY === true };
  const shown = progress(writeStderr, screen, () => log);
  const log: RunLog = runLog((line) => shown.line(line), isTerminal);
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(`${versionText()}\n`);
    return 0;
  }
  try {
    const given = await parseArguments(args);
    const text = textFor(given);
    if (given.command === 'check') return await checkAll(given, log);
    if (given.command === 'plan') return await planAll(given, log);
    if (given.command === 'clean' || given.command === 'reset') return await tidy(given.command, given, log);
    if (text === undefined) return await sync(given, log, shown);
    process.stdout.write(`${text}\n`);
    return 0;
  } catch (error) {
    log.error(describeError(error));
    return exitCodeOf(error);
  }
}

function textFor(given: Arguments): string | undefined {
  switch (given.command) {
    case 'help':
      if (isErrorCode(given.topic)) return errorHelp(given.topic);
      return helpText(process.stdout.columns ?? process.stderr.columns ?? PLAIN_COLUMNS, given.topic);
    case 'version':
      return versionText();
    case 'about':
      return aboutText(given.aboutFormat);
    case 'completion':
      return completionScript(given.shell!);
    default:
      return undefined;
  }
}

async function configure(given: Arguments, log: RunLog): Promise<ResolvedOptions> {
  const { options, warnings } = await loadConfig(given, process.env);
  // no message should hold one, and none will
  log.secrets.add([...secretsOf(options), ...proxySecrets()], options.user);
  for (const warning of warnings) log.warn(warning);
  if (/\b(https?|http2|net|tls|undici)\b/i.test(process.env.NODE_DEBUG ?? ''))
    log.warn('NODE_DEBUG makes Node.js itself print requests, passwords included: unset it where others read this log');
  return options;
}

/** A line on standard output. Whoever reads only the first lines has seen enough. */
const printer =
  ({ secrets }: RunLog) =>
  (line: string): void => {
    if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => {});
    process.stdout.write(`${onOneLine(secrets.redact(line))}\n`);
  };

async function tidy(command: 'clean' | 'reset', given: Arguments, log: RunLog): Promise<number> {
  const options = await configure(given, log);
  const { remove, streams } = given;
  const print = printer(log);
  if (command === 'clean') await (await import('./commands/clean.ts')).clean(options, { remove, print, log });
  else await (await import('./commands/reset.ts')).reset(options, { streams, remove, print, log });
  return 0;
}

async function checkAll(given: Arguments, log: RunLog): Promise<number> {
  const options = await configure(given, log);
  const { check } = await import('./commands/check.ts');
  const told = checkReport(given.aboutFormat === 'json' ? 'json' : 'text', printer(log));
  await check(options, { tell: told.step, log });
  return told.finish();
}

async function planAll(given: Arguments, log: RunLog): Promise<number> {
  const options = await configure(given, log);
  const { plan } = await import('./commands/plan.ts');
  const { input, tapCatalog, aboutFormat } = given;
  const streams = await plan(options, { input, tapCatalog, log });
  const { lines, exitCode } = planReport(streams, aboutFormat === 'json' ? 'json' : 'text');
  const print = printer(log);
  for (const line of lines) print(line);
  return exitCode;
}

async function sync(given: Arguments, log: RunLog, shown: ReturnType<typeof progress>): Promise<number> {
  const options = await configure(given, log);
  // loaded only now: --help and a bad configuration answer without it
  const { run } = await import('./commands/sync.ts');
  const interruption = new AbortController();
  const signal = onSignal(interruption, options.shutdown_seconds, log);
  let complete = false;
  let defect: unknown;
  // a defect: the run ends in order, and what it has made is removed
  process.on('unhandledRejection', (error) => {
    defect ??= error;
    interruption.abort();
  });
  shown.start();
  try {
    await run(options, { input: given.input, log, events: shown, interruption: interruption.signal });
    if (defect !== undefined) throw defect;
    complete = !interruption.signal.aborted;
  } finally {
    shown.finish(log, { finalState: complete });
  }
  return signal() === undefined ? 0 : 128 + signal()!;
}

/** The first signal ends the run in order; a second one at once. @returns what tells which signal came, if any */
function onSignal(interruption: AbortController, shutdownSeconds: number, log: RunLog): () => number | undefined {
  let received: number | undefined;
  for (const [name, number] of Object.entries(SIGNALS))
    process.on(name, () => {
      if (received !== undefined) process.exit(128 + number);
      received = number;
      log.warn(
        `${name}: reading stops, what was read is loaded within ${shutdownSeconds} seconds; a second signal ends the run at once`,
      );
      interruption.abort();
    });
  return () => received;
}
