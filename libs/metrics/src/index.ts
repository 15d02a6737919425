export { Counter } from './counter.ts';
export { Family, type LabelValues, overflowValue } from './family.ts';
export { Gauge } from './gauge.ts';
export { defaultBuckets, Histogram } from './histogram.ts';
export { exposeProcess } from './process-metrics.ts';
export {
  type BucketOptions,
  type Exposition,
  type LabelledOptions,
  type MetricOptions,
  Registry,
} from './registry.ts';
