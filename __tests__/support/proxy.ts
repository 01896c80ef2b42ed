import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProxy } from 'proxy';

export interface TestProxy {
  /** With user and password where `auth` was asked for. */
  url: string;
  /** Targets of CONNECT that were let through, `host:port`. */
  connects: string[];
  /** Plain requests that were let through, `GET http://host/path`. */
  requests: string[];
  /** Either kind, answered with 407. */
  refused: string[];
  close(): Promise<void>;
}

/** A real proxy on a free local port; with `auth` (`user:password`) it answers 407 to everybody else. */
export async function startProxy({ auth }: { auth?: string } = {}): Promise<TestProxy> {
  const connects: string[] = [];
  const requests: string[] = [];
  const refused: string[] = [];
  const sockets = new Set<Socket>();
  const expected = auth && `Basic ${Buffer.from(auth).toString('base64')}`;

  const server = createProxy(createServer());
  // The proxy asks this once for every request of either kind.
  server.authenticate = (request) => {
    const isConnect = request.method === 'CONNECT';
    const what = isConnect ? (request.url ?? '') : `${request.method} ${request.url}`;
    const isAllowed = !expected || request.headers['proxy-authorization'] === expected;
    (isAllowed ? (isConnect ? connects : requests) : refused).push(what);
    return isAllowed;
  };
  // A tunnel belongs to no server any more: its two ends are remembered, so that close() leaves nothing open.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('pipe', (target) => sockets.add(target as Socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${auth ? `${auth.split(':').map(encodeURIComponent).join(':')}@` : ''}127.0.0.1:${port}`,
    connects,
    requests,
    refused,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
