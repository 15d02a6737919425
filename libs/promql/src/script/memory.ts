import {
  compareLabels,
  compileMatcher,
  type FloatHistogram,
  isCounterReset,
  type Labels,
  labelsKey,
  labelValue,
  type Matcher,
} from '@paddlewatch/model';
import type { LabelColumn, Querier, Queryable, SeriesSet } from '../queryable.ts';
import type { SampleBuffer } from '../sample-buffer.ts';

/** What one sample holds: a float, a histogram, or the marker that the series has ended. */
export type SampleValue = number | FloatHistogram | 'stale';

interface Sample {
  readonly t: number;
  readonly value: SampleValue;
  /** When the counter began, ms since the epoch; 0 where unknown. */
  readonly start: number;
}

interface Series {
  readonly labels: Labels;
  readonly samples: Sample[];
}

/** A storage of a few series in memory, in any order of time: for scripts, examples and tests. */
export class MemoryStorage implements Queryable {
  readonly #series = new Map<string, Series>();

  /** Adds a sample; one of the same series and time is replaced. `t` and `start` in ms since the epoch. */
  append(labels: Labels, t: number, value: SampleValue, start = 0): void {
    const key = labelsKey(labels);
    const series = this.#series.get(key) ?? { labels, samples: [] };
    this.#series.set(key, series);
    const { samples } = series;
    const place = samples.findLastIndex((sample) => sample.t < t) + 1;
    samples.splice(place, samples[place]?.t === t ? 1 : 0, { t, value, start });
  }

  querier(): Querier {
    return {
      select: (matchers) => new Selection([...this.#series.values()].filter(matching(matchers))),
      close: () => {},
    };
  }
}

function matching(matchers: readonly Matcher[]): (series: Series) => boolean {
  const tests = matchers.map((matcher) => ({ name: matcher.name, fits: compileMatcher(matcher) }));
  return ({ labels }) => tests.every(({ name, fits }) => fits(labelValue(labels, name)));
}

class Selection implements SeriesSet {
  readonly warnings: readonly string[] = [];
  readonly #series: readonly Series[];

  constructor(series: Series[]) {
    this.#series = series.sort((a, b) => compareLabels(a.labels, b.labels));
  }

  get length(): number {
    return this.#series.length;
  }

  labels(series: number): Labels {
    return this.#series[series]!.labels;
  }

  column(name: string): LabelColumn {
    const values = [''];
    const ids = Uint32Array.from(this.#series, ({ labels }) => {
      const value = labelValue(labels, name);
      const known = values.indexOf(value);
      return known < 0 ? values.push(value) - 1 : known;
    });
    return { ids, values };
  }

  read(series: number, mint: number, maxt: number, into: SampleBuffer<FloatHistogram>): void {
    let before: Sample | undefined;
    for (const sample of this.#series[series]!.samples) {
      if (sample.t >= mint && sample.t <= maxt) write(sample, before, into);
      before = sample;
    }
  }
}

function write(
  { t, value, start }: Sample,
  before: Sample | undefined,
  into: SampleBuffer<FloatHistogram>,
): void {
  if (value === 'stale') into.pushStale(t);
  else if (typeof value === 'number') into.push(t, value);
  else into.pushHistogram(t, withHint(value, before?.value));
  if (start !== 0) into.start(start);
}

/** A counter's hint as a storage knows it that has seen the sample before. Gauges are left as they are. */
function withHint(histogram: FloatHistogram, before: SampleValue | undefined): FloatHistogram {
  if (histogram.hint === 'gauge' || histogram.hint === 'reset') return histogram;
  if (typeof before !== 'object' || before.hint === 'gauge') return { ...histogram, hint: 'unknown' };
  if (isCounterReset(before, { ...histogram, hint: 'unknown' })) return { ...histogram, hint: 'reset' };
  const sameLayout = before.schema === histogram.schema && before.zeroThreshold === histogram.zeroThreshold;
  return { ...histogram, hint: sameLayout ? 'notReset' : 'unknown' };
}
