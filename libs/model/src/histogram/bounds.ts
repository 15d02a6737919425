import { customSchema, type FloatHistogram } from './histogram.ts';

/** One bucket with its bounds. */
export interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly count: number;
}

/** By schema: where an octave is divided, from 1 up to below 2. */
const octaves: Float64Array[] = [Float64Array.of(1)];

/**
 * Every other bound is that of the schema before, those between are a factor away. That is how Prometheus' Go client
 * reckons, and it must be the same to the last bit: a zero bucket that was widened to a bound ends at that very bound.
 */
function octave(schema: number): Float64Array {
  for (let next = octaves.length; next <= schema; next++) {
    // Go's Exp2 is one step too low at 1/2.
    const factor = next === 1 ? Math.SQRT2 - Number.EPSILON : 2 ** (2 ** -next);
    const coarser = octaves[next - 1]!;
    octaves.push(
      Float64Array.from({ length: 2 ** next }, (_, i) => coarser[i >> 1]! * (i % 2 === 0 ? 1 : factor)),
    );
  }
  return octaves[schema]!;
}

/** The upper bound of a bucket in absolute terms; that of the bucket before it is its lower bound. */
export function upperBound(index: number, schema: number, customBounds: readonly number[]): number {
  if (schema === customSchema) {
    if (index < 0) return -Infinity;
    return customBounds[index] ?? Infinity;
  }
  // The highest finite bound would overflow to 2^1024.
  const exponent = schema < 0 ? index * 2 ** -schema : index / 2 ** schema;
  if (exponent === 1024) return Number.MAX_VALUE;
  const whole = Math.floor(exponent);
  const start = schema > 0 ? octave(schema)[index - whole * 2 ** schema]! : 1;
  return start * 2 ** Math.max(whole, -1022) * 2 ** Math.min(whole + 1022, 0);
}

export function zeroBucket({ zeroThreshold, zeroCount }: FloatHistogram): Bucket {
  return {
    lower: -zeroThreshold,
    upper: zeroThreshold,
    lowerInclusive: true,
    upperInclusive: true,
    count: zeroCount,
  };
}

/** Positive buckets from the lowest up. */
export function* positiveBuckets({ positive, schema, customBounds }: FloatHistogram): Generator<Bucket> {
  for (let i = 0; i < positive.index.length; i++) {
    const index = positive.index[i]!;
    const lower = upperBound(index - 1, schema, customBounds);
    const upper = upperBound(index, schema, customBounds);
    yield {
      lower,
      upper,
      // The first custom bucket begins at −Inf, and that is part of it.
      lowerInclusive: schema === customSchema && index === 0,
      upperInclusive: true,
      count: positive.count[i]!,
    };
  }
}

/** Negative buckets from the one nearest to zero down. */
export function* negativeBuckets({ negative, schema, customBounds }: FloatHistogram): Generator<Bucket> {
  for (let i = 0; i < negative.index.length; i++) {
    const index = negative.index[i]!;
    yield {
      lower: -upperBound(index, schema, customBounds),
      upper: -upperBound(index - 1, schema, customBounds),
      lowerInclusive: true,
      upperInclusive: false,
      count: negative.count[i]!,
    };
  }
}

/** All buckets from the lowest up; where one overlaps the zero bucket it ends there. */
export function allBuckets(histogram: FloatHistogram): Bucket[] {
  const { zeroThreshold, zeroCount } = histogram;
  const buckets: Bucket[] = [];
  for (const bucket of [...negativeBuckets(histogram)].reverse())
    buckets.push(bucket.upper > -zeroThreshold ? { ...bucket, upper: -zeroThreshold } : bucket);
  if (zeroCount > 0) buckets.push(zeroBucket(histogram));
  for (const bucket of positiveBuckets(histogram)) {
    const overlaps = histogram.schema !== customSchema && bucket.lower < zeroThreshold;
    buckets.push(overlaps ? { ...bucket, lower: zeroThreshold } : bucket);
  }
  return buckets;
}
