import { goFloat } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { hashFraction } from './label-hash.ts';
import { SameLabels } from './labelled.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import { parameterRange } from './parameter.ts';
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
    this.#ratios = ratio.values().map(capped);
    const { least, most, hasNaN } = parameterRange(ratio.values());
    if (least === 0 && most === 0) return;
    if (hasNaN) throw new QueryError('Ratio value is NaN');
    for (const value of [...(most > 1 ? [most] : []), ...(least < -1 ? [least] : [])]) {
      const text = `ratio value should be between -1 and 1, got ${goFloat(value)}, capping to ${goFloat(capped(value))}`;
      annotations.warn(text, plan.param!);
    }
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

function capped(ratio: number): number {
  return Math.max(-1, Math.min(1, ratio));
}
