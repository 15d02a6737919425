import { parse } from 'node:querystring';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { encodeData } from '../query/encode-result.ts';
import { cleanTombstones, deleteSeries, snapshot } from './admin.ts';
import { ApiError, apiErrorOf, statusOf } from './api-error.ts';
import { type Endpoint, methodsOf } from './endpoint.ts';
import { formatQuery, parsedQuery, queryExemplars } from './expression.ts';
import { federate } from './federate.ts';
import { labelNames, labelValues, seriesLookup } from './lookup.ts';
import { type Fields, Params } from './params.ts';
import { instantQuery, rangeQuery } from './query.ts';
import { alerts, rules } from './rules.ts';
import {
  alertmanagers,
  statusBuild,
  statusConfig,
  statusFlags,
  statusRuntime,
  statusTsdb,
  statusWalReplay,
} from './status.ts';
import type { ApiSurroundings } from './surroundings.ts';
import { metadata, scrapePools, targetMetadata, targets } from './targets.ts';
import { unbuiltEndpoints } from './unbuilt.ts';

const endpoints: readonly Endpoint[] = [
  ...[instantQuery, rangeQuery, queryExemplars, formatQuery, parsedQuery],
  ...[seriesLookup, labelNames, labelValues],
  ...[alerts, rules, alertmanagers],
  ...[targets, targetMetadata, metadata, scrapePools],
  ...[statusConfig, statusFlags, statusRuntime, statusBuild, statusTsdb],
  ...[deleteSeries, cleanTombstones, snapshot],
];

const json = 'application/json';
const compress = promisify(gzip);
/** Below it, a compressed answer is hardly shorter. */
const compressFrom = 512;

/** Prometheus' HTTP API, to be registered under the route prefix: `/api/v1/…` and `/federate`. */
export function apiRoutes(monitor: ApiSurroundings) {
  return async (root: FastifyInstance): Promise<void> => {
    await root.register(async (app) => {
      addFederate(app, monitor);
    });
    await root.register((app) => addApi(app, monitor), { prefix: '/api/v1' });
  };
}

async function addApi(app: FastifyInstance, monitor: ApiSurroundings): Promise<void> {
  // A form is the only body that says something; of others Prometheus takes no notice either.
  app.removeAllContentTypeParsers();
  await app.register(formbody, { parser: formOf });
  app.addContentTypeParser('*', (_request, body, done) => {
    body.resume();
    done(null);
  });
  app.addHook('onRequest', allowOrigins);
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new ApiError('not_found', `there is no ${request.method} ${request.url.split('?')[0]}`)),
  );
  app.options('/*', async (_request, reply) => reply.status(204).send());
  addEndpoint(app, statusWalReplay, monitor);
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', refuseUntilReady(monitor));
    for (const endpoint of endpoints) addEndpoint(guarded, endpoint, monitor);
    for (const { path, feature } of unbuiltEndpoints) {
      guarded.all(path, () => {
        throw new ApiError('not_implemented', `${feature} is not built yet`);
      });
    }
  });
}

function addEndpoint(app: FastifyInstance, endpoint: Endpoint, monitor: ApiSurroundings): void {
  const methods = methodsOf[endpoint.methods];
  refuseOthers(app, endpoint.path, methods);
  app.route({
    method: [...methods],
    url: endpoint.path,
    async handler(request, reply) {
      const outcome = await endpoint.answer({
        params: paramsOf(request),
        path: request.params as Record<string, string>,
        monitor,
        signal: hangUp(reply),
      });
      if (outcome === 'nothing') return reply.status(204).send();
      const bytes = 'bytes' in outcome ? outcome.bytes : encodeData(outcome.data, outcome.warnings);
      return send(request, reply, bytes, json);
    },
  });
}

/** Other methods than those of a path are refused by name, as Prometheus does; OPTIONS goes everywhere. */
function refuseOthers(app: FastifyInstance, url: string, methods: readonly string[]): void {
  const allowed = [...methods, 'OPTIONS'].sort().join(', ');
  app.route({
    method: (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((each) => !methods.includes(each)),
    url,
    handler: async (_request, reply) =>
      reply
        .status(405)
        .header('Allow', allowed)
        .type('text/plain; charset=utf-8')
        .send('Method Not Allowed\n'),
  });
}

function addFederate(app: FastifyInstance, monitor: ApiSurroundings): void {
  app.addHook('onRequest', refuseUntilReady(monitor));
  app.setErrorHandler((error, _request, reply) => {
    const { type, message } = apiErrorOf(error);
    return reply.status(statusOf[type]).type('text/plain; charset=utf-8').send(`${message}\n`);
  });
  refuseOthers(app, '/federate', ['GET']);
  app.get('/federate', async (request, reply) => {
    const bytes = await federate(paramsOf(request), monitor, hangUp(reply));
    return send(request, reply, bytes, 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
  });
}

function formOf(text: string): Fields {
  return parse(text, undefined, undefined, { maxKeys: 0 });
}

function paramsOf(request: FastifyRequest): Params {
  return new Params(request.query as Fields, request.body as Fields | undefined);
}

/** A signal that ends when the caller goes before the answer came. */
function hangUp(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: Uint8Array,
  type: string,
): Promise<FastifyReply> {
  reply.type(type);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const accepts = /\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|$))/.test(request.headers['accept-encoding'] ?? '');
  if (!accepts || body.length < compressFrom) return reply.send(body);
  return reply.header('Content-Encoding', 'gzip').send(await compress(body));
}

function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const { type, message } = apiErrorOf(error);
  const errorType = type === 'not_implemented' ? 'unavailable' : type;
  return reply
    .status(statusOf[type])
    .type(json)
    .send(JSON.stringify({ status: 'error', errorType, error: message }));
}

/** For pages of other origins; who is none of these needs no word of it. */
function allowOrigins(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.header('Vary', 'Accept-Encoding, Origin');
  if (request.headers.origin !== undefined)
    reply.headers({
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, Origin',
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Date',
    });
  done();
}

function refuseUntilReady(monitor: ApiSurroundings) {
  return (_request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (monitor.ready()) done();
    else
      reply
        .status(503)
        .header('X-Prometheus-Stopping', String(monitor.stopping()))
        .type('text/plain; charset=utf-8')
        .send('Service Unavailable');
  };
}
