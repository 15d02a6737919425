import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatExpr } from './format.ts';
import { exprToJson } from './json.ts';
import { parseQuery } from './parse.ts';

/** Query, then its formatted text where that differs. */
const lines: readonly (readonly [string, string?])[] = [
  ['sum(a) by (job)', 'sum by (job) (a)'],
  ['sum by () (a)', 'sum(a)'],
  ['sum without () (a)', 'sum without () (a)'],
  ['topk by (x, "a b") (5,a)', 'topk by (x, "a b") (5, a)'],
  ['a{x="y",b=~"c"}', 'a{b=~"c",x="y"}'],
  ['{"a b","c d"="e"}', '{"c d"="e",__name__="a b"}'],
  ['{__name__="a"}'],
  ['a{}', 'a'],
  ['a[5m] offset -1h @ 3', 'a[5m] @ 3.000 offset -1h'],
  ['a @ start() offset 90s', 'a @ start() offset 1m30s'],
  ['a[90m:] @ end()', 'a[1h30m:] @ end()'],
  ['a[5m] anchored offset 1m', 'a[5m] anchored offset 1m'],
  ['a==bool on(x)group_left(y)b', 'a == bool on (x) group_left (y) b'],
  ['a+ignoring()group_right b', 'a + ignoring () group_right () b'],
  ['a + fill_right(1) fill_left(0) b', 'a + fill_left (0) fill_right (1) b'],
  ['a + fill(1m) b', 'a + fill (60) b'],
  ['a[step()*2+(-5m)]', 'a[step() * 2 + -5m]'],
  ['a offset -min_of(step(),1h)', 'a offset -min_of(step(), 1h)'],
  ['- a ^ 2', '-a ^ 2'],
  ['1e10 + 1e-10 + inf', '10000000000 + 0.0000000001 + +Inf'],
  ['1h30m'],
  ['"a\\u0001é"', '"a\\x01é"'],
];

for (const [query, text = query] of lines) {
  test(`formats ${query}`, () => {
    assert.equal(formatExpr(parseQuery(query)), text);
    assert.equal(formatExpr(parseQuery(text)), text);
  });
}

test('a long query is broken at its brackets', () => {
  const query =
    'sum by (job) (rate(http_requests_total{status=~"5..",environment="production"}[5m])) / ' +
    'sum by (job) (rate(http_requests_total{environment="production"}[5m])) > bool 0.01';
  assert.equal(
    formatExpr(parseQuery(query)),
    [
      '    sum by (job) (rate(http_requests_total{environment="production",status=~"5.."}[5m]))',
      '  /',
      '    sum by (job) (rate(http_requests_total{environment="production"}[5m]))',
      '> bool',
      '  0.01',
    ].join('\n'),
  );
});

test('the tree is shown as the API shows it', () => {
  assert.deepEqual(exprToJson(parseQuery('a{x!="y"} * on(z) fill_left(2) b offset 5m')), {
    type: 'binaryExpr',
    op: '*',
    lhs: selector('a', 0, [{ name: 'x', value: 'y', type: '!=' }]),
    rhs: selector('b', 300_000, []),
    bool: false,
    matching: {
      card: 'one-to-one',
      labels: ['z'],
      on: true,
      include: [],
      fillValues: { lhs: 2, rhs: null },
    },
  });
  assert.deepEqual(exprToJson(parseQuery('pi()')), {
    type: 'call',
    func: { name: 'pi', argTypes: [], variadic: 0, returnType: 'scalar' },
    args: [],
  });
});

function selector(name: string, offset: number, matchers: readonly object[]): object {
  return {
    type: 'vectorSelector',
    name,
    offset,
    offsetExpr: null,
    matchers: [...matchers, { name: '__name__', value: name, type: '=' }],
    timestamp: null,
    startOrEnd: null,
    anchored: false,
    smoothed: false,
  };
}
