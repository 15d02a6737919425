import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisTexts, quantityText, type Unit } from './quantity.ts';

const table: [value: number | null, unit: Unit, text: string][] = [
  [0.0042, 'seconds', '4.20 ms'],
  [0.000_087, 'seconds', '87 µs'],
  [2, 'seconds', '2 s'],
  [90, 'seconds', '90 s'],
  [600, 'seconds', '10 min'],
  [0, 'seconds', '0 ms'],
  [0.0147, 'ratio', '1.47%'],
  [1, 'ratio', '100%'],
  [28.64, 'rate', '28.6 req/s'],
  [0.033, 'rate', '0.033 req/s'],
  [15, 'count', '15'],
  [3.1234, 'plain', '3.12'],
  [123_456, 'plain', '123 k'],
  [-2.5, 'plain', '−2.50'],
  [Infinity, 'seconds', '∞ h'],
  [null, 'seconds', '–'],
  [Number.NaN, 'ratio', '–'],
];

test('a number bears three digits and its unit', () => {
  for (const [value, unit, text] of table) assert.equal(quantityText(value, unit), text, `${value} ${unit}`);
});

test('the ticks of an axis share one unit and one number of decimals', () => {
  assert.deepEqual(axisTexts([0, 0.02, 0.04], 'seconds'), ['0', '20 ms', '40 ms']);
  assert.deepEqual(axisTexts([0, 0.005, 0.01], 'ratio'), ['0', '0.5%', '1.0%']);
  assert.deepEqual(axisTexts([0, 10, 20], 'rate'), ['0', '10', '20']);
  assert.deepEqual(axisTexts([0, 0.25, 0.5], 'plain'), ['0', '0.25', '0.50']);
});
