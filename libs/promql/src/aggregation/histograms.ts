import type { Annotations } from '../annotations.ts';
import type { Span } from '../ast.ts';
import { HistogramSum } from '../functions/histogram/sum.ts';
import { type Notes, remarkText } from '../functions/histogram/window.ts';
import type { Row } from '../operators/row.ts';

/** Sums or means of the histograms of each group and step, beside those of the floats. */
export class HistogramFold {
  readonly #average: boolean;
  readonly #steps: number;
  readonly #sums = new Map<number, HistogramSum>();
  readonly #annotations: Annotations;
  readonly #span: Span;

  constructor(average: boolean, steps: number, annotations: Annotations, span: Span) {
    this.#average = average;
    this.#steps = steps;
    this.#annotations = annotations;
    this.#span = span;
  }

  /** Folds in the histograms of a series of the given metric, leaving its floats aside. */
  add(group: number, { h }: Row, metric: string): void {
    const notes = this.#notes(metric);
    for (let k = 0; k < this.#steps; k++) {
      const histogram = h![k];
      if (!histogram) continue;
      const place = group * this.#steps + k;
      let sum = this.#sums.get(place);
      if (!sum) {
        sum = new HistogramSum(this.#average);
        this.#sums.set(place, sum);
      }
      sum.add(histogram, notes);
    }
  }

  /** Completes a row that holds what the floats give. A step with floats and histograms has no result. */
  finish(group: number, row: Row): void {
    for (let k = 0; k < this.#steps; k++) {
      const sum = this.#sums.get(group * this.#steps + k);
      if (!sum) continue;
      if (row.has[k] === 1) {
        this.#annotations.warn('encountered a mix of histograms and floats for aggregation', this.#span);
        row.remove(k);
        continue;
      }
      const histogram = sum.result(this.#notes(''));
      if (histogram) row.putHistogram(k, histogram);
    }
  }

  #notes(metric: string): Notes {
    return {
      warn: (remark) => this.#annotations.warn(remarkText(remark, metric), this.#span),
      info: (remark) => this.#annotations.info(remarkText(remark, metric), this.#span),
    };
  }
}
