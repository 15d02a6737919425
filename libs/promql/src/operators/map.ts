import { type FloatHistogram, scaleHistogram } from '@paddlewatch/model';
import type { MapContext, MapFunction } from '../functions/float/map-function.ts';
import { mapFunctions } from '../functions/float/table.ts';
import { referenceTimes } from '../grid.ts';
import type { MapPlan } from '../plan/plan.ts';
import { SameLabels } from './labelled.ts';
import type { Labelled, ScalarOperator, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** A function of each float by itself. Of histograms, some functions make something; the others drop them. */
export class MapValues extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #func: string;
  readonly #apply: MapFunction;
  readonly #context: MapContext;

  constructor(plan: MapPlan, vector: VectorOperator, labels: Labelled, args: readonly ScalarOperator[]) {
    super(labels);
    this.#vector = vector;
    this.#func = plan.func;
    this.#apply = mapFunctions.get(plan.func)!;
    this.#context = {
      times: referenceTimes(plan.grid, { offset: 0 }),
      args: args.map((arg) => arg.values()),
    };
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
    if (row.h) this.#applyToHistograms(row, row.h);
    if (row.count > 0) this.#apply(row, this.#context);
  }

  #applyToHistograms(row: Row, h: (FloatHistogram | undefined)[]): void {
    if (this.#func === 'negate') row.h = h.map((histogram) => histogram && scaleHistogram(histogram, -1));
    // What is asked for is the time of the sample, whatever it holds.
    else if (this.#func === 'timestamp') row.h = undefined;
    else row.dropHistograms();
  }
}
