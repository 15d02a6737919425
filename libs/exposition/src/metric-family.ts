export const metricTypes = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
] as const;

export type MetricType = (typeof metricTypes)[number];

export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds. */
  readonly timestamp?: number;
}

export interface Sample {
  readonly name: string;
  /** In the order of the page. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds. */
  readonly timestamp?: number;
  readonly exemplar?: Exemplar;
}

/** A metric with all its samples. The name is without the suffixes that the samples of its type bear. */
export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
  readonly samples: readonly Sample[];
}

/** What the samples of a type append to the family's name. */
export const sampleSuffixes: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
};
