import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue, type Labels, labelsFrom } from '@paddlewatch/model';
import fc from 'fast-check';
import { ExpositionError } from './exposition-error.ts';
import { type PageFormat, PageScanner } from './page-scanner.ts';

type Entry =
  | [series: string, value: number, timestamp?: number]
  | [kind: 'help' | 'type' | 'unit', name: string, text: string];

function scan(page: string, format: PageFormat = 'text'): Entry[] {
  const scanner = new PageScanner();
  scanner.open(Buffer.from(page), format);
  const entries: Entry[] = [];
  for (let line = scanner.next(); line !== 'end'; line = scanner.next()) {
    if (line !== 'series') entries.push([line, scanner.name(), scanner.text()]);
    else if (Number.isNaN(scanner.timestamp)) entries.push([scanner.labels().join(' '), scanner.value]);
    else entries.push([scanner.labels().join(' '), scanner.value, scanner.timestamp]);
  }
  return entries;
}

const good: [page: string, entries: Entry[]][] = [
  ['', []],
  ['\n \n# a word\n#no blank\n# HELPa x\n', []],
  ['a 1', [['__name__ a', 1]]],
  ['a{} 1 -5\n', [['__name__ a', 1, -5]]],
  ['\ta \t1 \t1700000000000 \n', [['__name__ a', 1, 1_700_000_000_000]]],
  ['a{c="2",b="1",} 1\n', [['__name__ a b 1 c 2', 1]]],
  ['a { b = "1" , c = "" } 1\n', [['__name__ a b 1', 1]]],
  ['a{b="}\\"\\\\\\n\\x # "} 1\n', [['__name__ a b }"\\\n\\x # ', 1]]],
  ['{"my.metric","a.b"="1",c="值"} 1\n', [['__name__ my.metric a.b 1 c 值', 1]]],
  ['# HELP a two  words\\n\\\\\n', [['help', 'a', 'two  words\n\\']]],
  ['#\tTYPE\ta  counter \n', [['type', 'a', 'counter']]],
  ['# HELP "my.metric" x\n', [['help', 'my.metric', 'x']]],
  ['# HELP a\n', [['help', 'a', '']]],
  [
    'a +Inf\nb -iNf\nc nan\nd Infinity\n',
    [
      ['__name__ a', Infinity],
      ['__name__ b', -Infinity],
      ['__name__ c', Number.NaN],
      ['__name__ d', Infinity],
    ],
  ],
  [
    'a 0x1.8p1\nb 1.\nc .5\nd -1e-07\ne +00012\nf 9007199254740993\n',
    [
      ['__name__ a', 3],
      ['__name__ b', 1],
      ['__name__ c', 0.5],
      ['__name__ d', -1e-7],
      ['__name__ e', 12],
      ['__name__ f', 9007199254740992],
    ],
  ],
];

for (const [page, entries] of good) {
  test(`reads ${JSON.stringify(page)}`, () => assert.deepEqual(scan(page), entries));
}

test('reads OpenMetrics: seconds, units, exemplars', () => {
  assert.deepEqual(
    scan('# UNIT a_s s\n# TYPE a_s counter\na_s_total 1 1.5 # {t="1"} 0.5 1\nb 2\n# EOF\n', 'openmetrics'),
    [
      ['unit', 'a_s', 's'],
      ['type', 'a_s', 'counter'],
      ['__name__ a_s_total', 1, 1500],
      ['__name__ b', 2],
    ],
  );
});

const bad: [page: string, fault: string, format?: PageFormat][] = [
  ['a 1\n0a 1\n', 'line 2, column 1: a series must begin with a metric name or {'],
  ['a\n', 'line 1, column 2: expected a value'],
  ['a x\n', 'line 1, column 3: "x" is not a value'],
  ['a .\n', 'line 1, column 3: "." is not a value'],
  ['a 1_2\n', 'line 1, column 3: "1_2" is not a value'],
  ['a 1\r\n', 'line 1, column 3: "1\r" is not a value'],
  ['a 1 1.5\n', 'line 1, column 5: a timestamp must be whole milliseconds'],
  ['a 1 1 1\n', 'line 1, column 7: expected the end of the line'],
  ['a 1 # {} 1\n', 'line 1, column 5: expected the end of the line'],
  ['a{b="1} 1\n', 'line 1, column 5: the string has no closing "'],
  ['a{b="1" 1\n', 'line 1, column 10: the labels have no closing }'],
  ['a{b="1"c="2"} 1\n', 'line 1, column 8: expected , or } after a label'],
  ['a{b="1",b="2"} 1\n', 'line 1, column 14: the label "b" stands twice'],
  ['a{1="1"} 1\n', 'line 1, column 3: a name cannot begin with a digit'],
  ['a{b=1} 1\n', 'line 1, column 5: expected a label value in quotes'],
  ['{b="1"} 1\n', 'line 1, column 1: the series has no metric name'],
  ['# TYPE a thing\n', 'line 1, column 10: "thing" is not a metric type'],
  ['# TYPE\t\n', 'line 1, column 8: expected a metric name'],
  ['a 1\n', 'line 2, column 1: the page does not end with # EOF', 'openmetrics'],
  ['a 1\n\n# EOF\n', 'line 2, column 1: OpenMetrics has no blank lines', 'openmetrics'],
  ['# EOF\na 1\n', 'line 2, column 1: the page goes on after # EOF', 'openmetrics'],
  ['a 1 Inf\n# EOF\n', 'line 1, column 5: a timestamp must be finite', 'openmetrics'],
];

for (const [page, fault, format] of bad) {
  test(`refuses ${JSON.stringify(page)}`, () => {
    assert.throws(
      () => scan(page, format),
      (error: Error) => error instanceof ExpositionError && error.message === fault,
    );
  });
}

test('refuses a label that is not UTF-8', () => {
  const scanner = new PageScanner();
  scanner.open(Buffer.from('a{b="\xff"} 1\n', 'latin1'), 'text');
  scanner.next();
  assert.throws(() => scanner.labels(), /the string is not UTF-8/);
});

test('reads every double as it was written', () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.double({ min: -1e6, max: 1e6 }),
    fc.integer(),
    fc.maxSafeInteger(),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      const [[, read]] = scan(`a ${formatValue(value)}\n`) as [Entry];
      assert.deepEqual(read, value);
    }),
    { numRuns: 1000 },
  );
});

test('reads back whatever labels were escaped', () => {
  const labels = fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.string({ unit: 'grapheme' }),
  );
  const quoted = (text: string) =>
    `"${text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`;
  fc.assert(
    fc.property(labels, (record) => {
      const pairs = Object.entries(record).map(([name, value]) => `,${quoted(name)}=${quoted(value)}`);
      const scanner = new PageScanner();
      scanner.open(Buffer.from(`{"m"${pairs.join('')}} 1\n`), 'text');
      scanner.next();
      const expected: Labels = labelsFrom({ ...record, __name__: 'm' });
      assert.deepEqual(scanner.labels(), expected);
    }),
    { numRuns: 300 },
  );
});

test('takes what it knows as it would have read it', () => {
  const page = Buffer.from('a 1\nab{c="1"} 2.5 7\na  {c="1"} 3\n# HELP a x\n');
  const scanner = new PageScanner();
  scanner.open(page, 'text');
  const { view } = scanner;
  assert.ok(scanner.takeSeries(view, 0, 1));
  assert.equal(scanner.value, 1);
  assert.ok(!scanner.takeSeries(view, 0, 1), 'a is not ab');
  assert.ok(scanner.takeSeries(view, 4, 13));
  assert.deepEqual([scanner.value, scanner.timestamp], [2.5, 7]);
  assert.ok(!scanner.takeSeries(view, 0, 1), 'a is not a {c="1"}');
  assert.equal(scanner.next(), 'series');
  assert.deepEqual(scanner.labels(), ['__name__', 'a', 'c', '1']);
  assert.ok(scanner.takeLine(view, page.indexOf('#'), page.length));
  assert.equal(scanner.next(), 'end');
});

test('garbage ends in entries or in an ExpositionError', () => {
  const pieces = fc.constantFrom(
    ...'a b{ } " = , \\ # \n 1 . e Inf 0x HELP TYPE UNIT EOF counter'.split(' '),
    ' ',
    '\t',
  );
  const pages = fc.oneof(
    fc.array(pieces).map((parts) => parts.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(pages, fc.constantFrom<PageFormat>('text', 'openmetrics'), (page, format) => {
      try {
        scan(page, format);
      } catch (error) {
        if (!(error instanceof ExpositionError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
