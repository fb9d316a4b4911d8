// A run directory → the details of the lakehouse that is up in it, if one is.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DETAILS_FILE = 'lakehouse.json';

/**
 * @param {string} runDir
 * @returns {Promise<import('./lakehouse.d.mts').LakehouseDetails | undefined>}
 */
export async function readRunning(runDir) {
  try {
    const details = JSON.parse(readFileSync(join(runDir, DETAILS_FILE), 'utf8'));
    // Its own word counts, as a pid in an old file may be somebody else's by now.
    const status = await (await fetch(details.controlUrl)).json();
    return status.pid === details.pids.supervisor ? details : undefined;
  } catch {
    return undefined;
  }
}
