import assert from 'node:assert/strict';
import type { Json } from './bench.ts';

/** Equal shapes and labels, values to nine digits; of faults, the same type. */
export function same(ours: Json, theirs: Json, what: string): void {
  assert.equal(ours.status, theirs.status, `${what}: ${JSON.stringify([ours.error, theirs.error])}`);
  assert.equal(ours.errorType, theirs.errorType, what);
  assert.deepEqual(rounded(ours.data), rounded(theirs.data), what);
}

function rounded(value: Json): Json {
  if (Array.isArray(value)) {
    const list = value.map(rounded);
    // Vectors of instant queries have no order of their own.
    const sortable = list.every((item) => item?.metric);
    return sortable
      ? list.sort((a, b) => (JSON.stringify(a.metric) < JSON.stringify(b.metric) ? -1 : 1))
      : list;
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
  if (typeof value === 'string' && /^-?[\d.]+(e[+-]\d+)?$/.test(value)) return Number(value).toPrecision(9);
  return value;
}
