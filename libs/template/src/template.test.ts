import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alertmanagerFunctions } from './alertmanager.ts';
import { TemplateError } from './error.ts';
import { takes } from './functions.ts';
import { parseLibrary, parseTemplate } from './template.ts';
import { Time } from './time.ts';

class Alert {
  readonly Status = 'firing';
  readonly Labels = { alertname: 'Slow', model: 'ocr' };
  readonly StartsAt = new Time(Date.parse('2026-11-23T04:05:06Z'));
}

class Alerts extends Array<Alert> {
  Firing(): Alert[] {
    return [...this];
  }
}

class Data {
  readonly Alerts = Alerts.of(new Alert(), new Alert());
  readonly Empty: string[] = [];
  readonly Name = 'n';
  readonly Nothing = undefined;
  readonly Add = (a: bigint, b: bigint) => a + b;
}

const functions = alertmanagerFunctions({ now: () => Date.parse('2026-11-23T04:06:06Z') });
const data = new Data();

/** Template, and what it becomes. */
const table: [string, string][] = [
  ['plain }} text', 'plain }} text'],
  ['a  {{- " b " -}}  c', 'a b c'],
  ['a {{/* note */}} b{{- /* trims */ -}} c', 'a  bc'],
  ['{{ .Alerts | len }} {{ .Alerts.Firing | len }} {{ len .Alerts.Firing }}', '2 2 2'],
  ['{{ range $i, $a := .Alerts }}{{ $i }}{{ $a.Labels.model }} {{ end }}', '0ocr 1ocr '],
  ['{{ range .Alerts }}{{ .Status }}{{ break }}{{ end }}', 'firing'],
  ['{{ range $i, $_ := .Alerts }}{{ if eq $i 0 }}{{ continue }}{{ end }}{{ $i }}{{ end }}', '1'],
  ['{{ range .Empty }}x{{ else }}none{{ end }}', 'none'],
  ['{{ range 3 }}{{ . }}{{ end }}', '012'],
  ['{{ with .Empty }}x{{ else with .Name }}{{ . }}{{ end }}', 'n'],
  ['{{ if .Empty }}a{{ else if eq .Name "n" "m" }}b{{ else }}c{{ end }}', 'b'],
  ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ end }}{{ $x }}', '2'],
  ['{{ define "t" }}[{{ .Name }}]{{ end }}{{ template "t" . }}', '[n]'],
  ['{{ block "b" .Name }}<{{ . }}>{{ end }}', '<n>'],
  ['{{ (index .Alerts 0).Labels.alertname }} {{ call .Add 1 1 }}', 'Slow 2'],
  ['{{ or .Empty .Name }} {{ and .Name 0 }} {{ not 0 }} {{ or 0 (eq 1 1) }}', 'n 0 true true'],
  ['{{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1.5 2.5 }} {{ ne 1 2 }}', 'true true true false true'],
  ['{{ print "a" 1 2 "b" true }} {{ println 1 "x" }}', 'a1 2btrue 1 x\n'],
  ['{{ \'a\' }} {{ 0x1F }} {{ 1_000 }} {{ `raw\\n` }} {{ "\\u00e9\\t|" }}', '97 31 1000 raw\\n é\t|'],
  ['{{ .Name | printf "%s-%s" "x" | toUpper }}', 'X-N'],
  ['{{ join ", " (stringSlice "a" "b") }} {{ title "go far" }}', 'a, b Go Far'],
  ['{{ range .Alerts }}{{ .StartsAt.Format "15:04" }} {{ end }}', '04:05 04:05 '],
  [
    '{{ (index .Alerts 0).StartsAt | tz "Asia/Shanghai" | date "2006-01-02 15:04:05 -0700" }}',
    '2026-11-23 12:05:06 +0800',
  ],
  ['{{ since (index .Alerts 0).StartsAt | humanizeDuration }}', '1m 0s'],
  [
    '{{ toJson (index .Alerts 0) }}',
    '{"Status":"firing","Labels":{"alertname":"Slow","model":"ocr"},"StartsAt":"2026-11-23T04:05:06Z"}',
  ],
  ['{{ range $k, $v := dict "b" 1 "a" 2 }}{{ $k }}{{ $v }}{{ end }}', 'a2b1'],
  [
    '{{ html "<a href=\'x\'>" }} {{ urlquery "a b&é" }} {{ js "</script>" }}',
    '&lt;a href=&#39;x&#39;&gt; a+b%26%C3%A9 \\u003C/script\\u003E',
  ],
];

for (const [text, expected] of table) {
  test(text, () => assert.equal(parseTemplate(text, functions).execute(data), expected));
}

/** Template, and the fault that Go's text/template finds. */
const faults: [string, string][] = [
  ['a\n{{ nope }}', 'template: t:2: function "nope" not defined'],
  ['{{ $x }}', 'template: t:1: undefined variable "$x"'],
  ['{{ if true }}', 'template: t:1: unexpected EOF'],
  ['{{ end }}', 'template: t:1: unexpected {{end}}'],
  ['{{ break }}', 'template: t:1: {{break}} outside {{range}}'],
  ['{{ "a }}', 'template: t:1: unterminated quoted string'],
  ['{{ .a ', 'template: t:1: unclosed action'],
  ['{{ (1 }}', 'template: t:1: unclosed left paren'],
  ['{{ 1) }}', 'template: t:1: unexpected right paren'],
  ['{{ }}', 'template: t:1: missing value for command'],
  ['{{/* a', 'template: t:1: unclosed comment'],
  ['{{ 1 | 2 }}', 'template: t:1: non executable command in pipeline stage 2'],
  ['{{ 12x }}', 'template: t:1: bad number syntax: "12x"'],
  ['{{ .a@ }}', "template: t:1: bad character U+0040 '@'"],
  ['{{ if true }}{{ else }}{{ else }}{{ end }}', 'template: t:1: expected end; found {{else}}'],
  ['{{ template "x" }}', 'template: t:1:12: executing "t" at <{{template "x"}}>: template "x" not defined'],
  ['{{ nil }}', 'template: t:1:3: executing "t" at <nil>: nil is not a command'],
  ['{{ .Gone }}', `template: t:1:3: executing "t" at <.Gone>: can't evaluate field Gone in type Data`],
  [
    'é\né{{ .Name.x }}',
    `template: t:2:10: executing "t" at <.Name.x>: can't evaluate field x in type string`,
  ],
  ['{{ len 3 }}', 'template: t:1:3: executing "t" at <len 3>: error calling len: len of type int'],
  [
    '{{ index .Alerts 5 }}',
    'template: t:1:3: executing "t" at <index .Alerts 5>: error calling index: index out of range: 5',
  ],
  [
    '{{ eq 1 1.0 }}',
    'template: t:1:3: executing "t" at <eq 1 1.0>: error calling eq: incompatible types for comparison',
  ],
  [
    '{{ toUpper }}',
    'template: t:1:3: executing "t" at <toUpper>: wrong number of args for toUpper: want 1 got 0',
  ],
  ['{{ range .Name }}{{ end }}', `template: t:1:9: executing "t" at <.Name>: range can't iterate over n`],
  [
    '{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}',
    'template: t:1:28: executing "r" at <{{template "r"}}>: exceeded maximum template depth (500)',
  ],
];

for (const [text, message] of faults) {
  test(`fault in ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseTemplate(text, functions, { name: 't' }).execute(data), {
      name: 'TemplateError',
      message,
    });
  });
}

test('a later definition in the library replaces an earlier one, and the text replaces both', () => {
  const library = parseLibrary(
    [
      { name: 'a', text: '{{ define "x" }}1{{ end }}{{ define "y" }}y{{ end }}' },
      { name: 'b', text: '{{ define "x" }}2{{ end }}' },
    ],
    functions,
  );
  assert.equal(
    parseTemplate('{{ template "x" }}{{ template "y" }}', functions, { library }).execute({}),
    '2y',
  );
  const own = '{{ define "x" }}3{{ end }}{{ template "x" }}';
  assert.equal(parseTemplate(own, functions, { library }).execute({}), '3');
});

test('html escaping leaves safe values alone', () => {
  const template = parseTemplate('<b>{{ .x }}</b>{{ .x | safeHtml }}', functions, { escape: 'html' });
  assert.equal(template.execute({ x: '<i>&' }), '<b>&lt;i&gt;&amp;</b><i>&');
});

test('each waiting function is asked once, and its fault gets a place', async () => {
  const asked: string[] = [];
  const ask = takes(['string'], async (text: string) => {
    asked.push(text);
    if (text === 'bad') throw new Error('down');
    return text + '!';
  });
  const template = parseTemplate('{{ ask "a" }}{{ ask "b" | ask }}', { ask }, { name: 't' });
  assert.equal(await template.executeAsync({}), 'a!b!!');
  assert.deepEqual(asked, ['a', 'b', 'b!']);
  assert.throws(() => template.execute({}), /use executeAsync/);
  await assert.rejects(parseTemplate('{{ ask "bad" }}', { ask }, { name: 't' }).executeAsync({}), {
    message: 'template: t:1:3: executing "t" at <ask "bad">: error calling ask: down',
  });
});

test('any text is either a template or a TemplateError, and text without actions is itself', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '.',
    '$x',
    ':=',
    '|',
    '"',
    '`',
    '(',
    ')',
    'if',
    'end',
    'else',
    'range',
    '1',
    'a',
    '/*',
    '*/',
    '\n',
    'é',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          const out = parseTemplate(text, functions).execute({});
          if (!text.includes('{{')) assert.equal(out, text);
        } catch (error) {
          assert(error instanceof TemplateError, String(error));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
