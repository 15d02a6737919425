import assert from 'node:assert/strict';
import { allBuckets, type FloatHistogram, labelsFrom, labelsKey, parseValue } from '@paddlewatch/model';
import type { Db } from '../src/index.ts';
import type { RealHistogram, RealPrometheus } from './real-prometheus.ts';
import { TestSamples } from './samples.ts';

/** Count, sum, then bounds and count of each bucket that is not empty. */
type Numbers = number[];
export type HistogramDump = Map<string, [number, Numbers][]>;

function numbersOf(histogram: FloatHistogram): Numbers {
  const buckets = allBuckets(histogram).filter(({ count }) => count !== 0);
  return [
    histogram.count,
    histogram.sum,
    ...buckets.flatMap(({ lower, upper, count }) => [lower, upper, count]),
  ];
}

function numbersOfTheirs({ count, sum, buckets = [] }: RealHistogram): Numbers {
  const texts = [count, sum, ...buckets.flatMap(([, lower, upper, n]) => [lower, upper, n])];
  return texts.map((text) => parseValue(text)!);
}

/** Every histogram of a window. */
export async function dumpHistograms(db: Db, mint: number, maxt: number): Promise<HistogramDump> {
  const set = await db.querier(mint, maxt).select([], { mint, maxt });
  const dump: HistogramDump = new Map();
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, mint, maxt, into);
    const rows: [number, Numbers][] = [];
    for (let k = 0; k < into.length; k++) {
      const histogram = into.histograms[k] as FloatHistogram | undefined;
      if (histogram) rows.push([into.t[k]!, numbersOf(histogram)]);
    }
    if (rows.length > 0) dump.set(labelsKey(set.labels(i)), rows);
  }
  return new Map([...dump].sort());
}

/** The same of Prometheus. One query for each kind: version 2.42 answers one over both kinds with values of another series. */
export async function dumpTheirHistograms(
  prometheus: RealPrometheus,
  time: number,
  queries: readonly string[],
): Promise<HistogramDump> {
  const answers = await Promise.all(queries.map((query) => prometheus.query(query, time)));
  const rows = answers
    .flat()
    .filter(({ histograms }) => histograms && histograms.length > 0)
    .map(({ metric, histograms }): [string, [number, Numbers][]] => [
      labelsKey(labelsFrom(metric)),
      histograms!.map(([t, histogram]) => [Math.round(t * 1000), numbersOfTheirs(histogram)]),
    ]);
  return new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The program writes bounds with the digits of another logarithm: the last one may differ. */
export function assertSameHistograms(theirs: HistogramDump, ours: HistogramDump): void {
  assert.deepEqual([...theirs.keys()], [...ours.keys()]);
  for (const [key, rows] of theirs) {
    const own = ours.get(key)!;
    assert.deepEqual(
      rows.map(([t]) => t),
      own.map(([t]) => t),
    );
    for (const [i, [t, numbers]] of rows.entries()) {
      assert.equal(numbers.length, own[i]![1].length, `${key} at ${t}`);
      for (const [k, number] of numbers.entries()) {
        const other = own[i]![1][k]!;
        assert.ok(
          number === other || Math.abs(number - other) <= 1e-14 * Math.abs(other),
          `${key} at ${t}: ${number} ${other}`,
        );
      }
    }
  }
}
