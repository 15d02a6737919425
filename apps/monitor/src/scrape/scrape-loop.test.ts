import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Registry } from '@paddlewatch/metrics';
import { SimulatedClock } from '@paddlewatch/model';
import { inheritGlobals } from '../config/inherit.ts';
import { scrapeConfig } from '../config/scrape.ts';
import type { Answer, HttpClient } from '../http/client.ts';
import { Agenda } from './agenda.ts';
import { CommitGroup } from './commit-group.ts';
import { MemoryAppender } from './memory-appender.ts';
import { scrapeMetrics } from './metrics.ts';
import { Newcomers } from './newcomers.ts';
import { ScrapeLoop } from './scrape-loop.ts';
import { buildTarget, scrapeOffset } from './target.ts';

const intervalMs = 15_000;

/** A loop whose pages are given in advance: a text, an answer, or an error; the last one stays. */
function loopOver(
  pages: (string | Error | Partial<Answer>)[],
  settings: Record<string, unknown> = {},
  clock = new SimulatedClock(1_000_000),
  newcomers = new Newcomers(clock),
) {
  const job = inheritGlobals(scrapeConfig.parse({ job_name: 'j', scrape_interval: '15s', ...settings }), {});
  const outcome = buildTarget({ __address__: 'host:1' }, job);
  assert.ok('target' in outcome);
  const asked: { url: string; headers: Readonly<Record<string, string>>; at: number }[] = [];
  const client: HttpClient = {
    async request(url, { headers }) {
      asked.push({ url: url.href, headers, at: clock.now() });
      const page = pages.length > 1 ? pages.shift()! : pages[0]!;
      if (page instanceof Error) throw page;
      const answer = typeof page === 'string' ? { body: Buffer.from(page) } : page;
      const text = { 'content-type': 'text/plain; version=0.0.4' };
      return { status: 200, statusText: 'OK', headers: text, body: Buffer.alloc(0), ...answer };
    },
    async close() {},
  };
  const appender = new MemoryAppender();
  const metrics = scrapeMetrics(new Registry());
  const agenda = new Agenda(clock);
  const commits = new CommitGroup(appender, metrics, clock, agenda);
  const loop = new ScrapeLoop(outcome.target, {
    job,
    client,
    commits,
    metrics,
    clock,
    agenda,
    newcomers,
    userAgent: 'test',
  });
  loop.start();
  return { loop, clock, appender, asked, first: gridAfter(1_000_000, scrapeOffset(outcome.target)) };
}

function gridAfter(time: number, offset: number): number {
  return (Math.floor((time - offset) / intervalMs) + 1) * intervalMs + offset;
}

const labels = '{instance="host:1", job="j"}';

test('scrapes on the grid of its target, and says how it went', async () => {
  const { clock, appender, asked, first } = loopOver(['a 1\n']);
  await clock.advance(2 * intervalMs);
  assert.deepEqual(
    asked.map(({ at }) => at),
    [first, first + intervalMs],
  );
  const reports = appender.take({ reports: true }).filter(([, t]) => t === first);
  assert.deepEqual(
    reports.map(([series, , value]) => [
      series.replace(labels, ''),
      series.includes('duration') ? 'some' : value,
    ]),
    [
      ['a', 1],
      ['up', 1],
      ['scrape_duration_seconds', 'some'],
      ['scrape_samples_scraped', 1],
      ['scrape_samples_post_metric_relabeling', 1],
      ['scrape_series_added', 1],
    ],
  );
});

test('asks the storage for its series anew when it may have dropped them since the last scrape', async () => {
  const { clock, appender } = loopOver(['a 1\n'], { scrape_interval: '2h' });
  await clock.advance(5 * 3_600_000);
  const added = appender
    .take({ reports: true })
    .filter(([series]) => series.startsWith('scrape_series_added'));
  assert.ok(added.length >= 2);
  for (const [, , value] of added) assert.equal(value, 1);
});

test('goes on when the clock is set back', async () => {
  class SetBack extends SimulatedClock {
    back = 0;
    override now() {
      return super.now() - this.back;
    }
  }
  const clock = new SetBack(100_000_000);
  const { asked } = loopOver(['a 1\n'], {}, clock);
  await clock.advance(intervalMs);
  assert.equal(asked.length, 1);
  clock.back = 3_600_000;
  await clock.advance(3 * intervalMs);
  assert.equal(asked.length, 4);
});

test('asks as Prometheus asks', async () => {
  const { clock, asked } = loopOver(['a 1\n'], {
    scrape_timeout: '5s',
    params: { module: ['x y'] },
    metrics_path: '/m',
  });
  await clock.advance(intervalMs);
  assert.equal(asked[0]!.url, 'http://host:1/m?module=x+y');
  assert.deepEqual(asked[0]!.headers, {
    accept:
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
      'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'accept-encoding': 'gzip',
    'user-agent': 'test',
    'x-prometheus-scrape-timeout-seconds': '5',
  });
});

const failures: [what: string, page: string | Error | Partial<Answer>, error: RegExp][] = [
  ['does not answer', new Error('connection refused'), /^connection refused$/],
  [
    'answers 503',
    { status: 503, statusText: 'Service Unavailable' },
    /^server returned HTTP status 503 Service Unavailable$/,
  ],
  ['has a page that breaks off', 'a 2\nb{', /^line 2, column 3: the labels have no closing }$/],
  ['has no Content-Type', { headers: {}, body: Buffer.from('a 2\n') }, /^received no Content-Type/],
  ['has no metrics', { headers: { 'content-type': 'text/html' } }, /^received Content-Type "text\/html"/],
];

for (const [what, page, error] of failures) {
  test(`a target that ${what} is down, stores nothing of the page, and its series end`, async () => {
    const { loop, clock, appender, first } = loopOver(['a 1\n', page, 'a 3\n']);
    await clock.advance(2 * intervalMs);
    assert.match(loop.last!.error, error);
    const t = first + intervalMs;
    assert.deepEqual(appender.take(), [
      [`a${labels}`, first, 1],
      [`a${labels}`, t, 'stale'],
    ]);
    await clock.advance(intervalMs);
    assert.equal(loop.last!.error, '');
    assert.deepEqual(appender.take(), [[`a${labels}`, t + intervalMs, 3]]);
  });
}

test('reads a page without Content-Type where the job has a fallback', async () => {
  const { loop, clock } = loopOver([{ headers: {}, body: Buffer.from('a 1\n') }], {
    fallback_scrape_protocol: 'PrometheusText0.0.4',
  });
  await clock.advance(intervalMs);
  assert.equal(loop.last!.error, '');
});

test('takes a large page of a new target in slices, and counts it like any other', async () => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => `requests_total{path="/${i}",host="server-${i % 7}"} ${i}\n`,
  );
  const { loop, clock, appender } = loopOver([lines.join(''), lines.slice(1).join('')]);
  await clock.advance(intervalMs);
  let turns = 0;
  const turn = () => {
    turns++;
    if (!loop.last) globalThis.setImmediate(turn);
  };
  turn();
  while (!loop.last) await setImmediate();
  assert.ok(turns >= 4, `others had ${turns} turns`);
  const taken = appender.take({ reports: true });
  assert.equal(taken.length, 5005);
  assert.deepEqual(
    taken.filter(([series]) => /^scrape_s/.test(series)).map(([, , value]) => value),
    [5000, 5000, 5000],
  );
  await clock.advance(intervalMs);
  assert.equal(appender.take().filter(([, , value]) => value === 'stale').length, 1);
});

test('a large page that breaks off late stores nothing', async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `requests_total{path="/a/long/path/${i}"} ${i}\n`);
  const { loop, clock, appender } = loopOver([`${lines.join('')}broken{`]);
  await clock.advance(intervalMs);
  while (!loop.last) await setImmediate();
  assert.match(loop.last.error, /closing \}/);
  assert.deepEqual(appender.take(), []);
});

test('the series of a retired target end after two intervals, at the time of the scrape that did not come', async () => {
  const { loop, clock, appender, first } = loopOver(['a 1\n']);
  await clock.advance(first - 1_000_000);
  appender.take();
  loop.retire();
  await clock.advance(2 * intervalMs);
  assert.deepEqual(appender.take({ reports: true }), []);
  await clock.advance(intervalMs);
  const ends = appender.take({ reports: true });
  assert.equal(ends.length, 6);
  assert.ok(ends.every(([, t, value]) => t === first + intervalMs && value === 'stale'));
});

test('a stopped loop writes nothing more', async () => {
  const { loop, clock, appender } = loopOver(['a 1\n']);
  await clock.advance(intervalMs);
  appender.take();
  loop.stop();
  await clock.advance(10 * intervalMs);
  assert.deepEqual(appender.take({ reports: true }), []);
});

test('a loop that was stopped while it waited for its first turn does not ask its target', async () => {
  const clock = new SimulatedClock(1_000_000);
  const newcomers = new Newcomers(clock);
  const { loop, asked, first } = loopOver(['a 1\n'], {}, clock, newcomers);
  await clock.advance(first - 5 - clock.now());
  let end = () => {};
  for (let i = 0; i < 8; i++) newcomers.admit(() => new Promise((resolve) => (end = resolve)));
  await clock.advance(10);
  loop.stop();
  end();
  await clock.advance(2 * intervalMs);
  assert.deepEqual(asked, []);
});
