import type { Buckets } from './buckets.ts';
import { type FloatHistogram, isCustom, sameBounds } from './histogram.ts';
import { reconcile, toSchema, widenZero } from './reconcile.ts';

/**
 * Whether a counter was reset between two samples: something is smaller now, or the buckets are finer than they
 * could have become without a restart. A hint of the newer sample decides alone where it knows.
 */
export function isCounterReset(previous: FloatHistogram, current: FloatHistogram): boolean {
  if (current.hint === 'reset') return true;
  if (current.hint === 'notReset') return false;
  if (current.count < previous.count) return true;
  if (isCustom(current) !== isCustom(previous)) return true;
  if (isCustom(current) && !sameBounds(current.customBounds, previous.customBounds)) {
    const { a, b } = reconcile(previous, current)!;
    return anySmaller(a.positive, b.positive);
  }
  if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold) return true;
  const sameZero = current.zeroThreshold === previous.zeroThreshold;
  const wide = sameZero ? previous : widenZero(previous, current.zeroThreshold);
  // A populated bucket across the new threshold cannot have been swallowed whole.
  if (wide.zeroThreshold !== current.zeroThreshold || current.zeroCount < wide.zeroCount) return true;
  const before = toSchema(wide, current.schema);
  return anySmaller(before.positive, current.positive) || anySmaller(before.negative, current.negative);
}

/** Whether any bucket holds less than before, or is gone; one that held nothing may go. */
function anySmaller(before: Buckets, now: Buckets): boolean {
  for (let i = 0, j = 0; i < before.index.length; i++) {
    while (j < now.index.length && now.index[j]! < before.index[i]!) j++;
    const isGone = now.index[j] !== before.index[i];
    if (isGone ? before.count[i] !== 0 : now.count[j]! < before.count[i]!) return true;
  }
  return false;
}
