import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpositionError } from './exposition-error.ts';
import { parseOpenMetrics } from './open-metrics.ts';
import { writeOpenMetrics, writeText } from './write.ts';

const page = `# TYPE paddle_duration_seconds histogram
# UNIT paddle_duration_seconds seconds
# HELP paddle_duration_seconds Time \\"in\\" all\\nof it.
paddle_duration_seconds_bucket{model="ocr",le="0.5"} 1 1700000000.5 # {trace="a\\\\b"} 0.25 1700000000
paddle_duration_seconds_bucket{model="ocr",le="+Inf"} 2 1700000000.5
paddle_duration_seconds_sum{model="ocr"} 3.5 1700000000.5
paddle_duration_seconds_count{model="ocr"} 2 1700000000.5
# TYPE requests counter
requests_total 1e+21 # {} NaN
requests_created 5
# TYPE build info
build_info{version="1"} 1
bare 0
# EOF
`;

test('reads families with types, units, times and exemplars', () => {
  const [histogram, requests, build, bare] = parseOpenMetrics(page);
  assert.equal(histogram!.help, 'Time "in" all\nof it.');
  assert.equal(histogram!.unit, 'seconds');
  assert.deepEqual(histogram!.samples[0], {
    name: 'paddle_duration_seconds_bucket',
    labels: { model: 'ocr', le: '0.5' },
    value: 1,
    timestamp: 1_700_000_000.5,
    exemplar: { labels: { trace: 'a\\b' }, value: 0.25, timestamp: 1_700_000_000 },
  });
  assert.deepEqual([requests!.type, requests!.samples.length], ['counter', 2]);
  assert.deepEqual([build!.type, bare!.type, bare!.name], ['info', 'unknown', 'bare']);
});

test('writes what it read', () => {
  const families = parseOpenMetrics(page);
  assert.deepEqual(parseOpenMetrics(writeOpenMetrics(families)), families);
});

test('writes the older format with its own names and types', () => {
  assert.deepEqual(writeText(parseOpenMetrics(page)).split('\n'), [
    '# HELP paddle_duration_seconds Time "in" all\\nof it.',
    '# TYPE paddle_duration_seconds histogram',
    'paddle_duration_seconds_bucket{model="ocr",le="0.5"} 1 1700000000500',
    'paddle_duration_seconds_bucket{model="ocr",le="+Inf"} 2 1700000000500',
    'paddle_duration_seconds_sum{model="ocr"} 3.5 1700000000500',
    'paddle_duration_seconds_count{model="ocr"} 2 1700000000500',
    '# TYPE requests_total counter',
    'requests_total 1e+21',
    'requests_created 5',
    '# TYPE build_info gauge',
    'build_info{version="1"} 1',
    '# TYPE bare untyped',
    'bare 0',
    '',
  ]);
});

const bad: [lines: string[], fault: string][] = [
  [['a  1'], 'line 1, column 3: expected a value'],
  [['a{b="1", c="2"} 1'], 'line 1, column 9: expected a label name'],
  [['a{b="1",} 1'], 'line 1, column 9: expected a label name'],
  [['a{b="1",b="2"} 1'], 'line 1, column 9: the label b stands twice'],
  [['a 1 NaN'], 'line 1, column 5: expected a timestamp'],
  [['a 0x1'], 'line 1, column 4: expected the end of the line'],
  [['# TYPE a gauge', 'a 1 # {} 1'], 'line 2, column 1: a of a gauge cannot have an exemplar'],
  [['# TYPE a counter', 'a 1'], 'line 2, column 1: the name a belongs to a family before'],
  [['# TYPE a counter', 'a_total -1'], 'line 2, column 1: a_total cannot be negative'],
  [['# TYPE a gauge', '# UNIT a seconds'], 'line 2, column 1: a does not end in its unit _seconds'],
  [['# UNIT a_s s', '# TYPE a_s info'], 'line 2, column 1: a_s cannot have a unit: it is of type info'],
  [['a 1', 'b 1', 'a{c="1"} 1'], 'line 3, column 1: the name a belongs to a family before'],
  [
    ['a{b="1"} 1', 'a{b="2"} 1', 'a{b="1"} 2'],
    'line 3, column 1: the samples of a metric of a do not stand together',
  ],
  [['a 1', 'a 2'], 'line 2, column 1: a stands twice'],
  [['a 1 2', 'a 1 1'], 'line 2, column 1: the time of a goes backwards'],
  [
    ['# TYPE a histogram', 'a_bucket{le="1"} 2', 'a_bucket{le="+Inf"} 1', '# TYPE b gauge'],
    'line 4, column 1: the histogram a breaks off: its buckets do not add up at le="+Inf"',
  ],
  [['# TYPE a histogram', 'a_bucket{le="1"} 1.5'], 'line 2, column 1: a_bucket counts: it must be whole'],
];

for (const [lines, fault] of bad) {
  test(`refuses ${lines.join(' | ')}`, () => {
    assert.throws(
      () => parseOpenMetrics(`${lines.join('\n')}\n# EOF\n`),
      (error: Error) => error instanceof ExpositionError && error.message === fault,
    );
  });
}
