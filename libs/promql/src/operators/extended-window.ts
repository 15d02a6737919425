import { divideHistogram, labelValue, metricName } from '@paddlewatch/model';
import type { Annotations } from '../annotations.ts';
import type { Budget } from '../budget.ts';
import { floatChange, histogramChange } from '../functions/extended/change.ts';
import {
  anchoredSpan,
  type ExtendedSpan,
  firstAfter,
  lastSample,
  smoothedSpan,
} from '../functions/extended/span.ts';
import { mixedFunctions } from '../functions/histogram/table.ts';
import { type Answer, mixedKinds, type Notes, remarkText } from '../functions/histogram/window.ts';
import { referenceTimes } from '../grid.ts';
import type { WindowPlan } from '../plan/plan.ts';
import type { SampleBuffer } from '../sample-buffer.ts';
import { CounterNames } from './counter-name.ts';
import { SameLabels } from './labelled.ts';
import type { Labelled, SampleSource, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** Functions that go from sample to sample, be it a float or a histogram. */
const countsSteps: ReadonlySet<string> = new Set(['changes', 'resets']);

export interface ExtendedInputs {
  readonly source: SampleSource;
  readonly labels: Labelled;
}

/**
 * Functions of a range that is `anchored` (the last sample before it is part of it) or `smoothed` (the values at its
 * edges are interpolated). Nothing is extrapolated.
 */
export class ExtendedWindow extends SameLabels implements VectorOperator {
  readonly #source: SampleSource;
  readonly #plan: WindowPlan;
  readonly #spanAt: typeof anchoredSpan;
  readonly #ends: Float64Array;
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  readonly #names: CounterNames;

  constructor(
    plan: WindowPlan,
    { source, labels }: ExtendedInputs,
    budget: Budget,
    annotations: Annotations,
  ) {
    super(labels);
    this.#source = source;
    this.#plan = plan;
    this.#spanAt =
      plan.over.kind === 'samples' && plan.over.extended === 'smoothed' ? smoothedSpan : anchoredSpan;
    this.#ends = referenceTimes(plan.grid, plan.reach);
    this.#budget = budget;
    this.#annotations = annotations;
    this.#names = new CounterNames(plan, source, annotations);
  }

  read(series: number, row: Row): void {
    const samples = this.#source.samples(series);
    const notes = this.#notes(series);
    const { func, range, lookback } = this.#plan;
    row.clear();
    this.#budget.check();
    for (let k = 0; k < this.#ends.length; k++) {
      if (!countsSteps.has(func) && this.#holdsBoth(samples, this.#ends[k]!)) {
        notes.warn(mixedKinds);
        continue;
      }
      const span = this.#spanAt(samples, this.#ends[k]!, range, lookback);
      if (!span) continue;
      this.#budget.queryable += lastSample(span) - span.left.place + 1;
      row.replace(k, this.#answer(samples, span, notes));
    }
    this.#names.judge(series, row);
  }

  /** Whether floats and histograms meet among all samples that may have a say, used or not. */
  #holdsBoth({ t, length, histograms }: SampleBuffer, end: number): boolean {
    if (histograms.length === 0) return false;
    const { range, lookback, over } = this.#plan;
    const smoothed = over.kind === 'samples' && over.extended === 'smoothed';
    const from = firstAfter(t, length, end - range - lookback);
    const to = firstAfter(t, length, smoothed ? end + lookback : end);
    const kinds = histograms.slice(from, to).filter((histogram) => histogram !== undefined).length;
    return kinds > 0 && kinds < to - from;
  }

  #answer(samples: SampleBuffer, span: ExtendedSpan, notes: Notes): Answer {
    const { func, range } = this.#plan;
    const first = span.left.place;
    const end = lastSample(span) + 1;
    if (countsSteps.has(func)) {
      const { t, v, histograms: h } = samples;
      return mixedFunctions
        .get(func)!
        .apply({ t, v, h, starts: [], from: first, to: end, end: t[end - 1]!, range }, notes);
    }
    const counter = func !== 'delta';
    const divisor = func === 'rate' ? range / 1000 : 1;
    if (samples.histograms[first] === undefined) return floatChange(samples, span, counter) / divisor;
    const change = histogramChange(samples, span, counter, notes);
    return change && divideHistogram(change, divisor);
  }

  #notes(series: number): Notes {
    const name = labelValue(this.#source.labels(series), metricName);
    return {
      warn: (remark) => this.#annotations.warn(remarkText(remark, name), this.#plan.over),
      info: (remark) => this.#annotations.info(remarkText(remark, name), this.#plan.over),
    };
  }
}
