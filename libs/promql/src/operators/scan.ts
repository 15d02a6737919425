import {
  type FloatHistogram,
  isCounterReset,
  isStale,
  type Labels,
  type Matcher,
  metricName,
} from '@paddlewatch/model';
import type { ScanPlan } from '../plan/plan.ts';
import type { LabelColumn, SeriesSet } from '../queryable.ts';
import { SampleBuffer } from '../sample-buffer.ts';
import type { Fold } from './fold.ts';
import type { SampleSource } from './operator.ts';

/**
 * The opened series of a selector. All operators over the same scan share one buffer: when they ask for the same
 * series one after the other, it is decoded once.
 */
export class Scan implements SampleSource {
  readonly distinctWithoutName: boolean;
  /** Aggregations over these series that wait to be computed: whoever starts takes all along (`foldTogether`). */
  readonly waiting = new Set<Fold>();
  readonly #set: SeriesSet;
  readonly #plan: ScanPlan;
  readonly #columns = new Map<string, LabelColumn>();
  readonly #raw = new SampleBuffer();
  #fresh = new SampleBuffer();
  #inRaw = -1;
  #inFresh = -1;
  /** Whether the samples in `#raw` hold no marker, so that both views are the same. */
  #clean = true;

  constructor(set: SeriesSet, plan: ScanPlan) {
    this.#set = set;
    this.#plan = plan;
    this.distinctWithoutName = plan.matchers.some(fixesName);
  }

  get scan(): Scan {
    return this;
  }

  get length(): number {
    return this.#set.length;
  }

  get warnings(): readonly string[] {
    return this.#set.warnings;
  }

  labels(series: number): Labels {
    return this.#set.labels(series);
  }

  column(name: string): LabelColumn {
    let column = this.#columns.get(name);
    if (!column) {
      column = this.#set.column(name);
      this.#columns.set(name, column);
    }
    return column;
  }

  losesName(): boolean {
    return false;
  }

  /** All samples, staleness markers among them. */
  raw(series: number): SampleBuffer {
    if (this.#inRaw !== series) {
      this.#raw.clear();
      const { mint, maxt } = this.#plan;
      // A subquery whose range holds none of its steps asks for nothing.
      if (mint <= maxt) this.#set.read(series, mint, maxt, this.#raw);
      if (this.#plan.exactHints && this.#raw.histograms.length > 0) findResets(this.#raw.histograms);
      this.#inRaw = series;
    }
    return this.#raw;
  }

  samples(series: number): SampleBuffer {
    const raw = this.raw(series);
    if (this.#inFresh !== series) {
      this.#clean = !hasStale(raw);
      if (!this.#clean) copyFresh(raw, this.#fresh);
      this.#inFresh = series;
    }
    return this.#clean ? raw : this.#fresh;
  }
}

/** Whether the matcher leaves only one metric name, so that names may go without two series becoming one. */
export function fixesName(matcher: Matcher): boolean {
  return matcher.name === metricName && matcher.type === '=' && matcher.value !== '';
}

/** Says of each histogram whether it begins anew, where the storage does not. */
function findResets(histograms: (FloatHistogram | undefined)[]): void {
  for (let i = 1; i < histograms.length; i++) {
    const [before, now] = [histograms[i - 1], histograms[i]];
    if (before && now?.hint === 'unknown')
      histograms[i] = { ...now, hint: isCounterReset(before, now) ? 'reset' : 'notReset' };
  }
}

function hasStale({ v, words, length }: SampleBuffer): boolean {
  let i = 0;
  // Four at a time: a sum of numbers is no NaN unless one of them is, or two infinities meet.
  for (; i + 4 <= length; i += 4) {
    const sum = v[i]! + v[i + 1]! + (v[i + 2]! + v[i + 3]!);
    if (sum !== sum && anyStale(words, i, i + 4)) return true;
  }
  return length > i && anyStale(words, i, length);
}

function anyStale(words: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isStale(words, i)) return true;
  return false;
}

function copyFresh(raw: SampleBuffer, into: SampleBuffer): void {
  into.clear();
  for (let i = 0; i < raw.length; i++) {
    if (isStale(raw.words, i)) continue;
    const histogram = raw.histograms[i];
    if (histogram === undefined) into.push(raw.t[i]!, raw.v[i]!);
    else into.pushHistogram(raw.t[i]!, histogram);
    const start = raw.starts[i];
    if (start !== undefined) into.start(start);
  }
}
