/**
 * Random queries over random series, ours against a real Prometheus over HTTP:
 * `npm run -s fuzz:promql -- [queries] [seed]`. Needs `prometheus` and `promtool` (Debian: prometheus, 2.42).
 * What 2.42 is known to do otherwise is left out in fuzz/queries.ts and said there. What may still differ are
 * functions that turn the last bit of a number into another answer, as tan and % do of large numbers.
 */
import { spawnSync } from 'node:child_process';
import { labelsToRecord } from '@paddlewatch/model';
import { createEngine, type MemoryStorage, type Value } from '@paddlewatch/promql';
import { type Answer, Peer } from './fuzz/peer.ts';
import { Queries } from './fuzz/queries.ts';
import { Random } from './fuzz/random.ts';
import { dataStart, openMetrics, randomSeries, store } from './fuzz/series.ts';

const engine = createEngine();

async function ours(query: string, times: Times, storage: MemoryStorage): Promise<Answer> {
  try {
    const result =
      'time' in times
        ? await engine.instant({ query, ...times }, storage)
        : await engine.range({ query, ...times }, storage);
    return answerOf(result.value);
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function answerOf(value: Value): Answer {
  switch (value.type) {
    case 'scalar':
      return { type: 'scalar', series: [{ labels: {}, points: [[value.t, value.v]] }] };
    case 'vector':
      return {
        type: 'vector',
        series: value.samples.map(({ labels, t, v }) => ({
          labels: labelsToRecord(labels),
          points: [[t, v]],
        })),
      };
    case 'matrix':
      return {
        type: 'matrix',
        series: value.series.map(({ labels, t, v }) => ({
          labels: labelsToRecord(labels),
          points: [...t].map((time, i) => [time, v[i]!] as [number, number]),
        })),
      };
    case 'string':
      return { error: 'a string' };
  }
}

/** What differs, undefined where the answers agree. Any two errors agree: versions word them differently. */
function difference(a: Answer, b: Answer): string | undefined {
  if ('error' in a || 'error' in b) {
    if ('error' in a && 'error' in b) return undefined;
    // A filter that drops every match of several hid the fault in 2.42.
    if ('error' in a && a.error.startsWith('multiple matches for labels')) return undefined;
    return 'error' in a
      ? `only ours fails: ${a.error}`
      : `only the peer fails: ${(b as { error: string }).error}`;
  }
  const theirs = new Map(b.series.map(({ labels, points }) => [key(labels), points]));
  for (const { labels, points } of a.series) {
    const other = theirs.get(key(labels));
    if (!other) return `only ours has ${key(labels)}`;
    theirs.delete(key(labels));
    if (points.length !== other.length) return `${key(labels)}: ${points.length} points, not ${other.length}`;
    for (let i = 0; i < points.length; i++)
      if (points[i]![0] !== other[i]![0] || !close(points[i]![1], other[i]![1]))
        return `${key(labels)}: ${points[i]} and not ${other[i]}`;
  }
  return theirs.size > 0 ? `only the peer has ${[...theirs.keys()][0]}` : undefined;
}

function key(labels: Record<string, string>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function close(a: number, b: number): boolean {
  if (a === b || (a !== a && b !== b)) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(1e-3, Math.abs(a), Math.abs(b));
}

type Times = { time: number } | { start: number; end: number; step: number };

/** Seven seconds past the minute: no window then ends on a point of a subquery, where versions differ. */
function randomTimes(random: Random): Times {
  const minute = 60_000;
  const at = dataStart - 40_000 + 7000 + random.below(70) * minute;
  if (random.chance(0.4)) return { time: at };
  return { start: at, end: at + random.below(30) * minute, step: random.pick([1, 2, 5]) * minute };
}

async function main(count: number, seed: number): Promise<void> {
  if (spawnSync('prometheus', ['--version']).status !== 0) {
    console.log('promql-fuzz: skipped, prometheus is not installed (apt-get install prometheus)');
    return;
  }
  const random = new Random(seed);
  const series = randomSeries(random);
  const storage = store(series);
  const peer = await Peer.start(openMetrics(series));
  try {
    const queries = new Queries(random);
    let differences = 0;
    let errors = 0;
    let empty = 0;
    for (let i = 0; i < count; i++) {
      const query = queries.query();
      const times = randomTimes(random);
      const [mine, theirs] = await Promise.all([ours(query, times, storage), peer.ask(query, times)]);
      if ('error' in theirs) errors++;
      else if (theirs.series.length === 0) empty++;
      const fault = difference(mine, theirs);
      if (fault === undefined) continue;
      differences++;
      console.log(`${query}\n  ${JSON.stringify(times)}\n  ${fault}`);
    }
    console.log(`${count} queries, seed ${seed}: ${errors} errors, ${empty} empty, ${differences} differ`);
    process.exitCode = differences === 0 ? 0 : 1;
  } finally {
    peer.stop();
  }
}

await main(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 1));
