import {
  type FloatHistogram,
  goFloat,
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
import { histogramFraction } from '../functions/histogram/fraction.ts';
import { histogramQuantile } from '../functions/histogram/quantile.ts';
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

/** One series of the result: a histogram, and of histogram_quantiles the text of the quantile. */
interface Output {
  readonly histogram: HistogramSeries;
  readonly quantile: string | undefined;
}

/**
 * histogram_quantile, histogram_quantiles and histogram_fraction over native histograms, and over classic ones put
 * together from their buckets.
 */
export class BucketFunction extends SameLabels implements VectorOperator {
  readonly #plan: BucketsPlan;
  readonly #vector: VectorOperator;
  readonly #args: readonly Float64Array[];
  readonly #outputs: readonly Output[];
  readonly #removal: NameRemoval;
  readonly #budget: Budget;
  readonly #annotations: Annotations;
  readonly #rows: Row[] = [];
  /** Outputs that were read before, whose falling counts are counted. */
  readonly #told = new Set<Output>();
  /** The native histograms of the series read last, by step. */
  #native: (FloatHistogram | undefined)[] | undefined;

  constructor(
    plan: BucketsPlan,
    vector: VectorOperator,
    args: readonly ScalarOperator[],
    removal: NameRemoval,
    budget: Budget,
    annotations: Annotations,
  ) {
    const numbers = args.map((arg) => arg.values());
    const outputs = outputsOf(assembleHistograms(vector, removal), plan, numbers);
    const sets = outputs.map(({ histogram: { labels }, quantile }) =>
      quantile === undefined ? labels : withLabel(labels, plan.label!, quantile),
    );
    super(
      new BuiltLabels(
        sets,
        plan.label === undefined && vector.distinctWithoutName,
        () => removal === 'delayed',
      ),
    );
    this.#plan = plan;
    this.#vector = vector;
    this.#args = numbers;
    if (plan.func !== 'histogram_fraction') remarkQuantiles(plan, numbers, annotations);
    this.#outputs = outputs;
    this.#removal = removal;
    this.#budget = budget;
    this.#annotations = annotations;
  }

  read(place: number, row: Row): void {
    if (place % checkEvery === 0) this.#budget.check();
    const output = this.#outputs[place]!;
    const there = this.#readMembers(output.histogram.members);
    row.clear();
    const classic: ClassicHistogram = {
      bounds: new Float64Array(there.length),
      counts: new Float64Array(there.length),
      length: 0,
    };
    for (let k = 0; k < row.v.length; k++) {
      classic.length = 0;
      for (let i = 0; i < there.length; i++) {
        if (this.#rows[i]!.has[k] === 0) continue;
        classic.bounds[classic.length] = there[i]!.bound;
        classic.counts[classic.length++] = this.#rows[i]!.v[k]!;
      }
      const native = this.#native?.[k];
      if (!native && classic.length === 0) continue;
      const asked = this.#askedAt(k, output);
      if (native && classic.length > 0) this.#warn(mixedHistograms, output);
      else if (native && asked) row.put(k, this.#ofNative(native, k, asked, output));
      else if (asked) row.put(k, this.#ofClassic(classic, k, asked, output));
    }
    this.#told.add(output);
  }

  /** Which argument an output answers at a step: 0-based; undefined where no quantile of that text is asked for. */
  #askedAt(k: number, { quantile }: Output): Asked | undefined {
    if (quantile === undefined) return first;
    const isAsked = (arg: Float64Array) => quantileText(arg[k]!) === quantile;
    const place = this.#args.findIndex(isAsked);
    if (place !== this.#args.findLastIndex(isAsked))
      throw new QueryError('vector cannot contain metrics with the same labelset');
    return place < 0 ? undefined : { place };
  }

  /** Reads the buckets that have anything into `#rows`, in their order. */
  #readMembers(members: readonly Member[]): Member[] {
    const there: Member[] = [];
    this.#native = undefined;
    for (const member of members) {
      this.#rows[there.length] ??= new Row(this.#plan.grid.count);
      const row = this.#rows[there.length]!;
      this.#vector.read(member.series, row);
      if (row.h) {
        this.#native = [...row.h];
        row.dropHistograms();
      }
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
    // Prometheus names the metric here only where it keeps names to the end.
    const name = this.#removal === 'delayed' ? labelValue(labels, metricName) : '';
    this.#annotations.warn(text + forMetric(name), this.#plan.vector);
  }

  #ofClassic(histogram: ClassicHistogram, k: number, asked: Asked, output: Output): number {
    if (this.#plan.func === 'histogram_fraction')
      return classicFraction(this.#args[0]![k]!, this.#args[1]![k]!, histogram);
    classicQuantile(this.#quantile(k, asked), histogram, answer);
    if (answer.forced) this.#remarkFall(k, output);
    return answer.value;
  }

  #remarkFall(k: number, output: Output): void {
    if (this.#told.has(output)) return;
    const { start, step } = this.#plan.grid;
    const time = start + k * step;
    const fall = { ...answer, histograms: 1, first: time, last: time };
    const metric = forMetric(labelValue(output.histogram.labels, metricName));
    this.#annotations.infoOnFall(forcedMonotonic + metric, fall, this.#plan.vector);
  }

  #ofNative(histogram: FloatHistogram, k: number, asked: Asked, output: Output): number {
    if (this.#plan.func === 'histogram_fraction') {
      const { value, sawNaN } = histogramFraction(this.#args[0]![k]!, this.#args[1]![k]!, histogram);
      if (sawNaN) this.#info(fractionsWithoutNaN, output);
      return value;
    }
    const { value, effect } = histogramQuantile(this.#quantile(k, asked), histogram);
    if (effect !== 'none')
      this.#info(`input to histogram_quantile has NaN observations, result is ${effect}`, output);
    return value;
  }

  #quantile(k: number, { place }: Asked): number {
    return this.#args[place]![k]!;
  }

  #warn(text: string, { histogram }: Output): void {
    this.#annotations.warn(text + forMetric(labelValue(histogram.labels, metricName)), this.#plan.vector);
  }

  #info(text: string, { histogram }: Output): void {
    this.#annotations.info(text + forMetric(labelValue(histogram.labels, metricName)), this.#plan.vector);
  }
}

/** The argument that holds the quantile. */
interface Asked {
  readonly place: number;
}

const first: Asked = { place: 0 };
const mixedHistograms = 'vector contains a mix of classic and native histograms';
const fractionsWithoutNaN =
  'input to histogram_fraction has NaN observations, which are excluded from all fractions';
const forcedMonotonic =
  'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';

/** Every histogram, once for each text that a quantile has at any step where there are several quantiles. */
function outputsOf(
  histograms: readonly HistogramSeries[],
  { label }: BucketsPlan,
  args: readonly Float64Array[],
): Output[] {
  if (label === undefined) return histograms.map((histogram) => ({ histogram, quantile: undefined }));
  const texts = new Set(args.flatMap((arg) => [...new Set(arg)].map(quantileText)));
  return histograms.flatMap((histogram) => [...texts].map((quantile) => ({ histogram, quantile })));
}

/** Said even where there is no histogram at all. */
function remarkQuantiles(
  { args: plans }: BucketsPlan,
  args: readonly Float64Array[],
  annotations: Annotations,
): void {
  for (const [i, arg] of args.entries())
    for (const q of arg) if (!(q >= 0 && q <= 1)) annotations.warn(quantileOutOfRange(q), plans[i]!);
}

/** A number as OpenMetrics writes label values: whole ones with `.0`. */
function quantileText(value: number): string {
  const text = goFloat(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

const answer: Quantile = { value: NaN, forced: false, lowest: 0, highest: 0, most: 0 };

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
