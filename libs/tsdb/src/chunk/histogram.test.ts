import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customSchema, type FloatHistogram, histogramOf } from '@paddlewatch/model';
import fc from 'fast-check';
import { TestSamples } from '../../test/samples.ts';
import { BitReader, BitWriter } from './bits.ts';
import { decodeHistograms, encodeHistograms, type HistogramSample } from './histogram.ts';
import type { HistogramLayout } from './histogram-layout.ts';

const indexes = fc
  .uniqueArray(fc.integer({ min: -300, max: 300 }), { maxLength: 12 })
  .map((list) => Int32Array.from(list.sort((a, b) => a - b)));

const layouts: fc.Arbitrary<HistogramLayout> = fc.oneof(
  fc.record({
    zeroThreshold: fc.constantFrom(0, 2 ** -128, 1024, 2 ** -243, 0.3),
    schema: fc.integer({ min: -4, max: 8 }),
    positive: indexes,
    negative: indexes,
    customBounds: fc.constant([]),
  }),
  fc.record({
    zeroThreshold: fc.constant(0),
    schema: fc.constant(customSchema),
    positive: fc.constant(Int32Array.of(0, 1, 2, 3)),
    negative: fc.constant(new Int32Array(0)),
    customBounds: fc.constantFrom([0.005, 0.25, 1], [-1, 1 / 3, 1e9]),
  }),
);

/** Samples of a layout from a stream of numbers, with markers at the end. */
function samplesOf(layout: HistogramLayout, numbers: readonly number[], stale: number): HistogramSample[] {
  let at = 0;
  const next = () => numbers[at++ % numbers.length]!;
  const samples: HistogramSample[] = [];
  for (let i = 0; i < 6; i++) {
    const histogram: FloatHistogram = histogramOf({
      schema: layout.schema,
      zeroThreshold: layout.zeroThreshold,
      customBounds: layout.customBounds,
      count: next(),
      zeroCount: next(),
      sum: next() / 3,
      positive: { index: layout.positive, count: Float64Array.from(layout.positive, next) },
      negative: { index: layout.negative, count: Float64Array.from(layout.negative, next) },
      hint: i === 0 ? 'reset' : 'notReset',
    });
    samples.push({
      t: 1_700_000_000_000 + i * 15_000 + (next() % 7),
      histogram: i < 6 - stale ? histogram : undefined,
    });
  }
  return samples;
}

function decode(encoding: 2 | 3, bytes: Uint8Array, mint = -Infinity, maxt = Infinity): HistogramSample[] {
  const into = new TestSamples(1);
  assert.ok(
    decodeHistograms(encoding, bytes, 0, bytes.length, (bytes[0]! << 8) | bytes[1]!, mint, maxt, into),
  );
  return Array.from({ length: into.length }, (_, i) => ({
    t: into.t[i]!,
    histogram: into.histograms[i] as FloatHistogram | undefined,
  }));
}

for (const encoding of [2, 3] as const) {
  test(`histograms of encoding ${encoding} come back, and only those of the range`, () => {
    const number =
      encoding === 2
        ? fc.nat(2 ** 40)
        : fc.oneof(fc.nat(1000), fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }));
    fc.assert(
      fc.property(
        layouts,
        fc.array(number, { minLength: 1, maxLength: 60 }),
        fc.nat(3),
        (layout, numbers, stale) => {
          const samples = samplesOf(layout, encoding === 2 ? numbers : numbers.map(Math.floor), stale);
          const bytes = encodeHistograms(encoding, layout, 'reset', samples);
          assert.deepEqual(decode(encoding, bytes), samples);
          assert.deepEqual(decode(encoding, bytes, samples[2]!.t, samples[3]!.t), samples.slice(2, 4));
        },
      ),
    );
  });

  test(`noise as a chunk of encoding ${encoding} is refused or read, never a crash`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (noise) => {
        const into = new TestSamples(1);
        decodeHistograms(encoding, noise, 0, noise.length, 65535, -Infinity, Infinity, into);
        assert.ok(into.length <= 65535);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 2000) },
    );
  });
}

test('the bytes are those that the format names', () => {
  const layout: HistogramLayout = {
    zeroThreshold: 2 ** -128,
    schema: 3,
    positive: Int32Array.of(1, 2),
    negative: new Int32Array(0),
    customBounds: [],
  };
  const histogram = histogramOf({
    schema: 3,
    zeroThreshold: 2 ** -128,
    count: 5,
    zeroCount: 1,
    sum: 1,
    positive: { index: layout.positive, count: Float64Array.of(3, 1) },
  });
  const bytes = encodeHistograms(2, layout, 'gauge', [{ t: 4, histogram }]);
  const bits = [...bytes.subarray(4)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  assert.equal(Buffer.from(bytes.subarray(0, 4)).toString('hex'), '0001c074');
  // Schema 3; one span of length 2 from 1; no negative spans; time 4; count 5; zero count 1; 1.0; buckets 3, −2.
  const sum = `0011111111110000${'0'.repeat(48)}`;
  const expected = `10011${'10001'}${'10010'}${'10001'}0${'10100'}${'10101'}${'10001'}${sum}10011${'10110'}`;
  assert.equal(bits, expected.padEnd(bits.length, '0'));
});

test('varbits of every size come back', () => {
  const value = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(), fc.maxSafeInteger());
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const out = new BitWriter();
      for (const one of values) {
        out.putVarbit(one);
        out.putUnsignedVarbit(Math.abs(one));
      }
      const from = new BitReader(out.bytes, 0, out.bytes.length);
      for (const one of values) {
        assert.equal(from.varbit(), one);
        assert.equal(from.unsignedVarbit(), Math.abs(one));
      }
    }),
  );
});
