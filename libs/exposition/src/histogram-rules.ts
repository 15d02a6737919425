import type { Sample } from './metric-family.ts';

/** What a histogram says at one time. */
interface Point {
  bound: number;
  value: number;
  count?: number;
  sum?: number;
  negativeBounds: boolean;
}

/** The first rule of histograms that the samples of a point break, all of one label set and time; undefined for none. */
export function histogramFault(name: string, samples: readonly Sample[]): string | undefined {
  const point: Point = { bound: -Infinity, value: 0, negativeBounds: false };
  let buckets = 0;
  for (const sample of samples) {
    switch (sample.name.slice(name.length)) {
      case '_bucket': {
        const bound = boundOf(sample);
        if (buckets++ > 0 && bound <= point.bound)
          return `its bounds do not ascend at le="${sample.labels['le']}"`;
        if (sample.value < point.value) return `its buckets do not add up at le="${sample.labels['le']}"`;
        point.negativeBounds ||= bound < 0;
        point.bound = bound;
        point.value = sample.value;
        break;
      }
      case '_count':
      case '_gcount':
        point.count = sample.value;
        break;
      case '_sum':
      case '_gsum':
        point.sum = sample.value;
    }
  }
  return pointFault(
    point,
    samples.some((sample) => sample.name.endsWith('_gsum')),
  );
}

/** The bound of a bucket: `+Inf` in exactly this form, or a number. NaN for any other text. */
export function boundOf(sample: Sample): number {
  const le = sample.labels['le'] ?? '';
  if (le === '+Inf') return Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(le) ? Number(le) : Number.NaN;
}

function pointFault({ bound, value, count, sum, negativeBounds }: Point, gauge: boolean): string | undefined {
  if (bound !== Infinity) return 'it has no bucket le="+Inf"';
  if (count !== undefined && count !== value)
    return `its count is ${count} and its bucket le="+Inf" ${value}`;
  if (count === undefined && sum !== undefined) return 'it has a sum and no count';
  if (count !== undefined && sum === undefined) return 'it has a count and no sum';
  if (gauge) return sum! < 0 && !negativeBounds ? 'its sum is negative and its bounds are not' : undefined;
  return sum !== undefined && negativeBounds ? 'it has a sum although its bounds are negative' : undefined;
}
