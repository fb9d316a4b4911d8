// Options of connections → agents that take each request to its proxy, or directly where it needs none.
import http, { type ClientRequest } from 'node:http';
import https, { type AgentOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AgentConnectOpts, Agent as Chooser } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { ProxyFailure, type ProxyServer, proxyOf, proxyRefusal } from './proxy.ts';

const answerTimeoutMs = 10_000;

/**
 * @param options of the connections to servers, whether through the proxy or not
 * @param server that is called first, as `https://host:port`
 * @throws TargetError CONFIG_INVALID when its proxy can't be one
 */
export function openProxyAgent(options: AgentOptions, server: string): https.Agent {
  proxyOf(server, getProxyForUrl);
  // it serves http:// as well, and is no subclass of Node's agent for https://
  return new ChosenWay(options) as unknown as https.Agent;
}

class ChosenWay extends Chooser {
  private readonly connections: AgentOptions;
  private readonly direct: { readonly http: http.Agent; readonly https: https.Agent };
  private readonly through = new Map<'http' | 'https', http.Agent>();

  constructor(options: AgentOptions) {
    super();
    this.connections = options;
    this.direct = { http: new http.Agent(options), https: new https.Agent(options) };
  }

  override connect(_: ClientRequest, { secureEndpoint, host = '', port }: AgentConnectOpts): http.Agent {
    const scheme = secureEndpoint ? 'https' : 'http';
    const name = host?.includes(':') ? `[${host}]` : host;
    const proxy = proxyOf(`${scheme}://${name}:${port}`, getProxyForUrl);
    if (proxy === undefined) return this.direct[scheme];
    const through =
      this.through.get(scheme) ?? new (secureEndpoint ? Tunnels : Forwards)(proxy.url, this.connections, proxy);
    this.through.set(scheme, through);
    return through;
  }

  override destroy(): void {
    for (const agent of [this.direct.http, this.direct.https, ...this.through.values()]) agent.destroy();
    super.destroy();
  }
}

/** CONNECT: the proxy sees the host's name, and nothing of what is said. */
class Tunnels extends HttpsProxyAgent<string> {
  private readonly proxyServer: ProxyServer;
  private readonly connections: AgentOptions;

  constructor(url: string, options: AgentOptions, proxy: ProxyServer) {
    super(url, options);
    this.proxyServer = proxy;
    this.connections = options;
  }

  override async connect(...[request, to]: Parameters<HttpsProxyAgent<string>['connect']>) {
    const giveUp = new AbortController();
    // one for each connection, so that the signal is its own
    const tunnel = new HttpsProxyAgent(this.proxyServer.url, { keepAlive: true, signal: giveUp.signal });
    let status = 200;
    tunnel.once('proxyConnect', (answer: { statusCode: number }) => {
      status = answer.statusCode;
    });
    // the package itself forgets the options, and with them whom to trust
    const socket = await answerOf(
      this.proxyServer,
      giveUp,
      tunnel.connect(request, { ...to, ...this.connections } as AgentConnectOpts),
    );
    if (status === 200) return socket;
    // it would answer as if it were the server
    socket.destroy();
    throw refusal(this.proxyServer, status);
  }
}

/** Of plain http:// the proxy is asked for the whole URL. */
class Forwards extends HttpProxyAgent<string> {
  private readonly proxyServer: ProxyServer;

  constructor(url: string, options: AgentOptions, proxy: ProxyServer) {
    super(url, options);
    this.proxyServer = proxy;
  }

  override async connect(...[request, to]: Parameters<HttpProxyAgent<string>['connect']>) {
    const giveUp = new AbortController();
    const forward = new HttpProxyAgent(this.proxyServer.url, { keepAlive: true, signal: giveUp.signal });
    return answerOf(this.proxyServer, giveUp, forward.connect(request, to));
  }
}

/** A proxy that is down or silent is named. */
async function answerOf<T>(proxy: ProxyServer, giveUp: AbortController, connecting: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const silence = sleep(answerTimeoutMs, undefined, { signal: answered.signal }).then(() => {
    throw new ProxyFailure(
      `${proxy.shown} gave no answer within ${answerTimeoutMs / 1000} s. ${fixOf(proxy)}`,
      'ETIMEDOUT',
    );
  });
  try {
    return await Promise.race([connecting, silence]);
  } catch (error) {
    giveUp.abort();
    connecting.catch(() => {});
    if (error instanceof ProxyFailure) throw error;
    const { code = 'ECONNRESET' } = error as { code?: string };
    throw new ProxyFailure(`${proxy.shown} cannot be reached (${code}). ${fixOf(proxy)}`, code);
  } finally {
    answered.abort();
    silence.catch(() => {});
  }
}

const fixOf = ({ variable }: ProxyServer): string => `Correct "${variable}", or name this host in "NO_PROXY"`;

function refusal({ shown, variable }: ProxyServer, status: number): ProxyFailure {
  if (status === 407)
    return new ProxyFailure(
      `${shown} wants another user or password (HTTP 407). Give both in "${variable}", as http://user:password@host:port`,
      proxyRefusal,
    );
  if (status >= 500)
    return new ProxyFailure(
      `${shown} cannot reach the server (HTTP ${status}). Name this host in "NO_PROXY" if it needs no proxy`,
      'EHOSTUNREACH',
    );
  return new ProxyFailure(
    `${shown} refused the connection (HTTP ${status}). Let it be allowed there, or name this host in "NO_PROXY"`,
    proxyRefusal,
  );
}
