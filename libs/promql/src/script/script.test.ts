import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHistogram } from '@paddlewatch/model';
import { MemoryStorage } from '../memory-storage.ts';
import { SampleBuffer } from '../sample-buffer.ts';
import { load } from './load.ts';
import { pinQuery } from './pinned.ts';
import { parseScript } from './script.ts';
import { parseSequence, parseSeries } from './sequence.ts';
import { parseStartTimes } from './start-times.ts';

function shorthand(text: string): unknown[] {
  return parseSequence(text).map((value) =>
    value.kind === 'float'
      ? value.value
      : value.kind === 'histogram'
        ? formatHistogram(value.value)
        : value.kind,
  );
}

test('sequences', () => {
  assert.deepEqual(shorthand('1 2x2 _ _x2 stale'), [1, 2, 2, 2, 'blank', 'blank', 'blank', 'stale']);
  assert.deepEqual(
    shorthand('0+10x3 5-2x2 -1-1x1 1e-1 .5 2.'),
    [0, 10, 20, 30, 5, 3, 1, -1, -2, 0.1, 0.5, 2],
  );
  assert.deepEqual(shorthand('NaN -Inf +inf'), [NaN, -Infinity, Infinity]);
  assert.deepEqual(shorthand('{{count:1 sum:2 buckets:[1]}}+{{count:1 buckets:[0 1]}}x1'), [
    '{count:1, sum:2, (0.5,1]:1}',
    '{count:2, sum:2, (0.5,1]:1, (1,2]:1}',
  ]);
  for (const wrong of [
    '1x',
    'x3',
    '1 two',
    '{{bogus:1}}',
    '{{sum:1 sum:2}}',
    '{{buckets:[1 2}}',
    '1x9999999',
  ])
    assert.throws(() => parseSequence(wrong), SyntaxError, wrong);
});

test('series', () => {
  assert.deepEqual(parseSeries('sum{b="c",a=\'é\'} 1').labels, ['__name__', 'sum', 'a', 'é', 'b', 'c']);
  assert.deepEqual(parseSeries('{"a b", "c d"="e"}').labels, ['__name__', 'a b', 'c d', 'e']);
  assert.deepEqual(parseSeries('{} 3').labels, []);
});

test('start times', () => {
  assert.deepEqual(parseStartTimes('a{b="c"}@st _ -30s-1mx2 0 *x1 1ms'), {
    labels: ['__name__', 'a', 'b', 'c'],
    distances: [undefined, -30_000, -90_000, -150_000, 0, 0, 0, 1],
  });
  assert.equal(parseStartTimes('a 1 2'), undefined);
});

test('a script is commands with their lines', () => {
  const script = parseScript(
    [
      '# comment',
      'load 5m',
      '  a{b="c"} 1 2',
      '',
      'eval instant at 5m a',
      '  expect no_warn',
      '  a{b="c"} 2',
    ].join('\n'),
  );
  assert.deepEqual(
    script.map((command) => command.kind),
    ['load', 'eval'],
  );
  const [, second] = script;
  assert.ok(second?.kind === 'eval');
  assert.deepEqual([second.line, second.query, second.time], [5, 'a', { at: 300_000 }]);
  assert.equal(second.expect.warn, 'none');
});

test('a scalar ends its command', () => {
  const script = parseScript('eval instant at 0 1 + 1\n  2\neval instant at 0 -Inf\n  -Inf\nclear');
  assert.deepEqual(
    script.map((command) => (command.kind === 'eval' ? command.expect.value : command.kind)),
    [{ type: 'scalar', value: 2 }, { type: 'scalar', value: -Infinity }, 'clear'],
  );
});

test('faults name their line', () => {
  assert.throws(
    () => parseScript('load 5m\n  a 1 two'),
    /^ScriptError: line 2: cannot read series values at "two"/,
  );
  assert.throws(() => parseScript('\nevil 5m'), /line 2: invalid command/);
  assert.throws(() => parseScript('eval instant at 1m a\n  expect nonsense'), /line 2: invalid expect/);
});

test('queries are pinned outside subqueries, and not where time itself is asked for', () => {
  assert.equal(pinQuery('sum(a) + b @ 5', 1000), 'sum(a @ 1.000) + b @ 5.000');
  assert.equal(pinQuery('rate(a[1m])[5m:]', 1000), 'rate(a[1m])[5m:] @ 1.000');
  assert.equal(pinQuery('a + time()', 1000), undefined);
});

test('classic histograms are loaded as custom ones as well, with the hints a storage gives', () => {
  const storage = new MemoryStorage();
  const [command] = parseScript(
    'load_with_nhcb 1m\n  a_bucket{le="1"} 1 2 1\n  a_bucket{le="+Inf"} 2 4 3\n  a_sum 5 6 7',
  );
  assert.ok(command?.kind === 'load');
  load(command, storage);
  const set = storage.querier().select([{ type: '=', name: '__name__', value: 'a' }], {
    mint: 0,
    maxt: 1e6,
    step: 0,
    func: '',
    range: 0,
  });
  assert.ok(!(set instanceof Promise));
  const buffer = new SampleBuffer();
  set.read(0, 0, 1e6, buffer);
  assert.deepEqual(
    buffer.histograms.map((histogram) => [histogram!.hint, histogram!.sum, [...histogram!.positive.count]]),
    [
      ['unknown', 5, [1, 1]],
      ['notReset', 6, [2, 2]],
      ['unknown', 7, [1, 2]],
    ],
  );
});
