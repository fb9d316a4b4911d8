// Modules of dist/ → the same in few files, which start sooner than a file for each (docs/decisions/packages.md).
//
// They belong two folders below the package's root, as the modules do that they are made of: what those find by their own
// place is found.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const installed = resolve(import.meta.dirname, '../node_modules') + sep;

const isPath = (id) => /^[./]/.test(id);

/** Packages stay what npm has installed. yargs alone, with what it is made of, starts sooner as a part of the bundle. */
const stays = (id, importer = '') =>
  !isPath(id) && id !== 'yargs' && (isBuiltin(id) || !importer.startsWith(installed));

/**
 * @param {readonly string[]} input paths of the modules that are to be entered by
 * @param {string} dir only the files of this bundle are in it afterwards
 * @param {string} [types] path of the types, as tsc has written them, that are to become one file as well
 */
export async function bundle(input, dir, types) {
  mkdirSync(dir, { recursive: true });
  const modules = await rolldown({
    input: [...input],
    platform: 'node',
    external: stays,
    resolve: { alias: { 'string-width': join(import.meta.dirname, 'plain-width.mjs') } },
  });
  const written = [await modules.write({ dir, format: 'esm', chunkFileNames: '[name].js' })];
  if (types) {
    const plugins = [dts({ dtsInput: true, tsconfig: false })];
    const declarations = await rolldown({ input: types, external: (id) => !isPath(id), plugins });
    written.push(await declarations.write({ dir, format: 'esm' }));
  }
  const names = new Set(written.flatMap(({ output }) => output.map(({ fileName }) => fileName)));
  // of an earlier build; those that are written anew are never missing for a process that just starts
  for (const name of readdirSync(dir)) if (!names.has(name)) rmSync(join(dir, name), { recursive: true });
}
