import type { Labels, Matcher } from '@paddlewatch/model';
import type { Effort } from './effort.ts';
import { mergeSeriesSets } from './merge.ts';
import type { SelectHints, SeriesSet, Source } from './source.ts';

/** A view of samples with mint ≤ t ≤ maxt; fits promql's Queryable and Querier. */
export interface Querier {
  select(matchers: readonly Matcher[], hints: SelectHints): SeriesSet | Promise<SeriesSet>;
  close(): void;
}

/** The reading side of a database, the same in the thread that owns it and in workers. */
export class Reader {
  readonly #sources: () => readonly Source[];

  /** `sources` gives what there is now, oldest first. */
  constructor(sources: () => readonly Source[]) {
    this.#sources = sources;
  }

  querier(mint: number, maxt: number): Querier {
    const sources = this.#hold(mint, maxt);
    let open = true;
    return {
      select(matchers, hints) {
        const sets = sources.map((source) => source.select(matchers, hints));
        return sets.some((set) => set instanceof Promise)
          ? Promise.all(sets).then(mergeSeriesSets)
          : mergeSeriesSets(sets as SeriesSet[]);
      },
      close() {
        if (open) for (const source of sources) source.release?.();
        open = false;
      },
    };
  }

  /** Sorted names of the labels of series that fit; at most `limit`. */
  async labelNames(
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit = Infinity,
    effort?: Effort,
  ): Promise<string[]> {
    return this.#texts(mint, maxt, limit, (source) => source.labelNames(matchers, effort));
  }

  /** Sorted values of a label of series that fit; at most `limit`. */
  async labelValues(
    name: string,
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit = Infinity,
    effort?: Effort,
  ): Promise<string[]> {
    return this.#texts(mint, maxt, limit, (source) => source.labelValues(name, matchers, effort));
  }

  /** Label sets of the series that fit; at most `limit`. */
  async series(
    matchers: readonly Matcher[],
    mint: number,
    maxt: number,
    limit = Infinity,
    effort?: Effort,
  ): Promise<Labels[]> {
    const querier = this.querier(mint, maxt);
    try {
      const set = await querier.select(matchers, { mint, maxt, func: 'series', effort });
      const length = Math.min(limit, set.length);
      effort?.('series', length);
      return Array.from({ length }, (_, i) => set.labels(i));
    } finally {
      querier.close();
    }
  }

  async #texts(
    mint: number,
    maxt: number,
    limit: number,
    ask: (source: Source) => string[] | Promise<string[]>,
  ): Promise<string[]> {
    const sources = this.#hold(mint, maxt);
    try {
      return mergeSorted(await Promise.all(sources.map(ask))).slice(0, limit);
    } finally {
      for (const source of sources) source.release?.();
    }
  }

  #hold(mint: number, maxt: number): readonly Source[] {
    const sources = this.#sources().filter((source) => source.minTime <= maxt && source.maxTime >= mint);
    for (const source of sources) source.hold?.();
    return sources;
  }
}

function mergeSorted(lists: readonly string[][]): string[] {
  return lists.length === 1 ? lists[0]! : [...new Set(lists.flat())].sort();
}
