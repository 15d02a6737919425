import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsFrom, histogramOf } from '@paddlewatch/model';
import fc from 'fast-check';
import { PageScanner } from '../page-scanner.ts';
import { type ProtobufOptions, readProtobuf } from './protobuf-page.ts';
import { ProtobufError } from './wire.ts';

/** Bytes of a field; written by hand here, so that the reader is held to the format and not to a twin of itself. */
const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};
const signed = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
const number = (field: number, value: number) => [field << 3, ...varint(value)];
const tag = (field: number, type: number) => varint(8 * field + type);
const bytes = (field: number, ...parts: number[][]) => [
  ...tag(field, 2),
  ...varint(parts.flat().length),
  ...parts.flat(),
];
const text = (field: number, value: string) => bytes(field, [...Buffer.from(value)]);
const double = (field: number, value: number) => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return [...tag(field, 1), ...buffer];
};
const label = (field: number, name: string, value: string) => bytes(field, text(1, name), text(2, value));
const family = (name: string, type: number, ...rest: number[][]) => {
  const message = [text(1, name), text(2, `Help of "${name}"\n`), number(3, type), ...rest].flat();
  return [...varint(message.length), ...message];
};
const metric = (...parts: number[][]) => bytes(4, ...parts);
const time = bytes(3, number(1, 1_700_000_000), number(2, 250_999_999));
const exemplar = (field: number, ...rest: number[][]) =>
  bytes(field, label(1, 'trace_id', 'abc'), double(2, 0.3), ...rest);
const page = (...families: number[][]) => Buffer.from(families.flat());

const classic: ProtobufOptions = { nativeHistograms: false, classicToo: false };
const native: ProtobufOptions = { nativeHistograms: true, classicToo: false };

/** The page's samples as the scanner reads them. */
function samples(buffer: Buffer, options: ProtobufOptions) {
  const { text: written, extras } = readProtobuf(buffer, options);
  const scanner = new PageScanner();
  scanner.open(written, 'protobuf');
  const found: unknown[] = [];
  for (let line = scanner.next(); line !== 'end'; line = scanner.next()) {
    if (line !== 'series') continue;
    const { timestamp, value } = scanner;
    found.push([scanner.labels().join(' '), value, ...(Number.isNaN(timestamp) ? [] : [timestamp])]);
  }
  return { found, extras, written: written.toString() };
}

test('counters, gauges, untyped metrics and summaries become the series that text would name', () => {
  const summary = bytes(
    4,
    number(1, 7),
    double(2, 1.5),
    bytes(3, double(1, 0.5), double(2, 0.1)),
    bytes(3, double(1, 0.99), double(2, Number.NaN)),
  );
  const buffer = page(
    family(
      'a_total',
      0,
      metric(label(1, 'q', 'x"\n\\ü'), bytes(3, double(1, 2.5), exemplar(2, time))),
      text(5, 'seconds'),
    ),
    family('g', 1, metric(bytes(2, double(1, -Infinity)), number(6, -5))),
    family('u.dotted', 3, metric(label(1, 'l.l', 'v'), bytes(5, double(1, 1e-300)))),
    family('s', 2, metric(summary)),
  );
  const { found, extras, written } = samples(buffer, classic);
  assert.deepEqual(found, [
    ['__name__ a_total q x"\n\\ü', 2.5],
    ['__name__ g', -Infinity, -5],
    ['__name__ u.dotted l.l v', 1e-300],
    ['__name__ s quantile 0.5', 0.1],
    ['__name__ s quantile 0.99', Number.NaN],
    ['__name__ s', 1.5].map((each, i) => (i === 0 ? '__name__ s_sum' : each)),
    ['__name__ s_count', 7],
  ]);
  assert.deepEqual(
    [...extras],
    [[1, { exemplars: [{ labels: ['trace_id', 'abc'], value: 0.3, timestamp: 1_700_000_000_250 }] }]],
  );
  assert.match(
    written,
    /^# TYPE a_total counter\n# HELP a_total Help of \\"a_total\\"\\n\n# UNIT a_total seconds\n/,
  );
});

const buckets = [bytes(3, number(1, 2), double(2, 0.5), exemplar(3)), bytes(3, number(1, 3), double(2, 2))];
const wholeNative = [
  number(5, signed(3)),
  double(6, 2 ** -128),
  number(7, 1),
  bytes(12, number(1, signed(-2)), number(2, 2)),
  bytes(12, number(1, signed(3)), number(2, 1)),
  bytes(13, varint(signed(1)), varint(signed(1)), varint(signed(-1))),
  bytes(9, number(1, signed(0)), number(2, 1)),
  number(10, signed(2)),
];

test('a histogram is read as classic, native or both', () => {
  const body = bytes(
    7,
    number(1, 7),
    double(2, 4.25),
    ...buckets,
    ...wholeNative,
    exemplar(16, time),
    exemplar(16),
  );
  const buffer = page(family('h', 4, metric(label(1, 'a', 'b'), body)));
  const series = [
    ['__name__ h_bucket a b le 0.5', 2],
    ['__name__ h_bucket a b le 2', 3],
    ['__name__ h_bucket a b le +Inf', 7],
    ['__name__ h_sum a b', 4.25],
    ['__name__ h_count a b', 7],
  ];
  assert.deepEqual(samples(buffer, classic).found, series);
  assert.deepEqual([...samples(buffer, classic).extras.keys()], [1]);
  const { found, extras } = samples(buffer, native);
  assert.deepEqual(found, [['__name__ h a b', 0]]);
  assert.deepEqual(
    extras.get(1)!.histogram,
    histogramOf({
      schema: 3,
      zeroThreshold: 2 ** -128,
      zeroCount: 1,
      count: 7,
      sum: 4.25,
      positive: { index: Int32Array.of(-2, -1, 3), count: Float64Array.of(1, 2, 1) },
      negative: bucketsFrom(0, [2]),
    }),
  );
  assert.equal(extras.get(1)!.exemplars.length, 1, 'those without a time are left out');
  assert.deepEqual(samples(buffer, { nativeHistograms: true, classicToo: true }).found, [
    ['__name__ h a b', 0],
    ...series,
  ]);
});

test('float histograms and gauge histograms', () => {
  const body = bytes(
    7,
    ...[double(4, 2.5), double(2, 1), number(5, signed(-1)), double(8, 0.5)],
    ...[
      bytes(12, number(1, signed(1)), number(2, 2)),
      [...tag(14, 1), ...double(14, 1.5).slice(1)],
      double(14, 0.5),
    ],
  );
  const { extras } = samples(page(family('h', 5, metric(body))), native);
  const { histogram } = extras.get(1)!;
  assert.deepEqual(
    histogram,
    histogramOf({
      hint: 'gauge',
      schema: -1,
      count: 2.5,
      sum: 1,
      zeroCount: 0.5,
      positive: bucketsFrom(1, [1.5, 0.5]),
    }),
  );
});

test('numbers that contradict each other are refused with the name of the histogram', () => {
  const histogram = (...parts: number[][]) => page(family('h', 4, metric(bytes(7, ...parts))));
  const span = bytes(12, number(1, signed(1)), number(2, 2));
  const refused: [Buffer, RegExp][] = [
    [histogram(number(1, 3), span, number(13, signed(3))), /histogram h: it has 1 counts for 2 buckets/],
    [
      histogram(number(1, 5), span, number(13, signed(3)), number(13, 0)),
      /buckets have 6 observations, its count is 5/,
    ],
    [histogram(number(1, 5), span, number(13, signed(3)), number(13, signed(-4))), /negative count/],
    [histogram(span, number(5, signed(9))), /schema 9 is not between -4 and 8/],
    [histogram(bytes(12, number(2, 1e9))), /more than 65536 buckets/],
    [Buffer.from([200, 1, 10]), /200 bytes expected, 1 are left/],
  ];
  for (const [buffer, fault] of refused)
    assert.throws(
      () => readProtobuf(buffer, native),
      (error: Error) => error instanceof ProtobufError && fault.test(error.message),
    );
});

test('noise is refused or read, never a crash', () => {
  const sound = page(
    family('h', 4, metric(bytes(7, number(1, 7), double(2, 4.25), ...buckets, ...wholeNative))),
  );
  const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const noisy = Buffer.from(sound);
      for (const [at, byte] of changes) noisy[at] = byte;
      try {
        readProtobuf(noisy, native);
      } catch (error) {
        assert.ok(error instanceof ProtobufError, String(error));
      }
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 3000) },
  );
});
