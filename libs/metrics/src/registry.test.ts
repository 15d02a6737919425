import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Registry } from './registry.ts';

function samples(registry: Registry): string[] {
  return registry
    .expose()
    .body.toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

test('exposes what was counted, in text and in OpenMetrics', () => {
  const registry = new Registry();
  const requests = registry.counter({
    name: 'paddle_requests_total',
    help: 'Requests\nby outcome.',
    labels: ['method', 'status'],
  });
  requests.with('POST', '2xx').inc();
  requests.with('POST', '2xx').inc(2);
  requests.with('GET', '"\\\n').inc();
  registry.gauge({ name: 'paddle_requests_running', help: 'Running.' }).set(-1.5);
  const { contentType, body } = registry.expose();
  assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(
    body.toString(),
    [
      '# HELP paddle_requests_total Requests\\nby outcome.',
      '# TYPE paddle_requests_total counter',
      'paddle_requests_total{method="POST",status="2xx"} 3',
      'paddle_requests_total{method="GET",status="\\"\\\\\\n"} 1',
      '# HELP paddle_requests_running Running.',
      '# TYPE paddle_requests_running gauge',
      'paddle_requests_running -1.5',
      '',
    ].join('\n'),
  );
  const open = registry.expose('application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3');
  assert.equal(open.contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.match(open.body.toString(), /^# TYPE paddle_requests counter$/m);
  assert.ok(open.body.toString().endsWith('\n# EOF\n'));
});

test('shows after any changes, removals and additions what a fresh registry would show', () => {
  const step = fc.record({
    verb: fc.constantFrom('set', 'set', 'set', 'remove', 'expose'),
    labels: fc.tuple(fc.constantFrom('a', 'b', '值'), fc.constantFrom('', 'x"y', 'z\\')),
    value: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 999_999_999, 1e9, 1e21, 1e-7, 2 ** 53)),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const registry = new Registry();
      const family = registry.gauge({ name: 'g', help: 'g', labels: ['one', 'two'] });
      const model = new Map<string, number>();
      for (const { verb, labels, value } of steps) {
        const head = `g{one="${labels[0]}",two="${labels[1].replace(/["\\]/g, '\\$&')}"}`;
        if (verb === 'set') {
          family.with(...labels).set(value);
          model.set(head, value);
        } else if (verb === 'remove') {
          family.remove(...labels);
          model.delete(head);
        } else registry.expose();
      }
      const shown = samples(registry).map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1).replace('Inf', 'Infinity')) + 0] as const;
      });
      assert.deepEqual(new Map(shown), new Map([...model].map(([head, value]) => [head, value + 0])));
      assert.equal(shown.length, model.size);
    }),
    { numRuns: 300 },
  );
});

test('never writes into a body that it gave away', () => {
  const registry = new Registry();
  const counter = registry.counter({ name: 'c_total', help: 'c' });
  const first = registry.expose().body;
  const text = first.toString();
  assert.equal(registry.expose().body, first, 'nothing changed: the same bytes');
  counter.inc();
  assert.notEqual(registry.expose().body, first);
  assert.equal(first.toString(), text);
});

test('a full family sends newcomers to one overflow child, and counts them', () => {
  const registry = new Registry();
  const family = registry.counter({ name: 'c_total', help: 'c', labels: ['user'], maxChildren: 2 });
  for (const user of ['ann', 'bo', 'cy', 'di', 'ann', 'cy']) family.with(user).inc();
  assert.deepEqual(samples(registry).sort(), [
    'c_total{user="_overflow"} 3',
    'c_total{user="ann"} 2',
    'c_total{user="bo"} 1',
    'paddlewatch_metrics_overflow_total{metric="c_total"} 3',
  ]);
});

test('a removed child is gone, and its holder disturbs nobody', () => {
  const registry = new Registry();
  const family = registry.gauge({ name: 'g', help: 'g', labels: ['model'] });
  const [a, b] = [family.with('a'), family.with('b')];
  family.remove('a');
  a.set(1);
  b.set(2);
  family.with('c').set(3);
  assert.deepEqual(samples(registry), ['g{model="b"} 2', 'g{model="c"} 3']);
});

test('updates gauges before an exposition', () => {
  const registry = new Registry();
  const depth = registry.gauge({ name: 'queue_depth', help: 'q' });
  registry.onExpose(() => depth.set(4));
  assert.deepEqual(samples(registry), ['queue_depth 4']);
});

test('refuses what could not be exposed', () => {
  const registry = new Registry();
  registry.gauge({ name: 'g', help: 'g' });
  assert.throws(() => registry.counter({ name: 'g', help: 'g' }), /"g": the registry has it already/);
  assert.throws(() => registry.gauge({ name: 'a-b', help: '' }), /"a-b": it is not a metric name/);
  assert.throws(() => registry.gauge({ name: 'a', help: '', labels: ['x', 'x'] }), /the same name/);
  assert.throws(() => registry.gauge({ name: 'a', help: '', labels: ['__x'] }), /"__x" is not a label name/);
  assert.throws(() => registry.histogram({ name: 'a', help: '', labels: ['le'] }), /label "le" of its own/);
  assert.throws(() => registry.counter({ name: 'c_total', help: '' }).inc(-1), /cannot add -1 to a counter/);
});

test('the compiler counts label values', () => {
  const family = new Registry().counter({ name: 'c_total', help: 'c', labels: ['a', 'b'] });
  // @ts-expect-error one label value is missing
  assert.throws(() => family.with('1'), /c_total: it has 2 labels, not 1/);
});
