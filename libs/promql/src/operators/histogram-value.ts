import type { FloatHistogram } from '@paddlewatch/model';
import { histogramVariance } from '../functions/histogram/spread.ts';
import { SameLabels } from './labelled.ts';
import type { Labelled, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** One number of each histogram, by function name. */
export const histogramValues: ReadonlyMap<string, (histogram: FloatHistogram) => number> = new Map(
  Object.entries({
    histogram_count: ({ count }: FloatHistogram) => count,
    histogram_sum: ({ sum }: FloatHistogram) => sum,
    histogram_avg: ({ count, sum }: FloatHistogram) => sum / count,
    histogram_stdvar: histogramVariance,
    histogram_stddev: (histogram: FloatHistogram) => Math.sqrt(histogramVariance(histogram)),
  }),
);

/** A number of each histogram; floats have none and drop out. */
export class HistogramValue extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;
  readonly #value: (histogram: FloatHistogram) => number;

  constructor(func: string, vector: VectorOperator, labels: Labelled) {
    super(labels);
    this.#vector = vector;
    this.#value = histogramValues.get(func)!;
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
    const { h } = row;
    if (!h) {
      row.clear();
      return;
    }
    row.h = undefined;
    for (let k = 0; k < row.v.length; k++) {
      const histogram = h[k];
      if (histogram) row.v[k] = this.#value(histogram);
      else row.remove(k);
    }
  }
}
