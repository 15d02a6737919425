import { type Buckets, type FloatHistogram, histogramOf, takeIndexes } from '@paddlewatch/model';
import type { HistogramMessage, SideMessage } from './messages.ts';

/** Buckets of one side of a histogram: more are damage, or an attack on memory. */
const mostBuckets = 65_536;

/** Whether a histogram has a native part: before the first observation only its zero bucket or an empty span shows it. */
export function isNative(message: HistogramMessage): boolean {
  const { zeroThreshold, zeroCount, zeroCountFloat, positive, negative } = message;
  return (
    positive.spans.length + negative.spans.length > 0 ||
    zeroThreshold > 0 ||
    zeroCount > 0 ||
    zeroCountFloat > 0
  );
}

/** The native part. @throws RangeError where its numbers contradict each other */
export function nativeHistogram(message: HistogramMessage, gauge: boolean): FloatHistogram {
  const { schema } = message;
  if (!(schema >= -4 && schema <= 8)) throw new RangeError(`schema ${schema} is not between -4 and 8`);
  const floats = message.countFloat > 0 || message.zeroCountFloat > 0;
  const histogram = histogramOf({
    hint: gauge ? 'gauge' : 'unknown',
    schema,
    zeroThreshold: message.zeroThreshold,
    zeroCount: floats ? message.zeroCountFloat : message.zeroCount,
    count: floats ? message.countFloat : message.count,
    sum: message.sum,
    positive: sideOf(message.positive, floats),
    negative: sideOf(message.negative, floats),
  });
  if (!floats) refuseMiscount(histogram);
  return histogram;
}

function sideOf({ spans, deltas, counts }: SideMessage, floats: boolean): Buckets {
  let next = 0;
  const index = takeIndexes(spans.length, mostBuckets, () => spans[next++]);
  if (!index) throw new RangeError(`its spans have more than ${mostBuckets} buckets`);
  const given = floats ? counts.length : deltas.length;
  if (given !== index.length) throw new RangeError(`it has ${given} counts for ${index.length} buckets`);
  if (index.some((each, i) => i > 0 && each <= index[i - 1]!)) throw new RangeError('its spans overlap');
  let count = 0;
  const values = floats ? Float64Array.from(counts) : Float64Array.from(deltas, (delta) => (count += delta));
  if (values.some((value) => value < 0)) throw new RangeError('a bucket has a negative count');
  return { index, count: values };
}

/** Observations of NaN are counted and stand in no bucket. */
function refuseMiscount({ count, zeroCount, sum, positive, negative }: FloatHistogram): void {
  const total = [positive, negative].flatMap((side) => [...side.count]).reduce((a, b) => a + b, zeroCount);
  if (Number.isNaN(sum) ? total > count : total !== count)
    throw new RangeError(`its buckets have ${total} observations, its count is ${count}`);
}
