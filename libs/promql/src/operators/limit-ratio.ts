import { goFloat } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { hashFraction } from './label-hash.ts';
import { SameLabels } from './labelled.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/**
 * limit_ratio(r, v): about a share r of the series, picked by the hash of their labels, so that the same series
 * are picked every time; a negative r picks exactly those that 1 + r leaves out.
 */
export class LimitRatio extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #ratios: Float64Array;

  constructor(plan: AggregatePlan, vector: VectorOperator, ratio: ScalarOperator, annotations: Annotations) {
    super(vector);
    this.#vector = vector;
    this.#ratios = ratio.values().map((written) => {
      if (written !== written) throw new QueryError('Ratio value is NaN');
      const capped = Math.max(-1, Math.min(1, written));
      if (capped !== written) {
        const text = `ratio value should be between -1 and 1, got ${goFloat(written)}, capping to ${goFloat(capped)}`;
        annotations.warn(text, plan.param!);
      }
      return capped;
    });
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
    if (row.count === 0) return;
    const place = hashFraction(this.#vector.labels(series));
    for (let k = 0; k < row.v.length; k++) {
      const ratio = this.#ratios[k]!;
      const picked = ratio >= 0 ? place < ratio : place >= 1 + ratio;
      if (!picked) row.remove(k);
    }
  }
}
