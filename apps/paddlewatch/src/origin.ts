import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';

/** One listening port, open before anything else stands, so that every part can be told its final address. */
export interface Origin {
  /** Where it really listens: `http://127.0.0.1:9090`, also where port 0 was asked for. */
  readonly url: string;
  /** A fastify instance on this port. Until `open`, every request is answered 503. */
  readonly web: FastifyInstance;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error naming the address where it is taken or not permitted, and the flag that chooses another. */
export async function listen(host: string, port: number, flag = '--port'): Promise<Origin> {
  const server = createServer();
  const starting = (_: unknown, response: ServerResponse) => {
    response
      .writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' })
      .end('Service Unavailable: starting\n');
  };
  server.on('request', starting);
  await bind(server, host, port, flag);
  let opened = () => {};
  const web = fastify({
    serverFactory(handler) {
      opened = () => {
        server.off('request', starting);
        server.on('request', handler);
      };
      return server;
    },
    forceCloseConnections: 'idle',
    bodyLimit: 64 * 1024 * 1024,
  });
  return {
    url: urlOf(server, host),
    web,
    async open() {
      await web.ready();
      opened();
    },
    async close() {
      await web.close();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}

function bind(server: Server, host: string, port: number, flag: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`cannot listen on ${host}:${port}: ${reason(error, flag)}`, { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function reason(error: NodeJS.ErrnoException, flag: string): string {
  if (error.code === 'EADDRINUSE') return `another program has this port; choose another with ${flag}`;
  if (error.code === 'EACCES') return 'not permitted; ports below 1024 need privileges';
  return error.message;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
