// The environment's HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY → the proxy that a request is to go through, and words about it.
import { TargetError } from '../errors/target-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyServer {
  /** With user and password: only for whoever connects. */
  readonly url: string;
  /** `The proxy http://host:port ("HTTPS_PROXY")`: for messages, without user and password. */
  readonly shown: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** What a proxy, and not the server behind it, has refused or failed to do. Carries the words for the user. */
export class ProxyFailure extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = 'ProxyFailure';
    this.code = code;
  }
}

/** Code of a refusal that is the same at the next attempt. */
export const proxyRefusal = 'EPROXY';

/** HTTP clients wrap what an agent throws into words of their own: the words about a proxy, or undefined. */
export function proxyWords(failure: unknown): string | undefined {
  const { message } = (failure ?? {}) as { message?: unknown };
  return typeof message === 'string' ? /The proxy https?:\/\/\S+ \("\w+"\) .*/s.exec(message)?.[0] : undefined;
}

const variablesOf = (scheme: string): readonly string[] =>
  [`${scheme}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);

/** False when all requests go their way directly. */
export const isProxySet = (environment: Environment = process.env): boolean =>
  [...variablesOf('https'), ...variablesOf('http')].some((name) => Boolean(environment[name]));

/** Of plain http:// a proxy answers as if it were the server: words that tell of it, where there is one. */
export function perhapsProxy(status: number | undefined): string {
  const variable = variablesOf('http').find((name) => process.env[name]);
  if (variable === undefined) return '';
  const shown = shownOf(process.env[variable]!, variable).replace('The', 'the');
  return status === 407
    ? `, but of ${shown}, which wants another user or password`
    : `; it may be that of ${shown}: let it allow this host, or name the host in "NO_PROXY"`;
}

const withScheme = (text: string): string => (text.includes('://') ? text : `http://${text}`);

function shownOf(text: string, variable: string): string {
  const { protocol, host } = new URL(withScheme(text));
  return `The proxy ${protocol}//${host} ("${variable}")`;
}

/** Passwords in the URLs of proxies, in the forms in which they are sent. */
export function proxySecrets(environment: Environment = process.env): readonly string[] {
  const urls = [...variablesOf('https'), ...variablesOf('http')].flatMap((name) => environment[name] ?? []);
  return urls.flatMap((text) => {
    const userInfo = /^(?:[^/]*:\/\/)?([^/]*)@/.exec(text)?.[1];
    if (userInfo === undefined) return [];
    const [user = '', ...password] = userInfo.split(':');
    const secret = password.join(':');
    const basic = Buffer.from(`${decoded(user)}:${decoded(secret)}`).toString('base64');
    return [secret, decoded(secret), basic].filter((each) => each !== '');
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What a request goes through, by the variables that curl reads as well. Undefined: it goes its way directly.
 * @param target `https://host:port`
 * @throws TargetError CONFIG_INVALID when the variable holds no URL of an HTTP proxy
 */
export function proxyOf(target: string, getProxyForUrl: (url: string) => string): ProxyServer | undefined {
  if (getProxyForUrl(target) === '') return undefined;
  const variable = variablesOf(new URL(target).protocol.slice(0, -1)).find((name) => process.env[name]);
  // one of npm's own, which is npm's affair
  if (variable === undefined) return undefined;
  const text = process.env[variable]!;
  const url = withScheme(text);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw new TargetError(
      'CONFIG_INVALID',
      `"${variable}" must be the URL of an HTTP proxy, such as http://proxy.example.com:3128; "NO_PROXY" names hosts that need none`,
    );
  return { url, variable, shown: shownOf(text, variable) };
}
