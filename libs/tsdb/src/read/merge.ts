import type { FloatHistogram, Labels } from '@paddlewatch/model';
import type { SampleSink } from '../chunk/sample-sink.ts';
import { hashSeries } from './series-hash.ts';
import type { LabelColumn, SeriesSet } from './source.ts';

/**
 * Several sets as one, each label set once. Sets come oldest first; where two hold a sample of the same series and
 * time, the older set's is kept.
 */
export function mergeSeriesSets(sets: readonly SeriesSet[]): SeriesSet {
  const filled = sets.filter(({ length }) => length > 0);
  const warnings = sets.flatMap((set) => set.warnings);
  if (filled.length === 1 && warnings.length === 0) return filled[0]!;
  return new MergedSeriesSet(filled, warnings);
}

const none = -1;

class MergedSeriesSet implements SeriesSet {
  readonly length: number;
  readonly warnings: readonly string[];
  readonly #sets: readonly SeriesSet[];
  /** The place of series i in set s stands at i × sets + s, or none. */
  readonly #members: Int32Array;

  constructor(sets: readonly SeriesSet[], warnings: readonly string[]) {
    this.#sets = sets;
    this.warnings = warnings;
    const total = sets.reduce((sum, set) => sum + set.length, 0);
    const places = new Places(total);
    const members = new Int32Array(total * sets.length).fill(none);
    for (const [s, set] of sets.entries()) {
      const { low, high } = hashSeries(set);
      for (let i = 0; i < set.length; i++) members[places.of(low[i]!, high[i]!) * sets.length + s] = i;
    }
    this.length = places.length;
    this.#members = members.slice(0, this.length * sets.length);
  }

  labels(series: number): Labels {
    const width = this.#sets.length;
    const s = this.#sets.findIndex((_, k) => this.#members[series * width + k] !== none);
    return this.#sets[s]!.labels(this.#members[series * width + s]!);
  }

  column(name: string): LabelColumn {
    const width = this.#sets.length;
    const ids = new Uint32Array(this.length);
    const values = [''];
    const idOf = new Map([['', 0]]);
    for (const [s, set] of this.#sets.entries()) {
      const column = set.column(name);
      const translated = column.values.map((value) => {
        const known = idOf.get(value);
        if (known !== undefined) return known;
        idOf.set(value, values.length);
        return values.push(value) - 1;
      });
      for (let i = 0; i < this.length; i++) {
        const member = this.#members[i * width + s]!;
        if (member !== none) ids[i] = translated[column.ids[member]!]!;
      }
    }
    return { ids, values };
  }

  read(series: number, mint: number, maxt: number, into: SampleSink): void {
    const width = this.#sets.length;
    const start = into.length;
    for (let s = 0; s < width; s++) {
      const member = this.#members[series * width + s]!;
      if (member === none) continue;
      const middle = into.length;
      this.#sets[s]!.read(member, mint, maxt, into);
      mergeRuns(into, start, middle);
    }
  }
}

/** Numbers hashes 0, 1, 2, … in the order of their first sight. */
class Places {
  length = 0;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  /** Place + 1 at its hash, 0 where free; at least twice as long as there are places. */
  readonly #table: Int32Array;

  constructor(most: number) {
    this.#low = new Int32Array(most);
    this.#high = new Int32Array(most);
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
  }

  of(low: number, high: number): number {
    const mask = this.#table.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const place = this.#table[at]! - 1;
      if (place < 0) {
        this.#low[this.length] = low;
        this.#high[this.length] = high;
        this.#table[at] = ++this.length;
        return this.length - 1;
      }
      if (this.#low[place] === low && this.#high[place] === high) return place;
    }
  }
}

/** Two rising runs, [start, middle) and [middle, length), become one; of equal times the first run's sample stays. */
export function mergeRuns(into: SampleSink, start: number, middle: number): void {
  const end = into.length;
  if (middle === start || end === middle || into.t[middle]! > into.t[middle - 1]!) return;
  const order: number[] = [];
  for (let i = start, j = middle; i < middle || j < end; ) {
    if (j >= end || (i < middle && into.t[i]! <= into.t[j]!)) {
      if (j < end && into.t[i] === into.t[j]) j++;
      order.push(i++);
    } else order.push(j++);
  }
  const times = order.map((i) => into.t[i]!);
  const words = order.flatMap((i) => [into.words[2 * i]!, into.words[2 * i + 1]!]);
  const histograms = order.map((i, k) => {
    const histogram = into.histograms[i] as FloatHistogram | undefined;
    return order[k - 1] === i - 1 ? histogram : histogram && unlinked(histogram);
  });
  into.t.set(times, start);
  into.words.set(words, 2 * start);
  into.length = start + order.length;
  if (into.histograms.length > start) {
    into.histograms.length = start;
    into.histograms.push(...histograms);
  }
}

/** A histogram that stands behind another one than before: what it said of the way from there no longer holds. */
function unlinked(histogram: FloatHistogram): FloatHistogram {
  return histogram.hint === 'gauge' || histogram.hint === 'unknown'
    ? histogram
    : { ...histogram, hint: 'unknown' };
}
