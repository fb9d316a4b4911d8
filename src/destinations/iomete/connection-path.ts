// Connection options → the HTTP path of the lakehouse.

export interface PathOptions {
  readonly http_path?: string | undefined;
  readonly data_plane?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly lakehouse?: string | undefined;
}

/** The path at which the lakehouse answers, by the first that is set: `http_path`, `data_plane`, `workspace_id`, none. */
export function connectionPath(options: PathOptions): string {
  const { http_path, data_plane, workspace_id, lakehouse = '' } = options;
  if (http_path !== undefined) return http_path.startsWith('/') ? http_path : `/${http_path}`;
  if (data_plane !== undefined) return join('data-plane', data_plane, 'lakehouse', lakehouse);
  if (workspace_id !== undefined) return join('lakehouse', workspace_id, lakehouse);
  return join('lakehouse', lakehouse);
}

const join = (...segments: string[]): string => segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
