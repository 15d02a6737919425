import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsFrom, histogramOf, labelsFrom } from '@paddlewatch/model';
import type { Value } from '@paddlewatch/promql';
import { encodeResult } from './encode-result.ts';
import { quote, timestamp } from './text-writer.ts';

function encoded(value: Value, limit = 0): string {
  const result = {
    value,
    warnings: [],
    infos: ['said'],
    stats: { totalQueryableSamples: 0, peakSamples: 0 },
  };
  return new TextDecoder().decode(encodeResult(result, { limit }));
}

const h = histogramOf({
  schema: 0,
  zeroThreshold: 0.001,
  zeroCount: 2,
  count: 12,
  sum: 18.4,
  positive: bucketsFrom(0, [1, 0, 4]),
  negative: bucketsFrom(1, [5]),
});

test('native histograms: empty buckets left out, bounds by their rule', () => {
  const labels = labelsFrom({ a: 'b' });
  assert.equal(
    encoded({ type: 'vector', t: 1000, samples: [{ labels, t: 1000, v: 0, h }] }),
    '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"histogram":[1,' +
      '{"count":"12","sum":"18.4","buckets":[[1,"-2","-1","5"],[3,"-0.001","0.001","2"],[0,"0.5","1","1"],[0,"2","4","4"]]}]}]},"infos":["said"]}',
  );
  const empty = histogramOf({ count: 0, sum: 0 });
  const series = [
    { labels, t: new Float64Array(0), v: new Float64Array(0), histograms: [{ t: 5, h: empty }] },
  ];
  assert.match(
    encoded({ type: 'matrix', series }),
    /\{"metric":\{"a":"b"\},"histograms":\[\[0\.005,\{"count":"0","sum":"0"\}\]\]\}/,
  );
});

test('an answer longer than its first memory keeps every byte', () => {
  const t = Float64Array.from({ length: 50_000 }, (_, i) => i);
  const series = [{ labels: labelsFrom({ name: '汉字' }), t, v: t.map((x) => x / 3), histograms: [] }];
  const { data } = JSON.parse(encoded({ type: 'matrix', series }));
  assert.equal(data.result[0].metric.name, '汉字');
  assert.deepEqual(data.result[0].values.at(-1), [49.999, String(49_999 / 3)]);
  assert.equal(data.result[0].values.length, 50_000);
});

test('times and strings as Prometheus writes them', () => {
  assert.deepEqual([0, 1, 1010, 1000, -1, -1500].map(timestamp), [
    '0',
    '0.001',
    '1.010',
    '1',
    '-0.001',
    '-1.500',
  ]);
  assert.equal(quote('a"\\\n\t\b<汉>'), '"a\\"\\\\\\n\\t\\u0008<汉>"');
  assert.equal(quote('\\b'), '"\\\\b"');
});
