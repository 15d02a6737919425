import { labelValue, metricName } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import type { Budget } from '../budget.ts';
import { interpolateFloats, interpolateHistograms } from '../functions/extended/interpolate.ts';
import { firstAfter } from '../functions/extended/span.ts';
import { type Answer, mixedKinds, type Notes, remarkText } from '../functions/histogram/window.ts';
import { referenceTimes } from '../grid.ts';
import type { SelectPlan } from '../plan/plan.ts';
import type { SampleBuffer } from '../sample-buffer.ts';
import { SameLabels } from './labelled.ts';
import type { SampleSource, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** The value of each series between its samples before and after each step; that before alone where none is after. */
export class SmoothedSelect extends SameLabels implements VectorOperator {
  readonly #source: SampleSource;
  readonly #plan: SelectPlan;
  readonly #references: Float64Array;
  readonly #budget: Budget;
  readonly #annotations: Annotations;

  constructor(source: SampleSource, plan: SelectPlan, budget: Budget, annotations: Annotations) {
    super(source);
    this.#source = source;
    this.#plan = plan;
    this.#references = referenceTimes(plan.grid, plan.reach);
    this.#budget = budget;
    this.#annotations = annotations;
  }

  read(series: number, row: Row): void {
    const samples = this.#source.samples(series);
    row.clear();
    for (let k = 0; k < this.#references.length; k++)
      row.replace(k, this.#valueAt(samples, this.#references[k]!, this.#notes(series)));
    this.#budget.queryable += row.count;
  }

  #valueAt(samples: SampleBuffer, time: number, notes: Notes): Answer {
    const { t, v, length, histograms: h } = samples;
    const { lookback } = this.#plan;
    const first = firstAfter(t, length, time - lookback);
    const next = firstAfter(t, length, time);
    const end = firstAfter(t, length, time + lookback);
    const kinds = h.slice(first, end).filter((histogram) => histogram !== undefined).length;
    if (kinds > 0 && kinds < end - first) {
      notes.warn(mixedKinds);
      return undefined;
    }
    const before = next - 1;
    if (before < first) return undefined;
    const value = h[before] ?? v[before]!;
    if (t[before] === time) return value;
    // What a storage says of resets is said of the sample itself, not of a value that is carried on.
    if (next === end) return typeof value === 'number' ? value : { ...value, hint: 'unknown' };
    const share = (time - t[before]!) / (t[next]! - t[before]!);
    if (typeof value === 'number') return interpolateFloats(value, v[next]!, share, false);
    const counter = value.hint !== 'gauge' || h[next]!.hint !== 'gauge';
    return interpolateHistograms(value, h[next]!, share, counter, notes);
  }

  #notes(series: number): Notes {
    const name = labelValue(this.#source.labels(series), metricName);
    return {
      warn: (remark) => this.#annotations.warn(remarkText(remark, name), this.#plan),
      info: (remark) => this.#annotations.info(remarkText(remark, name), this.#plan),
    };
  }
}
