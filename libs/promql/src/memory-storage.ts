import { compileMatcher, type Labels, labelsKey, labelValue, type Matcher } from '@paddlewatch/model';
import { labelColumn } from './label-column.ts';
import type { LabelColumn, Querier, Queryable, SeriesSet } from './queryable.ts';
import { SampleBuffer } from './sample-buffer.ts';

interface Series {
  readonly labels: Labels;
  readonly samples: SampleBuffer;
}

/** A storage that keeps everything in memory: for tests, and for queries over data that lie at hand. */
export class MemoryStorage implements Queryable {
  readonly #series = new Map<string, Series>();

  /** The samples of a series, to be appended to, times rising; the series comes into being when first asked for. */
  series(labels: Labels): SampleBuffer {
    const key = labelsKey(labels);
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, samples: new SampleBuffer(16) };
      this.#series.set(key, series);
    }
    return series.samples;
  }

  clear(): void {
    this.#series.clear();
  }

  querier(): Querier {
    return { select: (matchers) => this.#select(matchers), close() {} };
  }

  #select(matchers: readonly Matcher[]): SeriesSet {
    const tests = matchers.map((matcher) => ({ name: matcher.name, fits: compileMatcher(matcher) }));
    const found: Series[] = [];
    for (const series of this.#series.values())
      if (tests.every(({ name, fits }) => fits(labelValue(series.labels, name)))) found.push(series);
    return new MemorySet(found);
  }
}

class MemorySet implements SeriesSet {
  readonly warnings: readonly string[] = [];
  readonly #series: readonly Series[];

  constructor(series: readonly Series[]) {
    this.#series = series;
  }

  get length(): number {
    return this.#series.length;
  }

  labels(series: number): Labels {
    return this.#series[series]!.labels;
  }

  column(name: string): LabelColumn {
    return labelColumn(
      this.#series.map(({ labels }) => labels),
      name,
    );
  }

  read(series: number, mint: number, maxt: number, into: SampleBuffer): void {
    const { samples } = this.#series[series]!;
    const first = firstAfter(samples, mint - 1);
    const end = firstAfter(samples, maxt);
    const at = into.length;
    into.reserve(end - first);
    into.t.set(samples.t.subarray(first, end), at);
    // As words, so that staleness markers survive.
    into.words.set(samples.words.subarray(2 * first, 2 * end), 2 * at);
    if (samples.histograms.length > 0)
      for (let i = first; i < end; i++) into.histograms[at + i - first] = samples.histograms[i];
    if (samples.starts.length > 0)
      for (let i = first; i < end; i++) into.starts[at + i - first] = samples.starts[i];
    into.length += end - first;
  }
}

/** The place of the first sample later than a time. */
function firstAfter({ t, length }: SampleBuffer, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
