import { labelValue, metricName } from '@paddlewatch/model';
import { type Annotations, quantileOutOfRange } from '../annotations.ts';
import type { Budget } from '../budget.ts';
import { type Notes, remarkText } from '../functions/histogram/window.ts';
import type { RangeFunction, Windows } from '../functions/range/range-function.ts';
import { rangeFunctions } from '../functions/range/table.ts';
import { referenceTimes } from '../grid.ts';
import type { WindowPlan } from '../plan/plan.ts';
import type { SampleBuffer } from '../sample-buffer.ts';
import { CounterNames } from './counter-name.ts';
import { SameLabels } from './labelled.ts';
import { MixedWindow } from './mixed-window.ts';
import type { Labelled, SampleSource, ScalarOperator, VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** Samples that all windows of a series see together. */
const fullWindows = 1000;

export interface WindowInputs {
  readonly source: SampleSource;
  /** The labels of the result: those of the source, with or without the name. */
  readonly labels: Labelled;
  readonly args: readonly ScalarOperator[];
}

/** A function of the samples in a window that slides over each series. */
export class Window extends SameLabels implements VectorOperator {
  readonly #source: SampleSource;
  readonly #plan: WindowPlan;
  readonly #apply: RangeFunction;
  readonly #windows: Windows;
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  readonly #names: CounterNames;
  #mixed: MixedWindow | undefined;
  /** The times of the series read last, and how many samples all its windows see. */
  #times = new Float64Array(0);
  #length = 0;
  #seen = 0;
  /** How many samples the fullest of its windows holds. */
  #longest = 0;

  constructor(plan: WindowPlan, { source, labels, args }: WindowInputs, budget: Budget, notes: Annotations) {
    super(labels);
    this.#source = source;
    this.#plan = plan;
    this.#budget = budget;
    this.#annotations = notes;
    this.#apply = rangeFunctions.get(plan.func)!();
    this.#names = new CounterNames(plan, source, notes);
    const { count } = plan.grid;
    this.#windows = {
      samples: undefined as never,
      layout: 0,
      from: new Int32Array(count),
      to: new Int32Array(count),
      ends: referenceTimes(plan.grid, plan.reach),
      range: plan.range,
      times: referenceTimes(plan.grid, { offset: 0 }),
      args: args.map((arg) => arg.values()),
    };
  }

  read(series: number, row: Row): void {
    const samples = this.#source.samples(series);
    row.clear();
    if (samples.length === 0) return;
    const windows = this.#windows;
    windows.samples = samples;
    if (!this.#sameTimes(samples)) {
      this.#seen = findWindows(windows);
      this.#longest = longestWindow(windows);
      windows.layout++;
    }
    this.#budget.queryable += this.#seen;
    // Windows so full that a few series take as long as many do elsewhere.
    if (this.#seen > fullWindows) this.#budget.check();
    this.#budget.glance(this.#longest);
    if (samples.histograms.length > 0 || samples.starts.length > 0) {
      this.#mixed ??= new MixedWindow(this.#plan.func, rangeFunctions.get(this.#plan.func)!());
      this.#mixed.apply(windows, row, this.#notes(series));
    } else this.#apply(windows, row);
    if (row.count === 0) return;
    this.#names.judge(series, row);
    if (this.#plan.func === 'quantile_over_time') this.#remarkQuantile(row);
  }

  #remarkQuantile({ has }: Row): void {
    const q = this.#windows.args[0]!;
    for (let k = 0; k < q.length; k++)
      if (has[k] === 1 && !(q[k]! >= 0 && q[k]! <= 1))
        this.#annotations.warn(quantileOutOfRange(q[k]!), this.#plan.args[0]!);
  }

  #notes(series: number): Notes {
    const name = labelValue(this.#source.labels(series), metricName);
    // Prometheus places them at the first argument, whatever that is.
    const place = this.#plan.func === 'quantile_over_time' ? this.#plan.args[0]! : this.#plan.over;
    return {
      warn: (remark) => this.#annotations.warn(remarkText(remark, name), place),
      info: (remark) => this.#annotations.info(remarkText(remark, name), place),
    };
  }

  /** Whether the samples have the times of the series before; remembers them. */
  #sameTimes({ t, length }: SampleBuffer): boolean {
    const known = this.#times;
    if (length === this.#length && equalTimes(t, known, length)) return true;
    if (known.length < length) this.#times = new Float64Array(t.length);
    this.#times.set(t.subarray(0, length));
    this.#length = length;
    return false;
  }
}

/** Four at a time: nearly all series have the times of the one before, and then all are compared. */
function equalTimes(a: Float64Array, b: Float64Array, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4)
    if (a[i] !== b[i] || a[i + 1] !== b[i + 1] || a[i + 2] !== b[i + 2] || a[i + 3] !== b[i + 3])
      return false;
  for (; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Slides the windows over the samples; returns how many samples they see all together. */
function findWindows({ samples, from, to, ends, range }: Windows): number {
  const { t, length } = samples;
  let first = 0;
  let next = 0;
  let seen = 0;
  for (let k = 0; k < ends.length; k++) {
    const end = ends[k]!;
    const start = end - range;
    while (next < length && t[next]! <= end) next++;
    while (first < next && t[first]! <= start) first++;
    from[k] = first;
    to[k] = next;
    seen += next - first;
  }
  return seen;
}

function longestWindow({ from, to }: Windows): number {
  let longest = 0;
  for (let k = 0; k < from.length; k++) longest = Math.max(longest, to[k]! - from[k]!);
  return longest;
}
