#!/usr/bin/env node
// Known weaknesses of the packages that an installation brings: exit code 1 when one is high or critical. A registry that
// answers no audits, or no network, is a notice and no failure.
import { execFile } from 'node:child_process';

const PATIENCE_MS = 90_000;
const GRAVE = ['high', 'critical'];

const { text, reason } = await new Promise((done) => {
  // it ends with 1 both for what it finds and for what it can't ask: only its answer tells
  const options = { timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: 64 << 20 };
  execFile('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=1'], options, (error, stdout) => {
    done({ text: stdout, reason: error?.killed ? `no answer within ${PATIENCE_MS / 1000} s` : error?.code });
  });
});

const answer = parse(text);
const counts = answer?.metadata?.vulnerabilities;
if (typeof counts?.high !== 'number' || typeof counts.critical !== 'number') {
  const status = answer?.statusCode === undefined ? reason : `HTTP ${answer.statusCode}`;
  console.log(`NOTICE: the dependencies were not audited, as the registry answers no audits (${status})`);
} else {
  const grave = Object.values(answer.vulnerabilities ?? {}).filter(({ severity }) => GRAVE.includes(severity));
  for (const { name, severity, range } of grave) console.log(`${severity}: ${name} ${range}`);
  console.log(
    `audit: ${counts.critical} critical, ${counts.high} high, ${counts.moderate ?? 0} moderate, ${counts.low ?? 0} low`,
  );
  if (counts.high + counts.critical > 0) process.exitCode = 1;
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
