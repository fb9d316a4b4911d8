// A proxy as companies have them, on loopback: CONNECT tunnels, absolute-form requests, and names that it alone resolves.
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

type Mood = 'up' | 'silent' | { readonly status: number };

export interface ForwardProxy {
  readonly port: number;
  /** `CONNECT host:port`, `PUT http://host:port/path`, in order. */
  readonly asked: string[];
  mood: Mood;
  close(): Promise<void>;
}

/**
 * @param names that stand for loopback
 * @param credentials `user:password` that are asked for with 407
 */
export async function openForwardProxy(names: readonly string[], credentials?: string): Promise<ForwardProxy> {
  const sockets = new Set<Socket>();
  const addressOf = (name: string) => (names.includes(name) ? '127.0.0.1' : name);
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  /** What is answered instead of the server. */
  const refusal = ({ headers }: http.IncomingMessage): number | undefined => {
    if (typeof proxy.mood === 'object') return proxy.mood.status;
    return wanted && headers['proxy-authorization'] !== wanted ? 407 : undefined;
  };

  const server = http.createServer((request, response) => {
    proxy.asked.push(`${request.method} ${request.url}`);
    if (proxy.mood === 'silent') return;
    const status = refusal(request);
    if (status !== undefined) return void response.writeHead(status).end('<html>the proxy says no</html>');
    const url = new URL(request.url!);
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = request.headers;
    const onward = http.request(
      {
        host: addressOf(url.hostname),
        port: url.port,
        method: request.method,
        path: url.pathname + url.search,
        headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.on('connect', (request, client: Socket) => {
    proxy.asked.push(`CONNECT ${request.url}`);
    if (proxy.mood === 'silent') return;
    const status = refusal(request);
    if (status !== undefined) return void client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect({ host: addressOf(hostname), port: Number(port) }, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    onward.on('error', () => client.destroy());
    client.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: ForwardProxy = {
    port: (server.address() as AddressInfo).port,
    asked: [],
    mood: 'up',
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return proxy;
}
