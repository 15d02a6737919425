import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue } from '@paddlewatch/model';
import { TextWriter } from './text-writer.ts';

const textOf = (out: TextWriter) => new TextDecoder().decode(out.finish());
const written = (value: number) => textOf(new TextWriter().value(value));

test('a value is written as formatValue writes it', () => {
  const odd = [0, -0, NaN, Infinity, -Infinity, 5e-324, 1e-7, 0.1 + 0.2, 1e9, 1e9 - 0.0001, 999_999_999.9999];
  const odder = [
    0.00005,
    0.0001,
    0.00015,
    1.00005,
    123456789.12345,
    2 ** 31,
    2 ** 53,
    1e21,
    1.7976931348623157e308,
  ];
  for (const value of [...odd, ...odder])
    for (const signed of [value, -value]) assert.equal(written(signed), formatValue(signed));
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 200_000; i++) {
    const digits = 10 ** Math.floor(random() * 7);
    const size = 10 ** Math.floor(random() * 11);
    const value = i % 4 === 0 ? random() * size : Math.round(random() * size * digits) / digits;
    // The neighbours in which a double differs in its last bit.
    for (const near of [value, value * (1 + 2 ** -52), value * (1 - 2 ** -53)])
      assert.equal(written(near), formatValue(near));
  }
});

test('texts of any length and script stand one after the other', () => {
  const texts = ['', 'a', '汉字', 'é'.repeat(100), '🙂', 'plain '.repeat(30_000), '汉'.repeat(70_000)];
  const out = new TextWriter();
  for (const text of texts) out.raw(text).value(0.25);
  assert.equal(textOf(out), texts.map((text) => `${text}0.25`).join(''));
});

test('bytes of another text are copied', () => {
  const bytes = new TextEncoder().encode('0123456789'.repeat(10_000));
  const out = new TextWriter().raw('<').copy(bytes, 3, 5).copy(bytes, 0, bytes.length).copy(bytes, 7, 7);
  assert.equal(textOf(out.raw('>')), `<34${'0123456789'.repeat(10_000)}>`);
});

test('two may be open at a time', () => {
  const [one, other] = [new TextWriter().raw('one'), new TextWriter().raw('other')];
  assert.equal(textOf(one.raw('!')) + textOf(other.raw('?')), 'one!other?');
});
