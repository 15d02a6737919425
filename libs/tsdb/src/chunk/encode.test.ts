import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsFrom, type FloatHistogram, histogramOf, histogramsEqual } from '@paddlewatch/model';
import { decodeChunk } from './decode.ts';
import { encodeChunks } from './encode.ts';
import { SampleColumns } from './sample-columns.ts';

type Plain = number | FloatHistogram;

function columnsOf(values: readonly Plain[]): SampleColumns {
  const columns = new SampleColumns();
  columns.reserve(values.length);
  for (const [i, value] of values.entries()) {
    columns.t[i] = 1000 * i;
    columns.v[i] = typeof value === 'number' ? value : 0;
    if (typeof value !== 'number') columns.histograms[i] = value;
    columns.length++;
  }
  return columns;
}

function roundTrip(values: readonly Plain[]): {
  columns: SampleColumns;
  encodings: number[];
  counts: number[];
} {
  const columns = new SampleColumns();
  const encodings: number[] = [];
  const counts: number[] = [];
  encodeChunks(columnsOf(values), ({ encoding, samples }, bytes, at, end) => {
    encodings.push(encoding);
    counts.push(samples);
    assert.ok(decodeChunk(encoding, bytes, at, end, -Infinity, Infinity, columns));
  });
  assert.equal(columns.length, values.length);
  for (const [i, value] of values.entries()) {
    assert.equal(columns.t[i], 1000 * i);
    if (typeof value === 'number') assert.equal(columns.v[i], value);
    else assert.ok(histogramsEqual(columns.histograms[i] as FloatHistogram, value), `sample ${i}`);
  }
  return { columns, encodings, counts };
}

const counted = (n: number, first = 0, buckets = 3) =>
  histogramOf({
    count: n * buckets,
    sum: n / 3,
    positive: bucketsFrom(
      first,
      Array.from({ length: buckets }, () => n),
    ),
  });

test('floats are cut into chunks of nearly equal size', () => {
  const { counts } = roundTrip(Array.from({ length: 250 }, (_, i) => i / 7));
  assert.deepEqual(counts, [83, 83, 84]);
});

test('floats and histograms stand in chunks of their own', () => {
  const { encodings } = roundTrip([1, 2, counted(1), counted(2), 3, counted(3)]);
  assert.deepEqual(encodings, [1, 2, 1, 2]);
});

test('a reset, another schema, a gauge and fractions begin a chunk', () => {
  const { encodings, columns } = roundTrip([
    counted(5),
    counted(6),
    counted(2),
    { ...counted(3), schema: 3 },
    { ...counted(4), hint: 'gauge' },
    counted(4.5),
  ]);
  assert.deepEqual(encodings, [2, 2, 2, 2, 3]);
  const hints = columns.histograms.map((histogram) => (histogram as FloatHistogram).hint);
  assert.deepEqual(hints, ['unknown', 'notReset', 'reset', 'reset', 'gauge', 'unknown']);
});

test('buckets that come later are empty in the samples before', () => {
  const { encodings } = roundTrip([counted(1, 2, 1), counted(2, 1, 3), counted(3, 0, 5)]);
  assert.deepEqual(encodings, [2]);
});

test('no histogram chunk has more than 120 samples', () => {
  assert.deepEqual(roundTrip(Array.from({ length: 130 }, (_, i) => counted(i + 1))).counts, [120, 10]);
});
