// An S3 server → the same one on a bad day: what is ordered happens to the requests that fit, the others pass unharmed.
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const DELAY_MS = 1_000;
const answers = {
  500: [500, 'InternalError'],
  slowdown: [503, 'SlowDown'],
  expired: [400, 'ExpiredToken'],
};

/** See s3-proxy.d.mts. */
export class S3Proxy {
  #server;
  #target;
  #order;
  #left = 0;
  troubled = 0;

  /** @private */
  constructor(endpoint) {
    this.#target = new URL(endpoint);
    this.#server = http.createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async open(endpoint) {
    const proxy = new S3Proxy(endpoint);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  make(order) {
    this.#order = order;
    this.#left = order?.count ?? 0;
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request, response) {
    const isDue = this.#left > 0 && this.#order?.fits(request.method ?? '', request.url ?? '') === true;
    const trouble = isDue ? this.#order?.trouble : undefined;
    if (isDue) {
      this.#left--;
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
    // in the middle: neither a header nor a length is hurt
    if (trouble === 'corrupt') body[body.length >> 1] ^= 1;
    const reply = await this.#forward(request, body);
    if (trouble === 'lost') return void request.socket.destroy();
    const bytes = await bodyOf(reply);
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    if (trouble !== 'truncate') return void response.end(bytes);
    response.flushHeaders();
    response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy());
  }

  /** The host that was signed is the proxy's, and stays: the server only checks that it is what was signed. */
  #forward(request, body) {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#target;
      const headers = { ...request.headers, 'content-length': String(body.length) };
      delete headers['transfer-encoding'];
      const upstream = http.request({ hostname, port, method: request.method, path: request.url, headers }, resolve);
      upstream.on('error', reject);
      upstream.end(body);
    });
  }
}

function refuse(response, status, code) {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}, as ordered</Message></Error>`);
}

async function bodyOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
