import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsToRecord } from '@paddlewatch/model';
import { inheritGlobals } from '../config/inherit.ts';
import { scrapeConfig } from '../config/scrape.ts';
import { buildTarget, scrapeOffset } from './target.ts';

function build(discovered: Record<string, string>, settings: Record<string, unknown> = {}) {
  return buildTarget(discovered, inheritGlobals(scrapeConfig.parse({ job_name: 'j', ...settings }), {}));
}

function target(discovered: Record<string, string>, settings: Record<string, unknown> = {}) {
  const outcome = build(discovered, settings);
  assert.ok('target' in outcome, JSON.stringify(outcome));
  return outcome.target;
}

test('a target has the labels of its job, and its address for an instance', () => {
  const { labels, discoveredLabels, url, intervalMs, timeoutMs } = target({
    __address__: 'h:1',
    __meta_x: 'y',
    zone: 'z',
  });
  assert.deepEqual(labelsToRecord(labels), { instance: 'h:1', job: 'j', zone: 'z' });
  assert.equal(labelsToRecord(discoveredLabels)['__meta_x'], 'y');
  assert.deepEqual([url.href, intervalMs, timeoutMs], ['http://h:1/metrics', 60_000, 10_000]);
});

test('relabelling decides where and how often', () => {
  const relabel_configs = [
    { source_labels: ['__meta_port'], target_label: '__address__', replacement: 'h:$1' },
    { target_label: '__scheme__', replacement: 'https' },
    { target_label: '__metrics_path__', replacement: 'x' },
    { target_label: '__scrape_interval__', replacement: '20s' },
    { target_label: '__param_module', replacement: 'new' },
    { target_label: 'instance', replacement: 'i' },
  ];
  const params = { module: ['old', 'second'], other: ['1'] };
  const { url, intervalMs, labels } = target(
    { __address__: '-', __meta_port: '2' },
    { relabel_configs, params },
  );
  assert.equal(url.href, 'https://h:2/x?module=new&module=second&other=1');
  assert.equal(intervalMs, 20_000);
  assert.deepEqual(labelsToRecord(labels), { instance: 'i', job: 'j' });
});

test('what relabelling drops keeps its discovered labels', () => {
  const relabel_configs = [{ source_labels: ['job'], regex: 'j', action: 'drop' }];
  const outcome = build({ __address__: 'h:1' }, { relabel_configs });
  assert.ok('dropped' in outcome);
  assert.equal(labelsToRecord(outcome.dropped)['__address__'], 'h:1');
});

for (const [what, label, replacement, fault] of [
  ['without an address', '__address__', '', /cannot scrape a target: it has no address/],
  ['with a path for an address', '__address__', 'h/x', /cannot scrape h\/x: "h\/x" is not an address/],
  ['with another scheme', '__scheme__', 'ftp', /cannot scrape h:1: "ftp:" is not a scheme/],
  [
    'with a timeout longer than its interval',
    '__scrape_timeout__',
    '2m',
    /timeout is longer than its scrape interval/,
  ],
  ['with an interval that is none', '__scrape_interval__', 'often', /not a valid duration string: "often"/],
] as const) {
  test(`refuses a target ${what}`, () => {
    const outcome = build(
      { __address__: 'h:1' },
      { relabel_configs: [{ target_label: label, replacement }] },
    );
    assert.ok('fault' in outcome);
    assert.match(outcome.fault.message, fault);
  });
}

test('offsets are spread over the interval and stay', () => {
  const offsets = Array.from({ length: 1000 }, (_, i) => scrapeOffset(target({ __address__: `h:${i}` })));
  assert.deepEqual(offsets[0], scrapeOffset(target({ __address__: 'h:0' })));
  const tenths = Array.from(
    { length: 10 },
    (_, i) => offsets.filter((ms) => Math.floor(ms / 6000) === i).length,
  );
  assert.ok(
    tenths.every((count) => count > 60 && count < 140),
    tenths.join(),
  );
});
