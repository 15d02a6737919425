import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';

const requests = 1_000;

/**
 * Asks the API what costs nothing, by its own address and one request in a turn of the event loop, so that the way of a
 * request through socket, parser, routes and parameters is compiled before the first caller's comes.
 */
export async function exerciseApi(web: FastifyInstance, stopped: () => boolean): Promise<void> {
  const address = web.server.address();
  if (address === null || stopped()) return;
  const socket = typeof address === 'string' ? connect(address) : connect(address.port, address.address);
  const request = `GET ${web.prefix}/api/v1/query?query=1 HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  try {
    socket.write(request);
    let answers = 0;
    for await (const _answer of socket) {
      if (++answers === requests || stopped()) break;
      socket.write(request);
    }
  } catch {
    // The server ends, or cannot reach itself: then the first caller's request is slower, and nothing else.
  }
}
