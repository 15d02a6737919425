export { ExpositionError } from './exposition-error.ts';
export {
  type Exemplar,
  type MetricFamily,
  type MetricType,
  metricTypes,
  type Sample,
} from './metric-family.ts';
export { parseOpenMetrics } from './open-metrics.ts';
export type { PageExemplar } from './page-exemplar.ts';
export { type PageFormat, type PageLine, PageScanner } from './page-scanner.ts';
export {
  type ProtobufOptions,
  type ProtobufPage,
  readProtobuf,
  type SampleExtra,
} from './protobuf/protobuf-page.ts';
export { ProtobufError } from './protobuf/wire.ts';
export { writeOpenMetrics, writeText } from './write.ts';
