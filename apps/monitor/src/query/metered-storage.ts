import type { Labels, Matcher } from '@paddlewatch/model';
import type { Querier, Queryable, SampleBuffer, SelectHints, SeriesSet } from '@paddlewatch/promql';
import type { Db } from '@paddlewatch/tsdb';
import type { LabelIndex } from './lookup.ts';

/** The work turned out to be more than was allowed. Nobody outside sees it: another thread does the work. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';

  constructor() {
    super('cannot answer here: it is more work than is allowed');
  }
}

/** What is needed of a storage: it tells of the work in its index before it does it. */
export type TellingStorage = Pick<Db, 'querier' | 'labelNames' | 'labelValues' | 'series' | 'catchUp'>;

/** About what a warm engine takes for a piece from the disk's pages to the answer's bytes, ns. */
const cost = {
  ...{ byte: 10, value: 200, list: 10_000, posting: 20, found: 1_000 },
  ...{ series: 5_000, point: 200, sample: 25, histogram: 2_000, text: 200 },
} as const;

/**
 * Counts work by its pieces, not by the clock: the same query over the same data is always too much, or never. Only a
 * disk that keeps it waiting ends it otherwise.
 */
export class Meter {
  private left: number;
  private readonly isLate: () => boolean;

  /** Milliseconds of a warm engine. */
  constructor(mostMs: number, isLate: () => boolean) {
    this.left = mostMs * 1e6;
    this.isLate = isLate;
  }

  /** @throws TooMuchWork, or another error where it is late. */
  readonly count = (piece: keyof typeof cost, pieces: number): void => {
    this.left -= pieces * cost[piece];
    if (this.left < 0) throw new TooMuchWork();
    if (this.isLate()) throw new Error('cannot answer here: it takes too long');
  };
}

/** A storage that stops whoever would do too much with it. */
export class MeteredStorage implements Queryable, LabelIndex {
  private readonly storage: TellingStorage;
  private readonly meter: Meter;

  constructor(storage: TellingStorage, meter: Meter) {
    this.storage = storage;
    this.meter = meter;
  }

  querier(mint: number, maxt: number): Querier {
    const querier = this.storage.querier(mint, maxt);
    return {
      select: (matchers, hints) => {
        const set = querier.select(matchers, { ...hints, effort: this.meter.count });
        return set instanceof Promise
          ? set.then((opened) => this.metered(opened, hints))
          : this.metered(set, hints);
      },
      close: () => querier.close(),
    };
  }

  async labelNames(
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit?: number,
  ): Promise<string[]> {
    return this.counted(await this.storage.labelNames(matchers, mint, maxt, limit, this.meter.count));
  }

  async labelValues(
    name: string,
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit?: number,
  ): Promise<string[]> {
    return this.counted(await this.storage.labelValues(name, matchers, mint, maxt, limit, this.meter.count));
  }

  async series(matchers: readonly Matcher[], mint: number, maxt: number, limit?: number): Promise<Labels[]> {
    return this.storage.series(matchers, mint, maxt, limit, this.meter.count);
  }

  private metered(set: SeriesSet, { mint, maxt, step }: SelectHints): SeriesSet {
    this.meter.count('series', set.length);
    if (step > 0) this.meter.count('point', (set.length * Math.max(0, maxt - mint)) / step);
    return new MeteredSeries(set, this.meter);
  }

  private counted(texts: string[]): string[] {
    this.meter.count('text', texts.length);
    return texts;
  }
}

class MeteredSeries implements SeriesSet {
  private readonly set: SeriesSet;
  private readonly meter: Meter;

  constructor(set: SeriesSet, meter: Meter) {
    this.set = set;
    this.meter = meter;
  }

  get length(): number {
    return this.set.length;
  }

  get warnings(): readonly string[] {
    return this.set.warnings;
  }

  labels(series: number): Labels {
    return this.set.labels(series);
  }

  column(name: string) {
    return this.set.column(name);
  }

  read(series: number, mint: number, maxt: number, into: SampleBuffer): void {
    const [samples, histograms] = [into.length, into.histograms.length];
    this.set.read(series, mint, maxt, into);
    this.meter.count('sample', into.length - samples);
    if (into.histograms.length > histograms)
      this.meter.count('histogram', into.histograms.length - histograms);
  }
}
