import type { Labels, Matcher } from '@paddlewatch/model';
import type { SelectHints, SeriesSet, Source } from './source.ts';

/** A view of samples with mint ≤ t ≤ maxt; fits promql's Queryable and Querier. */
export interface Querier {
  select(matchers: readonly Matcher[], hints: SelectHints): SeriesSet | Promise<SeriesSet>;
  close(): void;
}

/** The reading side of a database, the same in the thread that owns it and in workers. */
export class Reader {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  querier(_mint: number, _maxt: number): Querier {
    const source = this.#source;
    return { select: (matchers, hints) => source.select(matchers, hints), close: () => undefined };
  }

  /** Sorted names of the labels of series that fit; at most `limit`. */
  async labelNames(
    matchers: readonly Matcher[],
    _mint: number,
    _maxt: number,
    limit = Infinity,
  ): Promise<string[]> {
    return (await this.#source.labelNames(matchers)).slice(0, limit);
  }

  /** Sorted values of a label of series that fit; at most `limit`. */
  async labelValues(
    name: string,
    matchers: readonly Matcher[],
    _mint: number,
    _maxt: number,
    limit = Infinity,
  ): Promise<string[]> {
    return (await this.#source.labelValues(name, matchers)).slice(0, limit);
  }

  /** Label sets of the series that fit; at most `limit`. */
  async series(
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit = Infinity,
  ): Promise<Labels[]> {
    const set = await this.#source.select(matchers, { mint, maxt });
    return Array.from({ length: Math.min(limit, set.length) }, (_, i) => set.labels(i));
  }
}
