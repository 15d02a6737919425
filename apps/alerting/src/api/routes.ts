import { labelsFrom } from '@paddlewatch/model';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { App } from '../app.ts';
import { matchesAll } from '../matchers/label-matcher.ts';
import { getAlerts, getGroups, postAlerts } from './alerts.ts';
import { ApiError } from './api-error.ts';
import { getHistory } from './history.ts';
import { matcherList, type Query } from './query.ts';
import { deleteSilence, getSilence, getSilences, postSilence } from './silences.ts';
import { getStatus } from './status.ts';
import { testReceiver } from './test-receiver.ts';

/** A batch of alerts may be this large, bytes. */
const bodyLimit = 32 * 1024 * 1024;

/** Alertmanager's API v2, and Paddlewatch's own beside it. */
export function apiRoutes(app: App): FastifyPluginAsync {
  return async (server) => {
    server.setErrorHandler((error, _, reply) => {
      const status =
        error instanceof ApiError ? error.status : ((error as { statusCode?: number }).statusCode ?? 500);
      if (status >= 500) app.log('error', 'cannot answer a request', { error: (error as Error).message });
      // A string alone, as JSON: fastify would send it as plain text.
      return reply
        .code(status)
        .type('application/json')
        .send(JSON.stringify((error as Error).message));
    });
    server.addHook('onSend', async (_, reply) => {
      reply.header('cache-control', 'no-store');
    });
    await server.register(alertmanagerV2(app), { prefix: '/api/v2' });
    await server.register(ownRoutes(app), { prefix: '/api/paddlewatch/v1' });
  };
}

function alertmanagerV2(app: App): FastifyPluginAsync {
  return async (server) => {
    server.get('/status', () => getStatus(app));
    server.get<{ Querystring: Query }>('/receivers', ({ query }) => {
      const wanted = matcherList(query, 'receiver_matchers');
      return app.assembly.loaded.config.receivers
        .filter(({ labels }) => matchesAll(wanted, labelsFrom(labels)))
        .map(({ name, labels }) => (Object.keys(labels).length > 0 ? { name, labels } : { name }));
    });
    server.get<{ Querystring: Query }>('/alerts', ({ query }) => getAlerts(app, query));
    server.post('/alerts', { bodyLimit }, async ({ body }, reply) => {
      postAlerts(app, body);
      return reply.code(200).send();
    });
    server.get<{ Querystring: Query }>('/alerts/groups', ({ query }) => getGroups(app, query));
    silenceRoutes(server, app);
  };
}

function silenceRoutes(server: FastifyInstance, app: App): void {
  server.get<{ Querystring: Query }>('/silences', ({ query }) => getSilences(app, query));
  server.post('/silences', ({ body }) => postSilence(app, body));
  server.get<{ Params: { id: string } }>('/silence/:id', async ({ params }, reply) => {
    return getSilence(app, params.id) ?? reply.code(404).send();
  });
  server.delete<{ Params: { id: string } }>('/silence/:id', async ({ params }, reply) => {
    return reply.code(deleteSilence(app, params.id) ? 200 : 404).send();
  });
}

function ownRoutes(app: App): FastifyPluginAsync {
  return async (server) => {
    server.get<{ Querystring: Query }>('/history', ({ query }) => getHistory(app, query));
    server.post<{ Params: { name: string } }>('/receivers/:name/test', ({ params }) =>
      testReceiver(app, params.name),
    );
  };
}
