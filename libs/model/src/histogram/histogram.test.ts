import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addHistograms, divideHistogram, scaleHistogram, subtractHistograms } from './arithmetic.ts';
import { allBuckets, upperBound } from './bounds.ts';
import { bucketsFrom } from './buckets.ts';
import { fromClassic } from './classic.ts';
import { histogramsEqual } from './equal.ts';
import { customSchema, type FloatHistogram, histogramOf } from './histogram.ts';
import { isCounterReset } from './reset.ts';
import { formatHistogram } from './text.ts';
import { trimHistogram } from './trim.ts';

const close = (a: number, b: number) => a === b || Math.abs(a - b) <= 1e-9 * (Math.abs(a) + Math.abs(b));

function assertSame(actual: FloatHistogram, expected: FloatHistogram): void {
  assert.ok(
    histogramsEqual(actual, expected, close),
    `${formatHistogram(actual)} is not ${formatHistogram(expected)}`,
  );
}

const plain = histogramOf({
  count: 34,
  sum: 123.75,
  zeroThreshold: 0.001,
  zeroCount: 1,
  positive: bucketsFrom(0, [2, 4, 8, 16]),
  negative: bucketsFrom(0, [1, 2]),
});

test('bounds are powers of 2^(2^-schema)', () => {
  assert.equal(upperBound(0, 0, []), 1);
  assert.equal(upperBound(3, 0, []), 8);
  assert.equal(upperBound(1, -1, []), 4);
  assert.equal(upperBound(-4, 2, []), 0.5);
  // To the last bit as Go clients have them.
  assert.equal(upperBound(1, 1, []), Math.SQRT2 - Number.EPSILON);
  assert.equal(upperBound(-1, 3, []), 0.9170040432046711);
  assert.equal(upperBound(1024, 0, []), Number.MAX_VALUE);
  assert.equal(upperBound(-1074, 0, []), 5e-324);
  assert.equal(upperBound(1, customSchema, [5, 10]), 10);
  assert.equal(upperBound(2, customSchema, [5, 10]), Infinity);
});

test('all buckets rise from the lowest and leave the zero bucket its place', () => {
  const bounds = allBuckets(plain).map(({ lower, upper }) => [lower, upper]);
  assert.deepEqual(bounds, [
    [-2, -1],
    [-1, -0.5],
    [-0.001, 0.001],
    [0.5, 1],
    [1, 2],
    [2, 4],
    [4, 8],
  ]);
});

test('sums meet at the coarser schema and the wider zero bucket', () => {
  const fine = histogramOf({
    schema: 1,
    count: 4,
    sum: 3,
    zeroCount: 1,
    zeroThreshold: 0.5,
    positive: bucketsFrom(1, [1, 1, 1]),
  });
  const { histogram } = addHistograms(plain, fine)!;
  assertSame(
    histogram,
    histogramOf({
      count: 38,
      sum: 126.75,
      zeroThreshold: 0.5,
      zeroCount: 2,
      positive: bucketsFrom(0, [2, 6, 9, 16]),
      negative: bucketsFrom(0, [1, 2]),
    }),
  );
});

test('a zero bucket that would cut a populated bucket swallows it', () => {
  const wide = histogramOf({ count: 1, zeroCount: 1, zeroThreshold: 0.75 });
  const { histogram } = addHistograms(plain, wide)!;
  assert.equal(histogram.zeroThreshold, 1);
  assert.equal(histogram.zeroCount, 1 + 2 + 1 + 1);
  assert.deepEqual([...histogram.positive.count], [4, 8, 16]);
});

test('custom bounds meet at those that both share', () => {
  const a = histogramOf({
    schema: customSchema,
    count: 6,
    customBounds: [1, 2, 4],
    positive: bucketsFrom(0, [1, 2, 3, 4]),
  });
  const b = histogramOf({
    schema: customSchema,
    count: 3,
    customBounds: [2, 4, 8],
    positive: bucketsFrom(0, [1, 1, 1, 1]),
  });
  const { histogram, boundsReduced } = addHistograms(a, b)!;
  assert.ok(boundsReduced);
  assert.deepEqual(histogram.customBounds, [2, 4]);
  assert.deepEqual([...histogram.positive.count], [4, 4, 6]);
  assert.equal(addHistograms(a, plain), undefined);
});

test('a difference takes back a sum', () => {
  const other = scaleHistogram(plain, 3);
  assertSame(subtractHistograms(addHistograms(plain, other)!.histogram, other)!.histogram, plain);
});

test('hints: a gauge stays one, contradictions are told', () => {
  const reset = histogramOf({ hint: 'reset' });
  const notReset = histogramOf({ hint: 'notReset' });
  assert.ok(addHistograms(reset, notReset)!.hintsCollide);
  assert.equal(addHistograms(reset, histogramOf({ hint: 'gauge' }))!.histogram.hint, 'gauge');
  assert.equal(scaleHistogram(reset, -1).hint, 'gauge');
});

test('division by zero leaves no bucket', () => {
  const divided = divideHistogram(plain, 0);
  assert.equal(divided.count, Infinity);
  assert.equal(divided.positive.index.length, 0);
});

test('a reset is a smaller bucket, a finer schema or a narrower zero bucket', () => {
  const grown = addHistograms(plain, plain)!.histogram;
  assert.ok(!isCounterReset(plain, grown));
  assert.ok(isCounterReset(grown, plain));
  assert.ok(isCounterReset(plain, { ...grown, positive: bucketsFrom(0, [1, 20, 20, 20]) }));
  assert.ok(isCounterReset(plain, { ...grown, schema: 1 }));
  assert.ok(isCounterReset(plain, { ...grown, zeroThreshold: 0.0001 }));
  assert.ok(!isCounterReset(plain, { ...plain, count: 1, hint: 'notReset' } as FloatHistogram));
});

test('trimming divides the bucket across the value', () => {
  const below = trimHistogram(plain, 'below', Math.SQRT2);
  assert.ok(close(below.count, 8));
  assert.ok(close(below.positive.count[1]!, 2));
  assert.equal(trimHistogram(plain, 'above', -Infinity), plain);
  assert.equal(trimHistogram(plain, 'above', Infinity).count, 0);
});

test('text', () => {
  assert.equal(
    formatHistogram(plain),
    '{count:34, sum:123.75, [-2,-1):2, [-1,-0.5):1, [-0.001,0.001]:1, (0.5,1]:2, (1,2]:4, (2,4]:8, (4,8]:16}',
  );
});

test('classic buckets become custom ones', () => {
  const histogram = fromClassic(
    [
      { le: Infinity, cumulative: 7 },
      { le: 1, cumulative: 2 },
      { le: 5, cumulative: 6 },
    ],
    undefined,
    12,
  );
  assertSame(
    histogram,
    histogramOf({
      schema: customSchema,
      count: 7,
      sum: 12,
      customBounds: [1, 5],
      positive: bucketsFrom(0, [2, 4, 1]),
    }),
  );
});
