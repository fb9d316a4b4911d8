// An S3 server → the same one on a bad day: what is ordered happens to the requests that fit, the others pass unharmed.
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type S3Trouble =
  | '500'
  | 'slowdown'
  | 'expired'
  /** The connection drops before anything is done, or within the request's body. */
  | 'reset'
  | 'reset-request'
  /** It is done, and of the answer comes half or nothing. */
  | 'truncate'
  | 'lost'
  | 'delay';

export interface S3Order {
  readonly trouble: S3Trouble;
  readonly fits: (method: string, path: string) => boolean;
  /** How many requests. */
  readonly count: number;
}

const DELAY_MS = 1_000;
const answers = {
  '500': [500, 'InternalError'],
  slowdown: [503, 'SlowDown'],
  expired: [400, 'ExpiredToken'],
} as const;

export class S3Proxy {
  private readonly server: http.Server;
  private readonly target: URL;
  private order: S3Order | undefined;
  private left = 0;
  /** Requests that trouble was made for. */
  troubled = 0;

  private constructor(endpoint: string) {
    this.target = new URL(endpoint);
    this.server = http.createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async open(endpoint: string): Promise<S3Proxy> {
    const proxy = new S3Proxy(endpoint);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** In place of what was ordered before. */
  make(order: S3Order | undefined): void {
    this.order = order;
    this.left = order?.count ?? 0;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isDue = this.left > 0 && this.order?.fits(request.method ?? '', request.url ?? '') === true;
    const trouble = isDue ? this.order?.trouble : undefined;
    if (isDue) {
      this.left--;
      this.troubled++;
    }
    if (trouble === 'reset') return void request.socket.destroy();
    if (trouble === 'reset-request') {
      request.once('data', () => request.socket.destroy());
      request.once('end', () => request.socket.destroy());
      return;
    }
    const body = await bodyOf(request);
    if (trouble === '500' || trouble === 'slowdown' || trouble === 'expired') {
      const [status, code] = answers[trouble];
      return refuse(response, status, code);
    }
    if (trouble === 'delay') await sleep(DELAY_MS);
    const reply = await this.forward(request, body);
    if (trouble === 'lost') return void request.socket.destroy();
    const bytes = await bodyOf(reply);
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    if (trouble !== 'truncate') return void response.end(bytes);
    response.flushHeaders();
    response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy());
  }

  /** The host that was signed is the proxy's, and stays: the server only checks that it is what was signed. */
  private forward(request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.target;
      const headers = { ...request.headers, 'content-length': String(body.length) };
      delete (headers as Record<string, unknown>)['transfer-encoding'];
      const upstream = http.request({ hostname, port, method: request.method, path: request.url, headers }, resolve);
      upstream.on('error', reject);
      upstream.end(body);
    });
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}, as ordered</Message></Error>`);
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
