// A run's id ↔ the names of what it leaves in a stage: `clean` takes nothing for ours that has another name.
import { createHash, randomBytes } from 'node:crypto';

/** Staged files, those that `keep_staged_files` keeps, or records set aside: only the first are nobody's after a kill. */
type RunPart = 'staged' | 'kept' | 'dead-letters';

export interface RunFolder {
  readonly runId: string;
  readonly part: RunPart;
}

/** `20261121T185504Z-9f2c41d0`: when it began, and what tells it from all others. */
export function newRunId(startedAt = new Date()): string {
  return `${startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
}

export const runFolderName = ({ runId, part }: RunFolder): string => (part === 'staged' ? runId : `${part}-${runId}`);

/** @returns undefined for a name that no run gives to its folder. */
export function readRunFolder(name: string): RunFolder | undefined {
  const match = /^(?:(kept|dead-letters)-)?(\d{8}T\d{6}Z-[0-9a-f]{8})$/.exec(name);
  return match ? { runId: match[2]!, part: (match[1] as RunPart | undefined) ?? 'staged' } : undefined;
}

/** Twelve hexadecimal digits, which stand in the names of what the run makes elsewhere: staging tables, branches. */
export function shortRunId(runId: string): string {
  return createHash('sha256').update(runId).digest('hex').slice(0, 12);
}
