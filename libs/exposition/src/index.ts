export { ExpositionError } from './exposition-error.ts';
export {
  type Exemplar,
  type MetricFamily,
  type MetricType,
  metricTypes,
  type Sample,
} from './metric-family.ts';
export { parseOpenMetrics } from './open-metrics.ts';
export { type PageFormat, type PageLine, PageScanner } from './page-scanner.ts';
export { writeOpenMetrics, writeText } from './write.ts';
