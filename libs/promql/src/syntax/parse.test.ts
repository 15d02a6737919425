import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from './parse.ts';

/** Query, then the fault with its place. */
const faults: readonly (readonly [string, string])[] = [
  ['', 'unknown position: parse error: no expression found in input'],
  ['# only a comment\n', '1:1: parse error: no expression found in input'],
  ['foo bar', '1:5: parse error: unexpected identifier "bar"'],
  ['1m 30s', '1:4: parse error: unexpected duration "30s"'],
  ['foo +', '1:6: parse error: unexpected end of input'],
  ['foo on(x) bar', '1:5: parse error: unexpected <on>'],
  ['*1', '1:1: parse error: unexpected <op:*>'],
  ['\n foo $', `2:6: parse error: unexpected character: '$'`],
  ['foo{a="é"} $', `1:13: parse error: unexpected character: '$'`],
  ['(1', '1:3: parse error: unclosed left parenthesis'],
  ['foo)', `1:5: parse error: unexpected right parenthesis ')'`],
  ['foo[5m', '1:7: parse error: unclosed left bracket'],
  ['foo{', '1:5: parse error: unexpected end of input inside braces'],
  [
    'foo[]',
    '1:5: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()',
  ],
  ['foo[5m 5m]', '1:8: parse error: unexpected duration "5m" in subquery or range, expected ":" or "]"'],
  ['foo @', '1:6: parse error: unexpected end of input in @, expected timestamp'],
  ['foo @ start', '1:12: parse error: unexpected end of input in @, expected timestamp'],
  [
    'foo offset',
    '1:11: parse error: unexpected end of input in offset, expected number, duration, step(), or range()',
  ],
  ['foo{a}', '1:6: parse error: unexpected "}" in label matching, expected label matching operator'],
  ['foo{a=b}', '1:7: parse error: unexpected identifier "b" in label matching, expected string'],
  ['foo{a="b",,}', '1:11: parse error: unexpected "," in label matching, expected identifier or "}"'],
  ['sum by (1) (x)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
  ['sum by x', '1:8: parse error: unexpected identifier "x" in grouping opts, expected "("'],
  ['sum(foo bar)', '1:9: parse error: unexpected identifier "bar" in aggregation'],
  ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
  [
    'topk(foo)',
    '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
  ],
  ['rate(foo[5m],)', '1:13: parse error: trailing commas not allowed in function call args'],
  ['foo(x)', '1:1: parse error: unknown function with name "foo"'],
  ['5mm', '1:1: parse error: bad number or duration syntax: "5mm"'],
  ['0deadbeef', '1:1: parse error: bad number or duration syntax: "0de"'],
  [
    '1e309',
    '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e309": value out of range',
  ],
  ['"abc', '1:1: parse error: unterminated quoted string'],
  ['`abc', '1:1: parse error: unterminated raw string'],
  ['"a\\q"', `1:1: parse error: unknown escape sequence U+0071 'q'`],
  ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['foo{__name__="x"}', '1:1: parse error: metric name must not be set twice: "foo" or "x"'],
  [
    'rate(foo)',
    '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
  ],
  ['rate(foo[5m],1)', '1:1: parse error: expected 1 argument(s) in call to "rate", got 2'],
  ['round(a,b,c)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
  ['label_join(a)', '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1'],
  ['1 == 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
  ['1 + bool 2', '1:3: parse error: bool modifier can only be used on comparison operators'],
  ['sum(1)', '1:5: parse error: expected type instant vector in aggregation expression, got scalar'],
  ['a and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
  ['a and on(x) group_left b', '1:1: parse error: no grouping allowed for "and" operation'],
  ['a + on(x) group_left(x) b', '1:3: parse error: label "x" must not occur in ON and GROUP clause at once'],
  ['1 + on(x) b', '1:1: parse error: vector matching only allowed between instant vectors'],
  ['a[5m] + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
  [
    '-"a"',
    '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
  ],
  ['1[5m:1m]', '1:1: parse error: subquery is only allowed on instant vector, got scalar instead'],
  ['1[5m]', '1:2: parse error: ranges only allowed for vector selectors'],
  ['a offset 1m [5m]', '1:13: parse error: no offset modifiers allowed before range'],
  ['a @ 1 [5m]', '1:7: parse error: no @ modifiers allowed before range'],
  ['a offset 1m offset 1m', '1:1: parse error: offset may not be set multiple times'],
  ['a @ 1 @ 2', '1:1: parse error: @ <timestamp> may not be set multiple times'],
  [
    'sum(a) offset 5m',
    '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
  ],
  ['a @ Inf', '1:1: parse error: timestamp out of bounds for @ modifier: +Inf'],
  ['a[0s]', '1:3: parse error: duration must be greater than 0'],
  ['a[5m/0]', '1:5: parse error: division by zero'],
  ['a[5m] anchored smoothed', '1:1: parse error: anchored and smoothed modifiers cannot be used together'],
  ['a[5m:] anchored', '1:1: parse error: anchored modifier is not supported for subqueries'],
  ['info(a, b)', '1:9: parse error: expected label selectors only, got vector selector instead'],
  ['a and fill(0) b', '1:1: parse error: filling in missing series not allowed for set operators'],
];

for (const [query, message] of faults) {
  test(`refuses ${JSON.stringify(query)}`, () => {
    assert.throws(() => parseQuery(query), { name: 'PromqlError', message });
  });
}

test('signs bind weaker than powers and stronger than sums', () => {
  const power = parseQuery('-10^2');
  assert.equal(power.kind, 'unary');
  const product = parseQuery('-a * b');
  assert.ok(product.kind === 'binary' && product.lhs.kind === 'unary');
  const number = parseQuery('1 - -1');
  assert.ok(number.kind === 'binary' && number.rhs.kind === 'number' && number.rhs.value === -1);
});

test('powers group to the right, all else to the left', () => {
  const power = parseQuery('2 ^ 3 ^ 2');
  assert.ok(power.kind === 'binary' && power.rhs.kind === 'binary');
  const difference = parseQuery('3 - 2 - 1');
  assert.ok(difference.kind === 'binary' && difference.lhs.kind === 'binary');
});

test('a modifier belongs to the selector before it', () => {
  const sum = parseQuery('a + b offset 5m');
  assert.ok(sum.kind === 'binary' && sum.rhs.kind === 'vector' && sum.rhs.offset === 300_000);
});

test('numbers are written as Go writes them', () => {
  const values = {
    '0x1f': 31,
    '0755': 493,
    '08': 8,
    '2.': 2,
    '.5e3': 500,
    '1_000': 1000,
    '1h30m': 5400,
    iNf: Infinity,
  };
  for (const [text, value] of Object.entries(values)) {
    const expr = parseQuery(text);
    assert.ok(expr.kind === 'number');
    assert.equal(expr.value, value, text);
  }
});

test('strings keep escapes, and bytes that are no UTF-8 as lone surrogates', () => {
  const values = [
    ['"a\\n\\u00e9\\xc3\\xa9"', 'a\néé'],
    ["'it\\'s'", "it's"],
    ['`a\\n`', 'a\\n'],
    ['"a\\xc5z"', 'a\udcc5z'],
  ] as const;
  for (const [text, value] of values) {
    const expr = parseQuery(text);
    assert.ok(expr.kind === 'string');
    assert.equal(expr.value, value);
  }
});

test('words of the language are names where nothing else fits', () => {
  for (const name of ['sum', 'by', 'offset', 'fill', 'start', 'smoothed', 'and', 'rate', 'step', 'min_of']) {
    const expr = parseQuery(`${name}{on="x"}`);
    assert.ok(expr.kind === 'vector' && expr.name === name, name);
  }
  const aggregation = parseQuery('sum by (on, bool, "a b") (x)');
  assert.ok(aggregation.kind === 'aggregation');
  assert.deepEqual(aggregation.grouping, ['on', 'bool', 'a b']);
});

test('deep and long texts are refused, not suffered', () => {
  const levels = 100_000;
  const texts = [
    '('.repeat(levels),
    '-'.repeat(levels) + '1',
    'abs('.repeat(levels),
    '1' + '+1'.repeat(levels),
    'a' + '[5m:]'.repeat(levels),
    `a[${'('.repeat(levels)}`,
    `a[1${'+1'.repeat(levels)}]`,
    'a'.repeat(2 ** 21),
  ];
  for (const text of texts) assert.throws(() => parseQuery(text), { name: 'PromqlError' });
});

test('an expression ends with its last character, whatever modifies it', () => {
  for (const text of [
    'a offset 2m',
    'a offset (1m * 2)',
    'a[5m] @ 5 offset (-1m)',
    'a[(1m * 2)]',
    'a @ start() smoothed',
  ]) {
    const { from, to } = parseQuery(text);
    assert.deepEqual([from, to], [0, text.length], text);
  }
});
