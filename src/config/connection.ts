// Airbyte's connection URL → the options that it stands for.
import { optionDeclarations } from './options.ts';

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
