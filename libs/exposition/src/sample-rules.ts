import { boundOf } from './histogram-rules.ts';
import type { MetricType, Sample } from './metric-family.ts';

const neverNaN = new Set(['_total', '_sum', '_count', '_bucket', '_gcount', '_gsum']);
const neverNegative = new Set(['_total', '_sum', '_count', '_bucket', '_gcount']);
const whole = new Set(['_bucket', '_count', '_gcount']);

/** The first rule of its type that a sample breaks by itself; undefined for none. */
export function sampleFault(family: string, type: MetricType, sample: Sample): string | undefined {
  const suffix = sample.name.slice(family.length);
  const { value, exemplar } = sample;
  if (neverNaN.has(suffix) && Number.isNaN(value)) return `${sample.name} cannot be NaN`;
  if (neverNegative.has(suffix) && value < 0) return `${sample.name} cannot be negative`;
  if (whole.has(suffix) && !Number.isInteger(value)) return `${sample.name} counts: it must be whole`;
  if (exemplar && !bearsExemplars(type, suffix)) return `${sample.name} of a ${type} cannot have an exemplar`;
  if (suffix === '_bucket' && Number.isNaN(boundOf(sample))) return 'a bucket needs a label le with a bound';
  return typeFault(family, type, sample, suffix);
}

function bearsExemplars(type: MetricType, suffix: string): boolean {
  if (type === 'counter') return suffix === '_total';
  return (type === 'histogram' || type === 'gaugehistogram') && suffix === '_bucket';
}

function typeFault(family: string, type: MetricType, sample: Sample, suffix: string): string | undefined {
  const { labels, value } = sample;
  switch (type) {
    case 'stateset':
      if (!Object.hasOwn(labels, family)) return `a state needs a label ${family}`;
      return value === 0 || value === 1 ? undefined : 'a state is 0 or 1';
    case 'info':
      return value === 1 ? undefined : 'an info is 1';
    case 'summary': {
      if (suffix !== '') return undefined;
      const quantile = Number(labels['quantile'] || Number.NaN);
      if (!(quantile >= 0 && quantile <= 1)) return 'a quantile needs a label quantile from 0 to 1';
      return value < 0 ? 'a quantile cannot be negative' : undefined;
    }
    default:
      return undefined;
  }
}

/** The labels that tell metrics of a family apart: all but those that tell samples of one metric apart. */
export function metricKey(family: string, type: MetricType, sample: Sample): string {
  // Infos of one family are one metric whose labels are its value.
  if (type === 'info') return '';
  const within =
    type === 'stateset'
      ? family
      : type === 'summary' && sample.name === family
        ? 'quantile'
        : sample.name === `${family}_bucket`
          ? 'le'
          : undefined;
  const entries = Object.entries(sample.labels).filter(([name, value]) => name !== within && value !== '');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
