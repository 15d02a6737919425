import type { FastifyPluginAsync } from 'fastify';
import type { App } from '../app.ts';

/** What a server of its own answers besides the API: probes, reload, metrics. */
export function selfRoutes(app: App): FastifyPluginAsync {
  return async (server) => {
    server.get('/-/healthy', async () => 'OK');
    server.get('/-/ready', async () => 'OK');
    server.post('/-/reload', async (_, reply) => {
      try {
        await app.reload();
        return reply.send();
      } catch (error) {
        return reply
          .code(500)
          .type('text/plain')
          .send(`failed to reload config: ${(error as Error).message}\n`);
      }
    });
    server.get('/metrics', async ({ headers }, reply) => {
      const { contentType, body } = app.registry.expose(headers.accept);
      return reply.header('content-type', contentType).send(body);
    });
  };
}
