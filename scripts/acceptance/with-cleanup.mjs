// A script's main function → its run, after which all that it started is stopped, also when a signal ended it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = { SIGINT: 2, SIGTERM: 15 };

/**
 * Ends the process: 0 when `main` resolves with true, 1 otherwise, 128 + n after a signal.
 * @param {(defer: (undo: () => unknown) => void) => Promise<boolean>} main what it defers is undone in reverse order
 */
export async function withCleanup(main) {
  const undos = [];
  let interrupted = false;
  const undoAll = async () => {
    for (let undo = undos.pop(); undo; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        console.error(`cleaning up: ${error.message}`);
      }
    }
  };
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, async () => {
      interrupted = true;
      await undoAll();
      process.exit(128 + number);
    });
  }
  let passed = false;
  try {
    passed = await main((undo) => undos.push(undo));
  } catch (error) {
    // what it was doing fails because everything is being stopped
    if (!interrupted) console.error(error.stack ?? error);
  }
  if (interrupted) return;
  await undoAll();
  process.exit(passed ? 0 : 1);
}

/** @param {(undo: () => unknown) => void} defer removes the folder */
export async function temporaryFolder(name, defer) {
  const folder = await mkdtemp(join(tmpdir(), `target-iomete-${name}-`));
  defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
