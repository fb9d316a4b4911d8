// A file as a manifest names it → where to look for it.
import { TargetError } from '../errors/target-error.ts';

export type BatchLocation =
  /** Paths by which the name may be meant: the first that is there counts. */
  | { readonly kind: 'local'; readonly paths: readonly string[] }
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string };

/**
 * Names are taken as they stand, as Meltano's SDK writes them; of `file://` addresses, where nothing has that name, also
 * percent-decoded. `file://a/b` is relative to the working directory, as it is for the SDK.
 * @throws TargetError INPUT_BATCH_FILE for any other kind of address
 */
export function batchLocation(name: string): BatchLocation {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(name)?.[1]?.toLowerCase();
  if (scheme === 'file') return { kind: 'local', paths: pathsOf(name.slice('file:'.length)) };
  const [, bucket, key] = /^s3[an]?:\/\/([^/]+)\/(.+)$/is.exec(name) ?? [];
  if (bucket !== undefined && key !== undefined) return { kind: 's3', bucket, key };
  if (scheme !== undefined && (name.startsWith('//', scheme.length + 1) || scheme.startsWith('s3')))
    throw new TargetError('INPUT_BATCH_FILE', 'the manifest names a file that is neither file:// nor s3://', {
      file: withoutQuery(name),
    });
  return { kind: 'local', paths: [name] };
}

/** @param rest of the address, behind `file:` */
function pathsOf(rest: string): readonly string[] {
  const path = rest.startsWith('//') ? rest.slice(2) : rest;
  const paths = path.startsWith('localhost/') ? [path, path.slice('localhost'.length)] : [path];
  return [...new Set(paths.flatMap((each) => [each, decoded(each)]))];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A signed address carries its secret there. */
export const withoutQuery = (name: string): string => name.replace(/\?.*$/s, '');
