import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printMatchers } from './label-matcher.ts';
import { parseMatchers } from './parse.ts';

/** Text, and the matchers it stands for; undefined where it must be refused. */
const table: [string, string | undefined][] = [
  ['{}', '{}'],
  ['', '{}'],
  ['foo=bar', '{foo="bar"}'],
  ['{foo=bar}', '{foo="bar"}'],
  ['{foo="bar"}', '{foo="bar"}'],
  ['{foo=~"[a-z]+"}', '{foo=~"[a-z]+"}'],
  ['{foo!="bar",}', '{foo!="bar"}'],
  ['{ foo = "bar" , baz !~ "qux" }', '{baz!~"qux",foo="bar"}'],
  ['foo="bar",bar="baz"', '{bar="baz",foo="bar"}'],
  ['foo=', '{foo=""}'],
  ['{foo=}', '{foo=""}'],
  ['foo=""', '{foo=""}'],
  ['foo="bar,baz"', '{foo="bar,baz"}'],
  ['foo=bar\\nbaz', '{foo="bar\\nbaz"}'],
  ['foo="bar\\"baz"', '{foo="bar\\"baz"}'],
  ['foo=bar baz', '{foo="bar baz"}'],
  ['"foo bar"=baz', '{"foo bar"="baz"}'],
  ['{模型="文字识别"}', '{"模型"="文字识别"}'],
  ['foo🙂=bar', '{"foo🙂"="bar"}'],
  ['foo="\\u00e9"', '{foo="\\\\u00e9"}'],
  ['"a"="\\u00e9"', '{a="é"}'],
  ['foo:bar=x', '{"foo:bar"="x"}'],
  ['foo', undefined],
  ['foo=~(', undefined],
  ['{foo=bar', '{foo="bar"}'],
  ['=bar', undefined],
  ['foo="bar', undefined],
  ['foo="ba"r"', undefined],
  ['0foo=bar', '{"0foo"="bar"}'],
  ['foo=bar,,', undefined],
];

for (const [text, expected] of table) {
  test(JSON.stringify(text), () => {
    if (expected === undefined) assert.throws(() => parseMatchers(text), SyntaxError);
    else assert.equal(printMatchers(parseMatchers(text)), expected);
  });
}
