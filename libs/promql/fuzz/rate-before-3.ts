import type { MakeRangeFunction, RangeFunction } from '../src/functions/range/range-function.ts';
import { rangeFunctions } from '../src/functions/range/table.ts';

/** `rate` and `increase` as Prometheus 2.42 has them: the limit at zero applies before a gap is cut. */
const before3: ReadonlyMap<string, MakeRangeFunction> = new Map([
  ['rate', () => counterFunction(true)],
  ['increase', () => counterFunction(false)],
]);

function counterFunction(perSecond: boolean): RangeFunction {
  return ({ samples: { t, v }, from, to, ends, range }, row) => {
    for (let k = 0; k < from.length; k++) {
      const [first, last] = [from[k]!, to[k]! - 1];
      if (last <= first) continue;
      let change = v[last]! - v[first]!;
      for (let i = first + 1; i <= last; i++) if (v[i]! < v[i - 1]!) change += v[i - 1]!;
      const covered = (t[last]! - t[first]!) / 1000;
      const interval = covered / (last - first);
      const cut = (gap: number) => (gap < interval * 1.1 ? gap : interval / 2);
      const toZero = change > 0 && v[first]! >= 0 ? covered * (v[first]! / change) : Infinity;
      const gap = (t[first]! - (ends[k]! - range)) / 1000;
      const stretched = covered + cut(Math.min(gap, toZero)) + cut((ends[k]! - t[last]!) / 1000);
      row.put(k, ((change * stretched) / covered) * (perSecond ? 1000 / range : 1));
    }
  };
}

/**
 * Runs a query with the functions of 2.42 in the place of ours. The table is the engine's own: nothing else may run
 * meanwhile.
 */
export async function withRateBefore3<T>(run: () => Promise<T>): Promise<T> {
  const table = rangeFunctions as Map<string, MakeRangeFunction>;
  const ours = new Map(table);
  for (const [name, make] of before3) table.set(name, make);
  try {
    return await run();
  } finally {
    for (const name of before3.keys()) table.set(name, ours.get(name)!);
  }
}
