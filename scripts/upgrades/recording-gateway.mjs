// HTTPS in front of Spark, as the stand-in's own gateway → each statement told before Spark gets it, or held for ever.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { statementIn } from './thrift-statement.mjs';

/**
 * @param {import('../../tests/stand-in/lakehouse.mjs').LakehouseDetails} details
 * @param {(statement: { readonly session: string, readonly sql: string }) => Promise<boolean>} pass resolves to false
 * for a statement that Spark is never to get; the next one waits until it resolves
 */
export async function recordingGateway({ httpPath, sparkPort, tls }, pass) {
  const agent = new http.Agent({ keepAlive: true });
  let turn = Promise.resolve();
  const inTurn = (work) => {
    turn = turn.then(work, work);
    return turn;
  };
  const forward = (request, response, body) => {
    const headers = { ...request.headers, host: `127.0.0.1:${sparkPort}`, 'content-length': body.length };
    delete headers['transfer-encoding'];
    const target = { host: '127.0.0.1', port: sparkPort, method: request.method, path: httpPath, agent, headers };
    const upstream = http.request(target, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    upstream.end(body);
  };
  const server = https.createServer({ pfx: readFileSync(tls.pfxFile), passphrase: tls.passphrase });
  server.on('request', async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const statement = statementIn(body);
    if (statement === undefined || (await inTurn(() => pass(statement)))) forward(request, response, body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
