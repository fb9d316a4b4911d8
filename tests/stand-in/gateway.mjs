// HTTPS with Basic auth → Spark's plain HTTP on loopback, as iomete's front door does it; and its bad days on demand.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { bodyOf, carryOut, orderedCuts, refused } from './cuts.mjs';

const MODES = ['up', 'starting', 'hang', 'reset'];

/**
 * @param {import('./lakehouse.d.mts').GatewayOptions} options
 * @returns {Promise<import('./lakehouse.d.mts').Gateway>}
 */
export async function openGateway({ httpPath, user, password, sparkPort, tls, restart }) {
  /** @type {import('./lakehouse.d.mts').GatewayMode} */
  let mode = 'up';
  const counts = { requests: 0, unauthorized: 0, notFound: 0, unavailable: 0, upstreamErrors: 0, cut: 0 };
  const cuts = orderedCuts();
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const agent = new http.Agent({ keepAlive: true });

  const front = https.createServer(
    { pfx: readFileSync(tls.pfxFile), passphrase: tls.passphrase },
    (request, response) => {
      counts.requests++;
      if (request.headers.authorization !== authorization) {
        counts.unauthorized++;
        return answer(request, response, 401, 'Unauthorized', { 'www-authenticate': 'Basic realm="iomete"' });
      }
      if (request.url?.split('?')[0]?.replace(/\/$/, '') !== httpPath) {
        counts.notFound++;
        return answer(request, response, 404, 'lakehouse not found');
      }
      if (mode === 'starting') {
        counts.unavailable++;
        return answer(request, response, 503, 'lakehouse is starting');
      }
      if (mode === 'hang') return;
      if (mode === 'reset') return request.socket.destroy();
      if (cuts.waiting) return forwardOrCut(request, response).catch(() => response.destroy());
      request.pipe(forward(request, response));
    },
  );
  front.keepAliveTimeout = 60_000;
  front.on('connection', (socket) => socket.setNoDelay(true));

  /** @param {number} [length] of a body that is another than the client's */
  function forward(request, response, length) {
    const headers = { ...request.headers, host: `127.0.0.1:${sparkPort}` };
    if (length !== undefined) headers['content-length'] = String(length);
    const target = { host: '127.0.0.1', port: sparkPort, method: request.method, path: httpPath, agent, headers };
    const upstream = http.request(target, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.on('error', () => response.destroy());
      reply.pipe(response);
    });
    upstream.on('error', (error) => {
      counts.upstreamErrors++;
      if (response.headersSent) response.destroy();
      else answer(request, response, error.code === 'ECONNREFUSED' ? 503 : 502, `upstream: ${error.code}`);
    });
    response.on('close', () => {
      if (!response.writableFinished) upstream.destroy(); // the client is gone
    });
    return upstream;
  }

  async function forwardOrCut(request, response) {
    const body = await bodyOf(request);
    const order = cuts.take(body);
    if (order === undefined) return forward(request, response).end(body);
    counts.cut++;
    if (order.when === 'refused') {
      const other = refused(body, order.reason);
      return forward(request, response, other.length).end(other);
    }
    await carryOut(
      order,
      body,
      (bytes) => sendOnly(request, bytes),
      () => {
        if (order.status === 0) response.destroy();
        else answer(request, response, order.status, 'the gateway has lost the lakehouse');
      },
    );
  }

  /** Whatever becomes of the client. */
  function sendOnly(request, body) {
    const headers = { ...request.headers, host: `127.0.0.1:${sparkPort}`, 'content-length': body.length };
    delete headers['transfer-encoding'];
    const target = { host: '127.0.0.1', port: sparkPort, method: request.method, path: httpPath, agent, headers };
    return new Promise((resolve) => {
      const upstream = http.request(target, (reply) => reply.resume().on('close', resolve));
      upstream.on('error', resolve);
      upstream.end(body);
    });
  }

  async function control(request, response) {
    if (request.url === '/cut') {
      if (request.method === 'POST') cuts.order(JSON.parse(String(await bodyOf(request))));
      else cuts.clear();
      return answer(request, response, 200, 'cut');
    }
    if (request.url === '/restart' && request.method === 'POST' && restart !== undefined) {
      await restart();
      return answer(request, response, 200, 'restarted');
    }
    const wanted = /^\/mode\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (wanted === undefined)
      return answer(request, response, 200, JSON.stringify({ pid: process.pid, mode, ...counts }));
    if (request.method !== 'POST' || !MODES.includes(wanted)) return answer(request, response, 400, 'no such mode');
    mode = wanted;
    answer(request, response, 200, mode);
  }
  const controls = http.createServer((request, response) => {
    control(request, response).catch((error) => answer(request, response, 400, error.message));
  });

  await Promise.all([listen(front), listen(controls)]);
  return {
    port: portOf(front),
    controlUrl: `http://127.0.0.1:${portOf(controls)}`,
    setMode(wanted) {
      mode = wanted;
    },
    cut: (wanted) => cuts.order(wanted),
    clearCuts: () => cuts.clear(),
    counts: () => ({ ...counts }),
    async close() {
      agent.destroy();
      await Promise.all([close(front), close(controls)]);
    },
  };
}

function answer(request, response, status, text, headers = {}) {
  request.resume();
  response.writeHead(status, { 'content-type': 'text/plain', ...headers });
  response.end(text);
}

function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
}

function portOf(server) {
  return server.address().port;
}

function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve(undefined));
    server.closeAllConnections();
  });
}
