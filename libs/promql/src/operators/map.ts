import type { MapContext, MapFunction } from '../functions/float/map-function.ts';
import { mapFunctions } from '../functions/float/table.ts';
import { referenceTimes } from '../grid.ts';
import type { MapPlan } from '../plan/plan.ts';
import { SameLabels } from './labelled.ts';
import type { Labelled, ScalarOperator, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** A function of each float by itself; histograms have no such value and drop out. */
export class MapValues extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #apply: MapFunction;
  readonly #context: MapContext;

  constructor(plan: MapPlan, vector: VectorOperator, labels: Labelled, args: readonly ScalarOperator[]) {
    super(labels);
    this.#vector = vector;
    this.#apply = mapFunctions.get(plan.func)!;
    this.#context = {
      times: referenceTimes(plan.grid, { offset: 0 }),
      args: args.map((arg) => arg.values()),
    };
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
    if (row.h) row.dropHistograms();
    if (row.count > 0) this.#apply(row, this.#context);
  }
}
