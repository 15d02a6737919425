import type { Registry } from '@paddlewatch/metrics';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { BuildInfo } from './surroundings.ts';

/** What the routes about the server itself need of it. */
export interface SelfSurroundings {
  ready(): boolean;
  stopping(): boolean;
  readonly registry: Registry;
  readonly build: BuildInfo;
  /** `--web.enable-lifecycle` */
  readonly lifecycle: boolean;
  /** @throws where the new configuration cannot be used; the old one stays. */
  reload(): Promise<void>;
  quit(): void;
}

/** Health, life cycle, version and own metrics: `/-/…`, `/version`, `/metrics`. */
export function selfRoutes(self: SelfSurroundings) {
  return async (app: FastifyInstance): Promise<void> => {
    app.route({
      method: ['GET', 'HEAD'],
      url: '/-/healthy',
      handler: async (_request, reply) => text(reply, 200, 'Prometheus Server is Healthy.\n'),
    });
    app.route({
      method: ['GET', 'HEAD'],
      url: '/-/ready',
      async handler(_request, reply) {
        if (self.ready()) return text(reply, 200, 'Prometheus Server is Ready.\n');
        reply.header('X-Prometheus-Stopping', String(self.stopping()));
        return text(reply, 503, 'Service Unavailable');
      },
    });
    addLifecycle(app, self);
    app.get('/version', async () => self.build);
    app.get('/metrics', async (request, reply) => {
      const { contentType, body } = self.registry.expose(request.headers.accept);
      return reply.type(contentType).send(body);
    });
  };
}

function addLifecycle(app: FastifyInstance, self: SelfSurroundings): void {
  const actions: Record<string, () => Promise<string> | string> = {
    async '/-/reload'() {
      await self.reload();
      return '';
    },
    '/-/quit'() {
      self.quit();
      return 'Requesting termination... Goodbye!';
    },
  };
  for (const [url, act] of Object.entries(actions)) {
    app.route({
      method: ['POST', 'PUT'],
      url,
      async handler(_request, reply) {
        if (!self.lifecycle) return text(reply, 403, 'Lifecycle API is not enabled.');
        try {
          return text(reply, 200, await act());
        } catch (error) {
          return text(reply, 500, `failed to reload config: ${(error as Error).message}\n`);
        }
      },
    });
    app.get(url, async (_request, reply) =>
      text(reply.header('Allow', 'POST, PUT'), 405, 'Only POST or PUT requests allowed'),
    );
  }
}

function text(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.status(status).type('text/plain; charset=utf-8').send(body);
}
