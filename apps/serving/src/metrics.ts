import type { Registry } from '@paddlewatch/metrics';
import type { LoadedModel, ModelSource } from './infer/protocol.ts';
import type { Reason } from './request-error.ts';

/** What serving measures; durations in seconds. `silentMetrics` is the same door with nothing behind it. */
export interface ServingMetrics {
  readonly enabled: boolean;
  /** A request that was refused before its model was known: it bears no model and no version. */
  refused(method: string, status: number, reason: Reason): void;
  version(source: ModelSource, loaded: LoadedModel, load: () => Load): VersionMetrics;
}

export interface VersionMetrics {
  /** A request for `POST /infer` that found its model, from its arrival in full. */
  answered(status: number, seconds: number): void;
  failed(reason: Reason): void;
  queueTime(seconds: number): void;
  /** Once a request, with the duration of the run that answered it. */
  inference(seconds: number): void;
  batch(rows: number): void;
  preprocess(seconds: number): void;
  postprocess(seconds: number): void;
}

export interface Load {
  readonly waiting: number;
  readonly running: number;
}

const endpoint = '/infer';
const labels = ['model', 'version'] as const;

/** From 100 µs, where a small model answers, to the seconds that alert rules ask about (0.1, 0.5, 1, 2, 5). */
const durationBuckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30,
];
const rowBuckets = [1, 2, 4, 8, 16, 32, 64, 128];

export function recordingMetrics(registry: Registry): ServingMetrics {
  const families = declare(registry);
  return {
    enabled: true,
    refused(method, status, reason) {
      families.requests.with(method, endpoint, `${Math.floor(status / 100)}xx`, '', '').inc();
      families.errors.with(reason, '', '').inc();
    },
    version(source, loaded, load) {
      const { name, version } = source;
      families.loadSeconds.with(name, version).set(loaded.loadSeconds);
      families.firstInference.with(name, version).set(loaded.firstInferenceSeconds);
      families.info.with(name, version, source.path).set(1);
      const waiting = families.waiting.with(name, version);
      const running = families.running.with(name, version);
      registry.onExpose(() => {
        const now = load();
        waiting.set(now.waiting);
        running.set(now.running);
      });
      const queue = families.queue.with(name, version);
      const inference = families.inference.with(name, version);
      const batch = families.batch.with(name, version);
      const preprocess = families.preprocess.with(name, version);
      const postprocess = families.postprocess.with(name, version);
      return {
        ...outcomes(families, name, version),
        queueTime: (seconds) => queue.observe(seconds),
        inference: (seconds) => inference.observe(seconds),
        batch: (rows) => batch.observe(rows),
        preprocess: (seconds) => preprocess.observe(seconds),
        postprocess: (seconds) => postprocess.observe(seconds),
      };
    },
  };
}

type Families = ReturnType<typeof declare>;

function declare(registry: Registry) {
  const seconds = (name: string, help: string) =>
    registry.histogram({ name, help, labels, buckets: durationBuckets });
  return {
    requests: registry.counter({
      name: 'paddle_requests_total',
      help: 'Inference requests by class of their HTTP status.',
      labels: ['method', 'endpoint', 'status', ...labels],
    }),
    errors: registry.counter({
      name: 'paddle_errors_total',
      help: 'Inference requests that failed, by reason.',
      labels: ['reason', ...labels],
    }),
    request: seconds('paddle_request_duration_seconds', 'From the request in full to its answer.'),
    inference: seconds(
      'paddle_inference_duration_seconds',
      'Time in the model, for each request of a batch the time of the batch.',
    ),
    queue: seconds('paddle_queue_time_seconds', 'From arrival in the queue to the start of inference.'),
    preprocess: seconds('paddle_preprocess_seconds', 'From JSON text to tensors.'),
    postprocess: seconds('paddle_postprocess_seconds', 'From tensors to JSON text.'),
    batch: registry.histogram({
      name: 'paddle_batch_size',
      help: 'Rows in one run of the model.',
      labels,
      buckets: rowBuckets,
    }),
    waiting: registry.gauge({ name: 'paddle_requests_waiting', help: 'Requests in the queue.', labels }),
    running: registry.gauge({ name: 'paddle_requests_running', help: 'Requests in the model.', labels }),
    loadSeconds: registry.gauge({
      name: 'paddle_model_load_seconds',
      help: 'From file to a session that can run.',
      labels,
    }),
    firstInference: registry.gauge({
      name: 'paddle_first_inference_seconds',
      help: 'The first run after loading, which pays for what later runs reuse.',
      labels,
    }),
    info: registry.gauge({
      name: 'paddle_model_info',
      help: 'Always 1, one series a loaded model version.',
      labels: [...labels, 'path'],
    }),
  };
}

/** A counter for each status class from the start, so that the first error is a rise from 0 that `rate` sees. */
function outcomes(
  families: Families,
  model: string,
  version: string,
): Pick<VersionMetrics, 'answered' | 'failed'> {
  const duration = families.request.with(model, version);
  const bind = (statusClass: string) => families.requests.with('POST', endpoint, statusClass, model, version);
  const byClass = [bind('2xx'), bind('4xx'), bind('5xx')];
  return {
    answered(status, seconds) {
      byClass[status < 300 ? 0 : status < 500 ? 1 : 2]!.inc();
      duration.observe(seconds);
    },
    failed: (reason) => families.errors.with(reason, model, version).inc(),
  };
}

const silence: VersionMetrics = {
  answered() {},
  failed() {},
  queueTime() {},
  inference() {},
  batch() {},
  preprocess() {},
  postprocess() {},
};

export const silentMetrics: ServingMetrics = {
  enabled: false,
  refused() {},
  version: () => silence,
};
