// A configuration → the file that a command is given.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param {string} folder @param {object} config */
export async function writeConfig(folder, config) {
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify(config));
  return path;
}
