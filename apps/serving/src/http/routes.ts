import type { Registry } from '@paddlewatch/metrics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Catalog, ServedVersion } from '../catalog.ts';
import type { ServingMetrics } from '../metrics.ts';
import { RequestError } from '../request-error.ts';
import type { Tensors } from '../tensor.ts';
import { formatTensor } from './nested-array.ts';
import { parseInputs, parseRequest } from './request.ts';

const json = 'application/json; charset=utf-8';

export interface RoutesOptions {
  readonly catalog: Catalog;
  readonly registry: Registry;
  readonly metrics: ServingMetrics;
  /** Bytes of a request body. */
  readonly bodyLimit: number;
  readonly isStopping: () => boolean;
  /** Runs every model version on zeros; the message of what does not answer. */
  readonly probe: () => Promise<readonly Probe[]>;
}

export interface Probe {
  readonly model: string;
  readonly version: string;
  /** Why the version cannot answer; undefined where it did. */
  readonly fault: string | undefined;
}

/** `POST /infer`, `GET /health`, `GET /metrics` as a fastify plugin that keeps its parsers and handlers to itself. */
export function servingRoutes(options: RoutesOptions): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, request, reply) => {
      reply.send(refuse(options, error as Error, request, reply));
    });
    app.post('/infer', { bodyLimit: options.bodyLimit }, (request, reply) => infer(options, request, reply));
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: '/infer',
      handler: (request) => {
        throw new RequestError('method_not_allowed', `cannot infer by ${request.method}: use POST`);
      },
    });
    app.get('/health', async (_request, reply) => {
      const probes = await options.probe();
      const ready = !options.isStopping() && probes.every(({ fault }) => fault === undefined);
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', models: probes });
    });
    if (options.metrics.enabled)
      app.get('/metrics', (request, reply) => {
        const { contentType, body } = options.registry.expose(request.headers.accept);
        reply.header('content-type', contentType).send(body);
      });
  };
}

async function infer(options: RoutesOptions, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const start = performance.now();
  if (options.isStopping()) throw new RequestError('stopping', 'cannot infer: the server is stopping');
  const body = parseRequest(typeof request.body === 'string' ? request.body : '');
  const served = options.catalog.find(body.model, body.version);
  const { metrics } = served;
  try {
    const inputs = parseInputs(body.inputs, served.inputs);
    metrics.preprocess(secondsSince(start));
    const answer = formatAnswer(served, await served.queue.submit(inputs));
    metrics.answered(200, secondsSince(start));
    reply.type(json);
    return answer;
  } catch (error) {
    const refusal = asRefusal(error as Error, options.bodyLimit);
    metrics.failed(refusal.reason);
    metrics.answered(refusal.status, secondsSince(start));
    return respond(reply, refusal);
  }
}

function formatAnswer(served: ServedVersion, outputs: Tensors): string {
  const start = performance.now();
  const fields = Object.entries(outputs).map(
    ([name, tensor]) => `${JSON.stringify(name)}:${formatTensor(tensor)}`,
  );
  const head = `{"model":${JSON.stringify(served.name)},"version":${JSON.stringify(served.version)}`;
  const answer = `${head},"outputs":{${fields.join(',')}}}`;
  served.metrics.postprocess(secondsSince(start));
  return answer;
}

/** What failed before the model was known: unreadable bodies, unknown models, other methods. */
function refuse(options: RoutesOptions, error: Error, request: FastifyRequest, reply: FastifyReply): string {
  const refusal = asRefusal(error, options.bodyLimit);
  options.metrics.refused(request.method, refusal.status, refusal.reason);
  return respond(reply, refusal);
}

function asRefusal(error: Error & { code?: string; statusCode?: number }, bodyLimit: number): RequestError {
  if (error instanceof RequestError) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new RequestError('too_large', `cannot infer: the body is larger than ${bodyLimit} bytes`);
  const reason = (error.statusCode ?? 500) < 500 ? 'bad_request' : 'inference_failed';
  return new RequestError(reason, `cannot infer: ${error.message}`);
}

function respond(reply: FastifyReply, { status, reason, message }: RequestError): string {
  reply.code(status).type(json);
  if (status === 503) reply.header('retry-after', '1');
  if (status === 405) reply.header('allow', 'POST');
  return JSON.stringify({ error: { reason, message } });
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
