import { isStale } from '@paddlewatch/model';
import type { Budget } from '../budget.ts';
import { referenceTimes } from '../grid.ts';
import type { SelectPlan } from '../plan/plan.ts';
import { SameLabels } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';
import type { Scan } from './scan.ts';

/** The last sample of each series in (reference − lookback, reference], unless it marks the series' end. */
export class Select extends SameLabels implements VectorOperator {
  readonly #scan: Scan;
  readonly #references: Float64Array;
  readonly #lookback: number;
  readonly #yields: SelectPlan['yields'];
  readonly #budget: Budget;

  constructor(scan: Scan, labels: Labelled, plan: SelectPlan, budget: Budget) {
    super(labels);
    this.#scan = scan;
    this.#references = referenceTimes(plan.grid, plan.reach);
    this.#lookback = plan.lookback;
    this.#yields = plan.yields;
    this.#budget = budget;
  }

  read(series: number, row: Row): void {
    const { t, v, words, length, histograms, starts } = this.#scan.raw(series);
    const yields = this.#yields;
    const references = this.#references;
    const lookback = this.#lookback;
    row.clear();
    if (length === 0) return;
    let next = 0;
    for (let k = 0; k < references.length; k++) {
      const reference = references[k]!;
      while (next < length && t[next]! <= reference) next++;
      const last = next - 1;
      if (last < 0 || t[last]! <= reference - lookback) continue;
      const value = v[last]!;
      if (value !== value && isStale(words, last)) continue;
      if (yields === 'timestamp') row.put(k, t[last]! / 1000);
      // 0 where the sample does not say when its counter began.
      else if (yields === 'start_timestamp') row.put(k, (starts[last] ?? 0) / 1000);
      else if (histograms.length > 0 && histograms[last] !== undefined) row.putHistogram(k, histograms[last]);
      else row.put(k, value);
    }
    this.#budget.queryable += row.count;
  }
}
