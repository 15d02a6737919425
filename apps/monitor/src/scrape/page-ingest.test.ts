import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { inheritGlobals } from '../config/inherit.ts';
import { scrapeConfig } from '../config/scrape.ts';
import { MemoryAppender } from './memory-appender.ts';
import { ingestPage } from './page-ingest.ts';
import { SeriesCache } from './series-cache.ts';

const target = labelsFrom({ job: 'j', instance: 'i' });

/** Pages of one target, taken a second apart from 1000 on. */
function scraper(settings: Record<string, unknown> = {}) {
  const job = inheritGlobals(scrapeConfig.parse({ job_name: 'j', ...settings }), {});
  const appender = new MemoryAppender();
  const cache = new SeriesCache();
  let time = 0;
  return {
    appender,
    take(page: string) {
      time += 1000;
      cache.open(Buffer.from(page), 'text');
      const counts = ingestPage(cache, appender, target, job, time);
      cache.close();
      appender.commit();
      return { counts, samples: appender.take() };
    },
  };
}

test('lays the target labels over the page, and asks for a series once', () => {
  const { appender, take } = scraper();
  assert.deepEqual(take('a 1\nb{x="1"} 2\n').samples, [
    ['a{instance="i", job="j"}', 1000, 1],
    ['b{instance="i", job="j", x="1"}', 1000, 2],
  ]);
  assert.deepEqual(take('b{x="1"} 3\na 4\n').counts, { scraped: 2, kept: 2, added: 0 });
  assert.equal(appender.asked, 2);
});

test('ends series that vanish, and takes them up again', () => {
  const { take } = scraper();
  take('a 1\nb 1\n');
  assert.deepEqual(take('b 1\n').samples.at(-1), ['a{instance="i", job="j"}', 2000, 'stale']);
  assert.deepEqual(take('b 1\n').samples.length, 1);
  assert.deepEqual(take('a 1\nb 1\n').counts, { scraped: 2, kept: 2, added: 1 });
});

const page = 'a{job="own",exported_job="x",instance=""} 1\n';

test('moves labels that collide with the target', () => {
  const series = scraper().take(page).samples[0]![0];
  assert.equal(series, 'a{exported_exported_job="own", exported_job="x", instance="i", job="j"}');
});

test('honours labels: they win, and empty ones remove', () => {
  const series = scraper({ honor_labels: true }).take(page).samples[0]![0];
  assert.equal(series, 'a{exported_job="x", job="own"}');
});

test('honours timestamps unless told otherwise; such series do not end', () => {
  const honouring = scraper();
  assert.equal(honouring.take('a 1 500\n').samples[0]![1], 500);
  assert.deepEqual(honouring.take('').samples, []);
  assert.equal(scraper({ honor_timestamps: false }).take('a 1 500\n').samples[0]![1], 1000);
  const tracking = scraper({ track_timestamps_staleness: true });
  tracking.take('a 1 500\n');
  assert.equal(tracking.take('').samples[0]![2], 'stale');
});

test('leaves out samples from more than ten minutes ahead', () => {
  const { samples } = scraper().take('a 1 601000\nb 1 601001\n');
  assert.deepEqual(
    samples.map(([, t]) => t),
    [601_000],
  );
});

test('relabels metrics, and drops without asking again', () => {
  const { appender, take } = scraper({
    metric_relabel_configs: [
      { source_labels: ['__name__'], regex: 'drop_.*', action: 'drop' },
      { regex: 'pod', action: 'labeldrop' },
    ],
  });
  assert.deepEqual(take('drop_a 1\nb{pod="x"} 1\n').counts, { scraped: 2, kept: 1, added: 1 });
  take('drop_a 1\nb{pod="x"} 1\n');
  assert.equal(appender.asked, 1);
});

test('writes bounds and quantiles in canonical form', () => {
  const { samples } = scraper().take(
    '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\n# TYPE s summary\ns{quantile="1"} 1\n# TYPE g gauge\ng{le="1"} 1\n',
  );
  assert.deepEqual(
    samples.map(([series]) => series.replace('instance="i", job="j", ', '')),
    ['h_bucket{le="1.0"}', 'h_bucket{le="+Inf"}', 's{quantile="1.0"}', 'g{le="1"}'],
  );
});

for (const [what, settings, text, fault] of [
  ['samples', { sample_limit: 1 }, 'a 1\nb 1\n', /more than 1 samples, the sample_limit/],
  ['labels', { label_limit: 3 }, 'a{b="1"} 1\n', /more than 3 labels, the label_limit/],
  ['label names', { label_name_length_limit: 8 }, 'a{long_name="1"} 1\n', /label name long_name is longer/],
  ['label values', { label_value_length_limit: 3 }, 'a{b="1234"} 1\n', /value of b is longer/],
  ['names', { metric_name_validation_scheme: 'legacy' }, '{"a.b"} 1\n', /not of the legacy alphabet/],
  [
    'nameless series',
    { metric_relabel_configs: [{ regex: '__name__', action: 'labeldrop' }] },
    'a 1\n',
    /without a metric name/,
  ],
] as const) {
  test(`fails the page on ${what}`, () => assert.throws(() => scraper(settings).take(text), fault));
}

test('a sample limit counts what relabelling keeps', () => {
  const drop = { source_labels: ['__name__'], regex: 'a', action: 'drop' };
  const { counts } = scraper({ sample_limit: 1, metric_relabel_configs: [drop] }).take('a 1\nb 1\n');
  assert.deepEqual(counts, { scraped: 2, kept: 1, added: 1 });
});
