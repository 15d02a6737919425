import { Registry } from '@paddlewatch/metrics';
import { recordingMetrics, silentMetrics } from '../src/metrics.ts';

/**
 * What one request pays for being measured, alone on one core: every call and clock reading of its way.
 *
 *     node apps/serving/bench/metrics-cost.ts
 */
const requests = 1_000_000;
const source = { name: 'digits', version: 'v2', path: 'here' };
const loaded = { inputs: [], outputs: [], loadSeconds: 0, firstInferenceSeconds: 0 };
const idle = () => ({ waiting: 0, running: 0 });

const recording = recordingMetrics(new Registry()).version(source, loaded, idle);
const silent = silentMetrics.version(source, loaded, idle);
for (const metrics of [recording, silent]) nanoseconds(metrics);
const [on, off] = [nanoseconds(recording), nanoseconds(silent)];
console.log(
  `measured ${on.toFixed(0)} ns a request, silent ${off.toFixed(0)} ns: metrics cost ${(on - off).toFixed(0)} ns`,
);

function nanoseconds(metrics: typeof recording): number {
  const start = performance.now();
  for (let i = 0; i < requests; i++) {
    const arrived = performance.now();
    metrics.preprocess((performance.now() - arrived) / 1000);
    metrics.queueTime((performance.now() - arrived) / 1000);
    metrics.inference(0.0001 + (i % 100) * 0.0001);
    metrics.batch(1 + (i % 32));
    metrics.postprocess((performance.now() - arrived) / 1000);
    metrics.answered(200, (performance.now() - arrived) / 1000);
  }
  return ((performance.now() - start) * 1e6) / requests;
}
