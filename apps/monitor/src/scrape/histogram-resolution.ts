import { type FloatHistogram, isCustom, toSchema } from '@paddlewatch/model';
import type { JobConfig } from '../config/inherit.ts';
import { ScrapeError } from './scrape-error.ts';

/** Bounds of the coarsest buckets are 65536 apart. */
const coarsest = -4;

/**
 * A scraped histogram with buckets as wide as the job wants them, by `native_histogram_min_bucket_factor`, and as few, by
 * `native_histogram_bucket_limit`. @throws ScrapeError where they are too many even so
 */
export function atResolution(
  histogram: FloatHistogram,
  {
    native_histogram_bucket_limit: limit,
    native_histogram_min_bucket_factor: factor,
  }: Pick<JobConfig, 'native_histogram_bucket_limit' | 'native_histogram_min_bucket_factor'>,
): FloatHistogram {
  let coarse = histogram;
  const isTooMany = () => limit > 0 && coarse.positive.index.length + coarse.negative.index.length > limit;
  const isTooFine = () => factor > 1 && 2 ** (2 ** -coarse.schema) < factor;
  while (!isCustom(coarse) && coarse.schema > coarsest && (isTooFine() || isTooMany()))
    coarse = toSchema(coarse, coarse.schema - 1);
  if (isTooMany())
    throw new ScrapeError(`a histogram has more than ${limit} buckets, the native_histogram_bucket_limit`);
  return coarse;
}
