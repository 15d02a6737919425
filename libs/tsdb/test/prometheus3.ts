// Everything that Prometheus 3 writes by default and we do, handed to and fro: native histograms of all kinds, late
// samples, exemplars, metadata, deletions, zstd. CI has Debian's version, which is too old for it.
//   PROMETHEUS=/path/to/prometheus node --test libs/tsdb/test/prometheus3.ts
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type FloatHistogram, type Labels, labelsFrom, labelsKey, type Matcher } from '@paddlewatch/model';
import { listBlocks } from '../src/block/block-list.ts';
import { readMeta } from '../src/block/meta.ts';
import { Db, type DbOptions } from '../src/index.ts';
import { dumpOurs, dumpTheirs } from './dumps.ts';
import { assertSameHistograms, dumpHistograms, dumpTheirHistograms } from './histogram-dumps.ts';
import { histogramWalk, type Walk } from './histogram-walk.ts';
import { type RealPrometheus, startPrometheus } from './real-prometheus.ts';
import { type Written, writeRequest } from './remote-write.ts';

const minute = 60_000;
const hour = 60 * minute;
const window = '7h';
const step = 30_000;
const lateWindow = 30 * minute;
const kinds = ['whole', 'float', 'gauge', 'custom'] as const;
const config = `
global: {scrape_interval: 1h}
storage:
  tsdb: {out_of_order_time_window: 30m}
  exemplars: {max_exemplars: 10000}
`;
const features = ['exemplar-storage', 'metadata-wal-records'];
const flags = ['--storage.tsdb.wal-compression-type=zstd', '--web.enable-remote-write-receiver'];
const byName = (name: string): Matcher[] => [{ type: '=', name: '__name__', value: name }];

const optionsFor = (dir: string): DbOptions => ({
  dir,
  wal: { compression: 'zstd', segmentSize: 1024 * 1024 },
  outOfOrderWindow: lateWindow,
  maxExemplars: 10_000,
});

const start3 = (home: string, dir: string) => startPrometheus(home, dir, config, features, flags);

interface HistogramSeries {
  readonly kind: Walk['kind'];
  readonly labels: Labels;
  readonly walk: Generator<FloatHistogram>;
}

function histogramSeries(seed: number): HistogramSeries[] {
  return kinds.map((kind, i) => ({
    kind,
    labels: labelsFrom({ __name__: 'h', kind }),
    walk: histogramWalk({ kind, seed: seed + i }),
  }));
}

const floatLabels = (i: number) => labelsFrom({ __name__: 'm', i: String(i), zone: i % 2 ? 'ä' : '' });

function fill(db: Db, from: number, to: number): void {
  const appender = db.appender();
  const series = histogramSeries(3);
  for (let t = from, n = 0; t <= to; t += step, n++) {
    for (let i = 0; i < 20; i++) {
      const ref = appender.series(floatLabels(i));
      if (n === 1)
        appender.setMetadata(ref, { type: 'gauge', unit: i % 2 ? 'seconds' : '', help: `help of ${i}` });
      // Every seventh sample of some series comes four steps late.
      if (i % 4 === 1 && n % 7 === 5) appender.append(ref, t + i - 4 * step, n);
      if (i % 4 !== 1 || n % 7 !== 1) {
        if ((n + i) % 61 === 60) appender.appendStale(ref, t + i);
        else appender.append(ref, t + i, i % 3 === 0 ? n * i : Math.tan(n + i));
      }
      if (i % 5 === 0 && n % 10 === 0) {
        appender.appendExemplar(ref, { labels: labelsFrom({ trace_id: `t${n}-${i}` }), value: n, t: t + i });
      }
    }
    for (const { labels, walk } of series) {
      const ref = appender.series(labels);
      const histogram = walk.next().value as FloatHistogram;
      if (n % 97 === 96) appender.appendStale(ref, t);
      else appender.appendHistogram(ref, t, histogram);
    }
    appender.commit();
  }
}

/** What is sent to them: newer samples of all kinds, late ones among them. */
function news(from: number, to: number): Written[][] {
  const requests: Written[][] = [];
  const series = histogramSeries(77);
  const late: Written[] = [];
  for (let t = from, n = 0; t <= to; t += step, n++) {
    const request: Written[] = [];
    for (let i = 0; i < 20; i++) {
      const isLate = n % 6 === 2 && i % 3 === 0;
      // Of exemplars they take late ones, and we do not.
      const withExemplar = n % 5 === 0 && !isLate;
      (isLate ? late : request).push({
        labels: floatLabels(i),
        samples: [[t + i, Math.sin(n * i)]],
        exemplars: withExemplar
          ? [{ labels: labelsFrom({ trace_id: `their-${n}-${i}` }), value: i, t: t + i }]
          : [],
      });
    }
    for (const { labels, walk } of series) {
      const written: Written = { labels, histograms: [[t, walk.next().value as FloatHistogram]] };
      (n % 6 === 4 ? late : request).push(written);
    }
    requests.push(request);
  }
  return [...requests, late];
}

/** Prometheus restores no exemplars older than that. */
function newestBlockEnd(dir: string): number {
  return Math.max(...listBlocks(dir).map((name) => readMeta(path.join(dir, name)).maxTime));
}

async function everythingOfTheirs(prometheus: RealPrometheus, end: number) {
  const floats = await dumpTheirs(prometheus, end, window, 'm');
  const histograms = await dumpTheirHistograms(
    prometheus,
    end,
    kinds.map((kind) => `h{kind="${kind}"}[${window}]`),
  );
  const about = new URLSearchParams({
    query: 'm',
    start: String(newestBlockEnd(prometheus.dir) / 1000),
    end: String(end / 1000),
  });
  const exemplars = (await prometheus.get(`query_exemplars?${about}`)) as {
    seriesLabels: Record<string, string>;
    exemplars: { labels: Record<string, string>; value: string; timestamp: number }[];
  }[];
  return {
    floats,
    histograms,
    exemplars: exemplars
      .map(({ seriesLabels, exemplars }) => [
        labelsKey(labelsFrom(seriesLabels)),
        exemplars.map(({ labels, value, timestamp }) => [
          labels.trace_id,
          Number(value),
          Math.round(timestamp * 1000),
        ]),
      ])
      .sort(),
  };
}

async function everythingOfOurs(db: Db, dir: string, end: number) {
  const start = end - 7 * hour + 1;
  return {
    floats: await dumpOurs(db, start, end, byName('m')),
    histograms: await dumpHistograms(db, start, end),
    exemplars: db
      .exemplars([byName('m')], newestBlockEnd(dir), end)
      .map(({ labels, exemplars }) => [
        labelsKey(labels),
        exemplars.map(({ labels, value, t }) => [labels[1], value, t]),
      ])
      .sort(),
  };
}

type Everything = Awaited<ReturnType<typeof everythingOfOurs>>;

function assertSame(theirs: Everything, ours: Everything): void {
  assert.deepEqual(theirs.floats, ours.floats);
  assertSameHistograms(theirs.histograms, ours.histograms);
  assert.deepEqual(theirs.exemplars, ours.exemplars);
}

function assertContent(log: string): void {
  const complaints = log.split('\n').filter((line) => /level=(ERROR|WARN)|corrupt/.test(line));
  assert.deepEqual(complaints, []);
}

/** They take what is at most 30 minutes old. */
const spanOfNews = 28 * minute;

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`a folder goes to Prometheus 3 and comes back after ${signal}`, { timeout: 120_000 }, async (t) => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-prometheus3-'));
    t.after(() => fs.rmSync(home, { recursive: true, force: true }));
    const dir = path.join(home, 'data');
    const end = Math.floor(Date.now() / step) * step;
    const middle = end - spanOfNews;
    let db = await Db.open(optionsFor(dir));
    fill(db, end - 6 * hour, middle);
    await db.maintain();
    await db.deleteSeries(
      [...byName('m'), { type: '=', name: 'i', value: '4' }],
      end - 5 * hour,
      end - 90 * minute,
    );
    await db.deleteSeries([...byName('h'), { type: '=', name: 'kind', value: 'float' }], 0, end - 4 * hour);
    let ours = await everythingOfOurs(db, dir, end);
    assert.ok(fs.readdirSync(path.join(dir, 'wbl')).length > 0, 'some samples were late');
    await db.close();

    let prometheus = await start3(home, dir);
    t.after(() => prometheus.kill('SIGKILL'));
    assertSame(await everythingOfTheirs(prometheus, end), ours);
    for (const request of news(middle + step, end)) await prometheus.write(writeRequest(request));
    const theirs = await everythingOfTheirs(prometheus, end);
    assertContent(prometheus.log());
    await prometheus.kill(signal);

    db = await Db.open({ ...optionsFor(dir), log: (line) => t.diagnostic(line) });
    ours = await everythingOfOurs(db, dir, end);
    assertSame(theirs, ours);
    await db.maintain();
    assertSame(theirs, await everythingOfOurs(db, dir, end));
    await db.close();

    prometheus = await start3(home, dir);
    assertSame(await everythingOfTheirs(prometheus, end), ours);
    assertContent(prometheus.log());
    await prometheus.kill('SIGTERM');
  });
}
