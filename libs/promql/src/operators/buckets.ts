import {
  type Labels,
  labelsKey,
  labelValue,
  metricName,
  parseValue,
  quoteString,
  withLabel,
  withoutLabels,
} from '@paddlewatch/model';
import { type Annotations, forMetric, quantileOutOfRange } from '../annotations.ts';
import { type Budget, checkEvery } from '../budget.ts';
import {
  type ClassicHistogram,
  classicFraction,
  classicQuantile,
  type Quantile,
} from '../functions/buckets/classic.ts';
import type { BucketsPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { BuiltLabels, metadataLabels, type NameRemoval, SameLabels } from './labelled.ts';
import type { ScalarOperator, VectorOperator } from './operator.ts';
import { Row } from './row.ts';

const bucketLabel = 'le';

/** The series that make up one histogram. */
interface Member {
  readonly series: number;
  /** NaN where `le` is missing or no number. */
  readonly bound: number;
}

interface HistogramSeries {
  readonly labels: Labels;
  /** By rising bound. */
  readonly members: Member[];
}

/** histogram_quantile and histogram_fraction over classic histograms, put together from their buckets. */
export class BucketFunction extends SameLabels implements VectorOperator {
  readonly #plan: BucketsPlan;
  readonly #vector: VectorOperator;
  readonly #args: readonly Float64Array[];
  readonly #histograms: readonly HistogramSeries[];
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  readonly #rows: Row[] = [];

  constructor(
    plan: BucketsPlan,
    vector: VectorOperator,
    args: readonly ScalarOperator[],
    removal: NameRemoval,
    budget: Budget,
    annotations: Annotations,
  ) {
    const histograms = assembleHistograms(vector, removal);
    const sets = histograms.map(({ labels }) => labels);
    super(new BuiltLabels(sets, vector.distinctWithoutName, () => removal === 'delayed'));
    this.#plan = plan;
    this.#vector = vector;
    this.#args = args.map((arg) => arg.values());
    this.#histograms = histograms;
    this.#budget = budget;
    this.#annotations = annotations;
  }

  read(place: number, row: Row): void {
    if (place % checkEvery === 0) this.#budget.check();
    const { members } = this.#histograms[place]!;
    const there = this.#readMembers(members);
    row.clear();
    if (there.length === 0) return;
    const histogram: ClassicHistogram = {
      bounds: new Float64Array(there.length),
      counts: new Float64Array(there.length),
      length: 0,
    };
    for (let k = 0; k < row.v.length; k++) {
      histogram.length = 0;
      for (let i = 0; i < there.length; i++) {
        if (this.#rows[i]!.has[k] === 0) continue;
        histogram.bounds[histogram.length] = there[i]!.bound;
        histogram.counts[histogram.length++] = this.#rows[i]!.v[k]!;
      }
      if (histogram.length > 0) row.put(k, this.#apply(histogram, k, place));
    }
  }

  /** Reads the buckets that have anything into `#rows`, in their order. */
  #readMembers(members: readonly Member[]): Member[] {
    const there: Member[] = [];
    for (const member of members) {
      this.#rows[there.length] ??= new Row(this.#plan.grid.count);
      const row = this.#rows[there.length]!;
      this.#vector.read(member.series, row);
      if (row.h) throw new QueryError(`${this.#plan.func} of native histograms is not there yet`);
      if (row.count === 0) continue;
      if (member.bound === member.bound) there.push(member);
      else this.#remarkBadBound(member.series);
    }
    return there;
  }

  #remarkBadBound(series: number): void {
    const labels = this.#vector.labels(series);
    const le = quoteString(labelValue(labels, bucketLabel));
    const text = `bucket label "le" is missing or has a malformed value of ${le}`;
    this.#annotations.warn(text + forMetric(labelValue(labels, metricName)), this.#plan.vector);
  }

  #apply(histogram: ClassicHistogram, k: number, place: number): number {
    if (this.#plan.func === 'histogram_fraction')
      return classicFraction(this.#args[0]![k]!, this.#args[1]![k]!, histogram);
    const q = this.#args[0]![k]!;
    if (!(q >= 0 && q <= 1)) this.#annotations.warn(quantileOutOfRange(q), this.#plan.args[0]!);
    classicQuantile(q, histogram, answer);
    if (answer.forced) this.#remarkForced(place);
    return answer.value;
  }

  #remarkForced(place: number): void {
    const name = labelValue(this.#histograms[place]!.labels, metricName);
    const text =
      'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';
    this.#annotations.info(text + forMetric(name), this.#plan.vector);
  }
}

const answer: Quantile = { value: NaN, forced: false };

/** Puts series that differ in `le` only together. Histograms of different metrics stay apart, even without names. */
function assembleHistograms(vector: VectorOperator, removal: NameRemoval): HistogramSeries[] {
  const found = new Map<string, HistogramSeries>();
  for (let series = 0; series < vector.length; series++) {
    const labels = vector.labels(series);
    const rest = withLabel(labels, bucketLabel, '');
    const key = labelsKey(rest);
    let histogram = found.get(key);
    if (!histogram) {
      histogram = { labels: removal === 'now' ? withoutLabels(rest, metadataLabels) : rest, members: [] };
      found.set(key, histogram);
    }
    histogram.members.push({ series, bound: parseValue(labelValue(labels, bucketLabel)) ?? NaN });
  }
  const histograms = [...found.values()];
  for (const { members } of histograms) members.sort((a, b) => a.bound - b.bound || 0);
  return histograms;
}
