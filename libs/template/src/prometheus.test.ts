import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRuleTemplate, prometheusFunctions, RuleData } from './prometheus.ts';

const functions = prometheusFunctions({
  externalUrl: 'http://h:9090/pre',
  query: async (expr) => (expr === 'x' ? [{ Labels: { a: 'b' }, Value: 1.5 }] : []),
  now: () => 0,
});
const data = new RuleData({ __name__: 'x', a: 'b', c: 'd' }, { z: 'q' }, 'http://h:9090/pre', 1234567.891);

/** Text, and what promtool 2.42 makes of it in an annotation. */
const table: [string, string][] = [
  ['{{ $value }}', '1.234567891e+06'],
  [
    '{{ printf "%v %g %f %e %.3g %8.2f|%-8s|%+d %x %q %t %5t %s %d %v %T" $value $value $value $value $value $value "ab" 5 255 "q\\"" true false $value $value $labels $value }}',
    '1.234567891e+06 1.234567891e+06 1234567.891000 1.234568e+06 1.23e+06 1234567.89|ab      |+5 ff "q\\"" true false %!s(float64=1.234567891e+06) %!d(float64=1.234567891e+06) map[__name__:x a:b c:d] float64',
  ],
  [
    '{{ 1e6 }} {{ 123456789.0 }} {{ print 1e20 1e21 1.5e-5 "a" 2 3 }} {{ len "é" }}',
    '1e+06 1.23456789e+08 1e+20 1e+21 1.5e-05a2 3 2',
  ],
  [
    '{{ printf "%.0f" 2.5}} {{ printf "%.3g" 123456.0 }} {{ printf "%#v" "a" }} {{ printf "%6.2f%%" 12.3456 }}',
    '2 1.23e+05 "a"  12.35%',
  ],
  [
    '{{ printf "%[2]v %[1]v" 1 2 }} {{ printf "%v" }} {{ printf "x" 1 }}',
    '2 1 %!v(MISSING) x%!(EXTRA int=1)',
  ],
  ['{{ printf "%U" 64 }} {{ printf "%08.3f" 3.14159}} {{ printf "%z" 1}}', 'U+0040 0003.142 %!z(int=1)'],
  [
    '{{ $value | humanize }} {{ humanizeDuration 1234567.8 }} {{ humanizePercentage 0.12345 }}',
    '1.235M 14d 6h 56m 7s 12.35%',
  ],
  [
    '{{ humanizeTimestamp 1700000000.5 }} {{ humanize1024 123456789 }}',
    '2023-11-14 22:13:20.5 +0000 UTC 117.7Mi',
  ],
  ['{{ 1700000000.123 | toTime }}', '2023-11-14 22:13:20.122 +0000 UTC'],
  [
    '{{ (1700000000.0 | toTime).Format "2006-01-02 Jan Mon MST -07:00 PM" }}',
    '2023-11-14 Nov Tue UTC +00:00 PM',
  ],
  ['{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ else }}none{{ end }}', '__name__=x;a=b;c=d;'],
  ['{{ with $x := 5 }}{{ $x }}{{ end }} {{ $labels }}', '5 map[__name__:x a:b c:d]'],
  ['{{ . }}', '{map[__name__:x a:b c:d] map[z:q] http://h:9090/pre 1.234567891e+06}'],
  ['{{ if and (gt $value 1.0) (eq $labels.a "b") }}yes{{ else if true }}no{{ end }}', 'yes'],
  ['{{ index $labels "a" }}{{ slice "abcdef" 1 3 }}[{{ $labels.nope }}]', 'bbc[]'],
  ['{{ query "x" | first | value }} {{ query "x" | first | label "a" }}', '1.5 b'],
  ['{{ with query "nope" }}{{ . | first | value }}{{ else }}nothing{{ end }}', 'nothing'],
  [
    '{{ externalURL }} {{ pathPrefix }} {{ $externalURL }} {{ $externalLabels.z }}',
    'http://h:9090/pre /pre http://h:9090/pre q',
  ],
];

for (const [text, expected] of table) {
  test(text, async () => {
    assert.equal(await parseRuleTemplate(text, 'A', functions).executeAsync(data), expected);
  });
}

/** Text, and the fault that promtool 2.42 finds. */
const faults: [string, string][] = [
  [
    '{{ .Foo }}',
    `template: __alert_A:1:115: executing "__alert_A" at <.Foo>: can't evaluate field Foo in type RuleData`,
  ],
  [
    '{{ gt $value 100 }}',
    'template: __alert_A:1:115: executing "__alert_A" at <gt $value 100>: error calling gt: incompatible types for comparison',
  ],
  [
    '{{ humanize "abc" }}',
    'template: __alert_A:1:115: executing "__alert_A" at <humanize "abc">: error calling humanize: strconv.ParseFloat: parsing "abc": invalid syntax',
  ],
  ['{{ toUpper 5 }}', 'template: __alert_A:1:123: executing "__alert_A" at <5>: expected string; found 5'],
  [
    '{{ $labels.a.b }}',
    `template: __alert_A:1:122: executing "__alert_A" at <$labels.a.b>: can't evaluate field b in type string`,
  ],
  [
    '{{ query "nope" | first }}',
    'template: __alert_A:1:130: executing "__alert_A" at <first>: error calling first: first() called on vector with no elements',
  ],
];

for (const [text, message] of faults) {
  test(`fault in ${text}`, async () => {
    await assert.rejects(parseRuleTemplate(text, 'A', functions).executeAsync(data), {
      name: 'TemplateError',
      message,
    });
  });
}
