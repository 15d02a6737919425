import { compareLabels, type FloatHistogram, type Labels, noLabels, withoutLabels } from '@paddlewatch/model';
import { type Budget, checkEvery } from './budget.ts';
import { type Grid, referenceTimes } from './grid.ts';
import { metadataLabels, SameLabels } from './operators/labelled.ts';
import { mergeEqual } from './operators/merge.ts';
import type { SampleSource, ScalarOperator, VectorOperator } from './operators/operator.ts';
import { Row } from './operators/row.ts';
import type { RawPlan } from './plan/plan.ts';
import type { MatrixSeries, Value, VectorSample } from './result.ts';

/** Names that were to go when the query ends, go now. */
class FinalNames extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;

  constructor(vector: VectorOperator) {
    super(vector);
    this.#vector = vector;
  }

  override labels(series: number): Labels {
    const labels = this.from.labels(series);
    return this.from.losesName(series) ? withoutLabels(labels, metadataLabels) : labels;
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
  }
}

export function finalNames(vector: VectorOperator, steps: number, budget: Budget): VectorOperator {
  for (let i = 0; i < vector.length; i++) {
    if (!vector.losesName(i)) continue;
    const named = new FinalNames(vector);
    return vector.distinctWithoutName ? named : mergeEqual(named, steps, budget);
  }
  return vector;
}

export function scalarValue(scalar: ScalarOperator, grid: Grid): Value {
  return { type: 'scalar', t: grid.start, v: scalar.values()[0]! };
}

export function matrixOfScalar(scalar: ScalarOperator, grid: Grid): Value {
  const t = referenceTimes(grid, { offset: 0 });
  return { type: 'matrix', series: [{ labels: noLabels, t, v: scalar.values(), histograms: [] }] };
}

/** In the operator's order, which sorting functions decide. */
export function vectorValue(operator: VectorOperator, grid: Grid, budget: Budget): Value {
  const vector = finalNames(operator, 1, budget);
  const t = grid.start;
  const samples: VectorSample[] = [];
  const row = new Row(1);
  for (let i = 0; i < vector.length; i++) {
    if (i % checkEvery === 0) budget.check();
    vector.read(i, row);
    if (row.count === 0) continue;
    budget.hold(1);
    const labels = vector.labels(i);
    const h = row.h?.[0];
    samples.push(h === undefined ? { labels, t, v: row.v[0]! } : { labels, t, v: 0, h });
  }
  return { type: 'vector', t, samples };
}

/** Ordered by labels. */
export function matrixOfVector(operator: VectorOperator, grid: Grid, budget: Budget): Value {
  const vector = finalNames(operator, grid.count, budget);
  const times = referenceTimes(grid, { offset: 0 });
  const series: MatrixSeries[] = [];
  const row = new Row(grid.count);
  for (let i = 0; i < vector.length; i++) {
    if (i % checkEvery === 0) budget.check();
    vector.read(i, row);
    if (row.count === 0) continue;
    budget.hold(row.count);
    series.push({ labels: vector.labels(i), ...pointsOf(row, times) });
  }
  series.sort((a, b) => compareLabels(a.labels, b.labels));
  return { type: 'matrix', series };
}

function pointsOf(row: Row, times: Float64Array): Omit<MatrixSeries, 'labels'> {
  if (!row.h && row.count === times.length) return { t: times, v: row.v.slice(), histograms: [] };
  const t: number[] = [];
  const v: number[] = [];
  const histograms: { t: number; h: FloatHistogram }[] = [];
  for (let k = 0; k < times.length; k++) {
    if (row.has[k] === 0) continue;
    const h = row.h?.[k];
    if (h !== undefined) histograms.push({ t: times[k]!, h });
    else {
      t.push(times[k]!);
      v.push(row.v[k]!);
    }
  }
  return { t: Float64Array.from(t), v: Float64Array.from(v), histograms };
}

/** The samples themselves, at their own times. */
export function matrixOfRaw(source: SampleSource, plan: RawPlan, budget: Budget): Value {
  const end = (plan.reach.at ?? plan.grid.start) - plan.reach.offset;
  const start = end - plan.range;
  const series: MatrixSeries[] = [];
  for (let i = 0; i < source.length; i++) {
    if (i % checkEvery === 0) budget.check();
    const samples = source.samples(i);
    const t: number[] = [];
    const v: number[] = [];
    const histograms: { t: number; h: FloatHistogram }[] = [];
    for (let at = 0; at < samples.length; at++) {
      const time = samples.t[at]!;
      if (time <= start || time > end) continue;
      const h = samples.histograms[at];
      if (h !== undefined) histograms.push({ t: time, h });
      else {
        t.push(time);
        v.push(samples.v[at]!);
      }
    }
    if (t.length + histograms.length === 0) continue;
    budget.hold(t.length + histograms.length);
    budget.queryable += t.length + histograms.length;
    series.push({ labels: source.labels(i), t: Float64Array.from(t), v: Float64Array.from(v), histograms });
  }
  series.sort((a, b) => compareLabels(a.labels, b.labels));
  return { type: 'matrix', series };
}
