import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TestSamples } from '../../test/samples.ts';
import { largestXorSample, XorEncoder, xorHeader } from './xor.ts';
import { decodeXor } from './xor-decoder.ts';

const word = new Float64Array(1);
const words = new Uint32Array(word.buffer);

function encode(samples: readonly { t: number; bits: bigint }[]): Uint8Array {
  const encoder = new XorEncoder();
  const bytes = new Uint8Array(xorHeader + (samples.length + 1) * largestXorSample).fill(0xff);
  encoder.start(bytes, 0);
  for (const { t, bits } of samples) encoder.append(t, Number(bits & 0xffffffffn), Number(bits >> 32n));
  return bytes.subarray(0, Math.ceil(encoder.bit / 8));
}

function decode(bytes: Uint8Array, count: number, mint = -Infinity, maxt = Infinity) {
  const into = new TestSamples(1);
  assert.ok(decodeXor(bytes, xorHeader, bytes.length, count, mint, maxt, into));
  return into.bits();
}

const sampleRow = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(1, 15_000, 15_001, 14_999),
        fc.integer({ min: 1, max: 2 ** 22 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
      ),
      fc.oneof(
        fc.constantFrom(0x7ff0000000000002n, 0x7ff8000000000001n, 0n, 1n << 63n, 0xffffffffffffffffn),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.integer({ min: 0, max: 1000 }).map((n) => {
          word[0] = n;
          return (BigInt(words[1]!) << 32n) | BigInt(words[0]!);
        }),
      ),
    ),
    { minLength: 1, maxLength: 130 },
  )
  .map((steps) => {
    let t = -1_000_000;
    return steps.map(([step, bits]) => {
      t += step;
      return { t, bits };
    });
  });

test('every sample comes back bit by bit, staleness markers too', () => {
  fc.assert(
    fc.property(sampleRow, (samples) => {
      assert.deepEqual(decode(encode(samples), samples.length), samples);
    }),
  );
});

test('a decoder asked for a range gives exactly that range', () => {
  fc.assert(
    fc.property(sampleRow, fc.nat(129), fc.nat(129), (samples, a, b) => {
      const mint = samples[a % samples.length]!.t;
      const maxt = samples[b % samples.length]!.t;
      const inside = samples.filter(({ t }) => t >= mint && t <= maxt);
      assert.deepEqual(decode(encode(samples), samples.length, mint, maxt), inside);
    }),
  );
});

test('a chunk that was cut off is refused, whatever was decoded before it', () => {
  fc.assert(
    fc.property(sampleRow, fc.nat(), (samples, cut) => {
      const bytes = encode(samples);
      const into = new TestSamples(1);
      assert.ok(decodeXor(bytes, xorHeader, bytes.length, samples.length, -Infinity, Infinity, into));
      const end = xorHeader + (cut % (bytes.length - xorHeader));
      assert.equal(decodeXor(bytes, xorHeader, end, samples.length, -Infinity, Infinity, into), false);
    }),
  );
});

test('a chunk as long as its count allows is decoded', () => {
  const samples = Array.from({ length: 65_535 }, (_, i) => ({ t: i * i * 1e6, bits: BigInt(i) << 45n }));
  assert.deepEqual(decode(encode(samples), samples.length), samples);
});

test('the bytes are those that the format names', () => {
  word[0] = 1;
  const one = (BigInt(words[1]!) << 32n) | BigInt(words[0]!);
  const bytes = encode([
    { t: 1000, bits: one },
    { t: 2000, bits: one },
    { t: 3000, bits: 0n },
  ]);
  // varint 1000 = d0 0f, 1.0, uvarint 1000 = e8 07, then bits 0 | 0 11 00010 001010 1111111111 and padding.
  assert.equal(
    Buffer.from(bytes.subarray(xorHeader)).toString('hex'),
    'd00f3ff0000000000000e807' + (0b00110001000101011111111110000000).toString(16),
  );
});

test('noise is refused or decoded, never a crash or a hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(65535), (bytes, count) => {
      const into = new TestSamples(1);
      decodeXor(bytes, 0, bytes.length, count, -Infinity, Infinity, into);
      assert.ok(into.length <= count);
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 500) },
  );
});
