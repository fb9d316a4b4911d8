// Modules of dist/ → the same in few files, which start sooner than a file for each (docs/decisions.md).
//
// They belong two folders below the package's root, as the modules do that they are made of: what those find by their own
// place is found.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { rolldown } from 'rolldown';

const packages = resolve(import.meta.dirname, '../node_modules') + sep;

/**
 * @param {readonly string[]} input paths of the modules that are to be entered by
 * @param {string} dir only the files of this bundle are in it afterwards
 */
export async function bundle(input, dir) {
  mkdirSync(dir, { recursive: true });
  const bundled = await rolldown({
    input: [...input],
    platform: 'node',
    // packages stay what npm has installed; yargs alone, and what it is made of, starts sooner as a part of the bundle
    external: (id, importer = '') =>
      !/^[./]/.test(id) && id !== 'yargs' && (isBuiltin(id) || !importer.startsWith(packages)),
  });
  const { output } = await bundled.write({ dir, format: 'esm', chunkFileNames: '[name].js' });
  const written = new Set(output.map(({ fileName }) => fileName));
  // of an earlier build; those that are written anew are never missing for a process that just starts
  for (const name of readdirSync(dir)) if (!written.has(name)) rmSync(join(dir, name), { recursive: true });
}
