// Connection options → the HTTP path of the lakehouse; Airbyte's connection URL → the options that it stands for.
import { type Options, optionDeclarations } from './options.ts';

/** The path at which the lakehouse answers, by the first that is set: `http_path`, `data_plane`, `workspace_id`, none. */
export function connectionPath(
  options: Pick<Options, 'http_path' | 'data_plane' | 'workspace_id' | 'lakehouse'>,
): string {
  const { http_path, data_plane, workspace_id, lakehouse = '' } = options;
  if (http_path !== undefined) return http_path.startsWith('/') ? http_path : `/${http_path}`;
  if (data_plane !== undefined) return join('data-plane', data_plane, 'lakehouse', lakehouse);
  if (workspace_id !== undefined) return join('lakehouse', workspace_id, lakehouse);
  return join('lakehouse', lakehouse);
}

const join = (...segments: string[]): string => segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');

export interface ConnectionUrlParts {
  readonly host: string;
  readonly port?: number;
  readonly workspace_id: string;
  readonly lakehouse: string;
}

/** Undefined when the text is not of the form that the option `connection_url` declares. */
export function parseConnectionUrl(text: string): ConnectionUrlParts | undefined {
  if (!new RegExp(optionDeclarations.connection_url.schema.pattern).test(text)) return undefined;
  const [authority, account, lakehouse] = text.slice('airbyte://'.length).split('/');
  const [host, port] = authority!.split(':');
  return {
    host: host!,
    ...(port === undefined ? {} : { port: Number(port) }),
    workspace_id: account!,
    lakehouse: lakehouse!,
  };
}
