import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './en.ts';
import { chooseLanguage } from './language.ts';
import { zh } from './zh.ts';

/** Every word with its path, functions left out. */
function* flat(words: object, path = ''): Generator<[path: string, text: string]> {
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'object') yield* flat(value as object, `${path}${key}.`);
    else if (typeof value === 'string') yield [path + key, value];
  }
}

test('no word is empty, and none was forgotten in translation', () => {
  const english = new Map(flat(en));
  // Terms that are the same in both languages, and the name of the language to switch to.
  const same = ['explore.placeholder', 'history.joint'];
  for (const [path, text] of flat(zh)) {
    assert.notEqual(text, '', path);
    if (!same.includes(path)) assert.notEqual(text, english.get(path), path);
  }
});

test('lengths of time read naturally in both languages', () => {
  assert.equal(en.time.ago(200_000), '3m 20s ago');
  assert.equal(zh.time.ago(200_000), '3 分 20 秒前');
  assert.equal(en.time.span(0), '0 ms');
});

test('the reader’s choice comes before the browser’s', () => {
  assert.equal(chooseLanguage('en', ['zh-CN']), 'en');
  assert.equal(chooseLanguage(null, ['zh-TW', 'en']), 'zh');
  assert.equal(chooseLanguage(null, ['de', 'fr']), 'en');
  assert.equal(chooseLanguage('klingon', ['fr', 'zh']), 'zh');
});
