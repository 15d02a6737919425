import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sumOf } from '../../kahan.ts';
import { Row } from '../../operators/row.ts';
import { SampleBuffer } from '../../sample-buffer.ts';
import type { Windows } from './range-function.ts';
import { slideExtreme, slideSum } from './slide.ts';

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  fc.constantFrom(NaN, 0, 1e15, -1e15),
);
/** Values, and steps by which the two ends of the window move on. */
const input = fc.record({
  values: fc.array(value, { maxLength: 60 }),
  moves: fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 40 }),
});

function windowsOf({ values, moves }: { values: number[]; moves: [number, number][] }): Windows {
  const samples = new SampleBuffer();
  values.forEach((v, i) => {
    samples.push(i, v);
  });
  const from = new Int32Array(moves.length);
  const to = new Int32Array(moves.length);
  let first = 0;
  let end = 0;
  moves.forEach(([back, front], k) => {
    end = Math.min(values.length, end + front);
    first = Math.min(end, first + back);
    from[k] = first;
    to[k] = end;
  });
  const none = new Float64Array(moves.length);
  return { samples, layout: 0, from, to, ends: none, times: none, range: 1, args: [] };
}

/** What each window holds when it is looked at by itself. */
function eachWindow({ samples, from, to }: Windows, of: (v: number[]) => number): (number | undefined)[] {
  return [...from].map((first, k) => (first < to[k]! ? of([...samples.v.slice(first, to[k])]) : undefined));
}

function shown(row: Row): (number | undefined)[] {
  return [...row.v].map((v, k) => (row.has[k] === 1 ? v : undefined));
}

test('a sliding maximum is the maximum of each window', () => {
  const larger = (a: number, b: number) => a > b || b !== b;
  fc.assert(
    fc.property(input, (given) => {
      const windows = windowsOf(given);
      const row = new Row(given.moves.length);
      slideExtreme(windows, row, larger);
      const direct = eachWindow(windows, (v) => v.reduce((best, x) => (larger(x, best) ? x : best), NaN));
      assert.deepEqual(shown(row), direct);
    }),
  );
});

test('a sliding sum is the compensated sum of each window, whatever has left it', () => {
  fc.assert(
    fc.property(input, (given) => {
      const windows = windowsOf(given);
      const row = new Row(given.moves.length);
      slideSum(windows, row);
      const direct = eachWindow(windows, (v) => sumOf(Float64Array.from(v), 0, v.length));
      shown(row).forEach((sum, k) => {
        if (sum === undefined || sum !== sum) assert.deepEqual(sum, direct[k]);
        else
          assert.ok(Math.abs(sum - direct[k]!) <= 1e-12 * Math.max(1, Math.abs(sum)), `${sum} ${direct[k]}`);
      });
    }),
  );
});
