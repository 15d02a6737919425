import { availableParallelism } from 'node:os';
import { Registry } from '@paddlewatch/metrics';
import type { TensorSpec } from '@paddlewatch/paddle';
import type { FastifyInstance } from 'fastify';
import { Catalog, type ServedVersion } from './catalog.ts';
import { servingRoutes } from './http/routes.ts';
import { Pool } from './infer/pool.ts';
import type { LoadedModel, ModelSource } from './infer/protocol.ts';
import { recordingMetrics, type ServingMetrics, silentMetrics } from './metrics.ts';
import { probeAll } from './probe.ts';
import type { Fault } from './queue/fault.ts';
import { type QueueOptions, VersionQueue } from './queue/version-queue.ts';

export interface ServingOptions {
  readonly models: readonly ModelSource[];
  /** Inference threads; each has every model loaded. Default: one for each core but one, 4 at most. */
  readonly workers?: number;
  /** Default 32 rows. */
  readonly maxBatch?: number;
  /** Default 0: a batch is what has queued up when a thread is free. */
  readonly maxWaitMs?: number;
  /** Requests that may wait for each version. Default 256. */
  readonly queueCapacity?: number;
  /** From arrival to answer. Default 30 s. */
  readonly timeoutMs?: number;
  /** Bytes of a request body. Default 16 MiB. */
  readonly bodyLimit?: number;
  /** Where serving counts; its exposition is `GET /metrics`. */
  readonly registry?: Registry;
  /** False measures nothing and serves no `/metrics`. */
  readonly metrics?: boolean;
  readonly now?: () => number;
  readonly random?: () => number;
}

export interface Serving {
  /** A fastify plugin: `POST /infer`, `GET /health`, `GET /metrics`. */
  readonly routes: (app: FastifyInstance) => Promise<void>;
  /** For drills: from now on the version is slower, or fails; `undefined` ends it. */
  injectFault(model: string, version: string, fault: Fault | undefined): void;
  /** Refuses new requests, answers those that are inside, and ends the threads. */
  stop(): Promise<void>;
}

/** How often deadlines are looked at: a request may overstay by this much. */
const expiryIntervalMs = 50;

/** Throws where a model cannot be loaded, naming what is wrong with it. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  refuseDuplicates(options.models);
  const workers = options.workers ?? Math.min(4, Math.max(1, availableParallelism() - 1));
  const registry = options.registry ?? new Registry();
  const metrics = options.metrics === false ? silentMetrics : recordingMetrics(registry);
  const { pool, loaded } = await Pool.start(options.models, workers, threadsFor(workers));
  const catalog = new Catalog(
    options.models.map((source, i) => serve(source, i, loaded[i]!, pool, metrics, queueOptions(options))),
  );
  const expiry = setInterval(() => {
    for (const { queue } of catalog.versions) queue.expire();
  }, expiryIntervalMs).unref();
  let stopping = false;

  return {
    routes: servingRoutes({
      catalog,
      registry,
      metrics,
      bodyLimit: options.bodyLimit ?? 16 * 1024 * 1024,
      isStopping: () => stopping,
      probe: probeAll(catalog.versions, pool),
    }),
    injectFault(model, version, fault) {
      catalog.find(model, version).queue.fault = fault;
    },
    async stop() {
      stopping = true;
      await Promise.all(catalog.versions.map(({ queue }) => queue.drain()));
      clearInterval(expiry);
      await pool.close();
    },
  };
}

function serve(
  source: ModelSource,
  index: number,
  loaded: LoadedModel,
  pool: Pool,
  metrics: ServingMetrics,
  options: QueueOptions,
): ServedVersion {
  const { name, version } = source;
  const versionMetrics = metrics.version(source, loaded, () => ({
    waiting: queue.waitingCount,
    running: queue.runningCount,
  }));
  const label = `${name} ${version}`;
  const queue = new VersionQueue(label, index, isBatchable(loaded), pool, versionMetrics, options);
  return { name, version, inputs: loaded.inputs, outputs: loaded.outputs, queue, metrics: versionMetrics };
}

/** Rows of different requests can share a run where the first size of every input and output is free. */
function isBatchable({ inputs, outputs }: LoadedModel): boolean {
  const free = ({ dims }: TensorSpec) => dims[0] === -1;
  return inputs.length > 0 && inputs.every(free) && outputs.every(free);
}

function threadsFor(workers: number): number {
  return Math.max(1, Math.floor(availableParallelism() / workers));
}

function queueOptions(options: ServingOptions): QueueOptions {
  return {
    capacity: options.queueCapacity ?? 256,
    maxBatch: options.maxBatch ?? 32,
    maxWaitMs: options.maxWaitMs ?? 0,
    timeoutMs: options.timeoutMs ?? 30_000,
    now: options.now ?? (() => performance.now()),
    random: options.random ?? Math.random,
  };
}

function refuseDuplicates(models: readonly ModelSource[]): void {
  if (models.length === 0) throw new Error('cannot serve: no model is named');
  const seen = new Set<string>();
  for (const { name, version } of models) {
    const key = `${name} ${version}`;
    if (seen.has(key)) throw new Error(`cannot serve: ${key} is named twice`);
    seen.add(key);
  }
}
