// Where the package's files lie that are no source: what the build makes, and package.json.
//
// Sources, their build in dist/ and the bundle in dist/command/ all lie two folders below the package's root.

const root = new URL('../../', import.meta.url);

export const packageFile: URL = new URL('package.json', root);
/** Of `config/`'s schema: the build compiles the check of the options. */
export const checkValuesFile: URL = new URL('dist/config/check-values.js', root);
/** What docs say of each error code. */
export const errorsPage: URL = new URL('docs/errors.md', root);
/** In few files, since each thread loads them anew. */
export const encodeWorkerFile: URL = new URL('dist/command/encode-worker.js', root);
/** @param name as scripts/build-wasm.mjs calls it */
export const wasmFile = (name: string): URL => new URL(`dist/wasm/${name}.wasm`, root);
