import {
  type FloatHistogram,
  formatHistogram,
  formatLabels,
  type Labels,
  labelsKey,
} from '@paddlewatch/model';
import type { CommitCounts, SampleAppender, ScrapedExemplar } from './appender.ts';

/** A stored sample: series as PromQL writes it, milliseconds, and a value, a histogram as text or 'stale'. */
export type StoredSample = readonly [series: string, t: number, value: number | string];

/** For tests: a storage that keeps all it is given, as a list. */
export class MemoryAppender implements SampleAppender {
  readonly stored: StoredSample[] = [];
  readonly exemplars: [series: string, exemplar: ScrapedExemplar][] = [];
  readonly keepsExemplars = true;
  /** Label sets that were asked for, each time. */
  asked = 0;
  #pending: StoredSample[] = [];
  #begun = 0;
  #newest = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #refs = new Map<string, number>();

  series(labels: Labels): number {
    this.asked++;
    const key = labelsKey(labels);
    const known = this.#refs.get(key);
    if (known !== undefined) return known;
    this.#refs.set(key, this.#names.length);
    return this.#names.push(formatLabels(labels)) - 1;
  }

  append(ref: number, t: number, value: number): void {
    this.#pending.push([this.#names[ref]!, t, value]);
  }

  appendStale(ref: number, t: number): void {
    this.#pending.push([this.#names[ref]!, t, 'stale']);
  }

  appendHistogram(ref: number, t: number, histogram: FloatHistogram): void {
    this.#pending.push([this.#names[ref]!, t, formatHistogram(histogram)]);
  }

  appendExemplar(ref: number, exemplar: ScrapedExemplar): void {
    this.exemplars.push([this.#names[ref]!, exemplar]);
  }

  commit(): CommitCounts {
    let outOfOrder = 0;
    for (const sample of this.#pending) {
      const [series, t] = sample;
      if (t <= (this.#newest.get(series) ?? -Infinity)) outOfOrder++;
      else {
        this.#newest.set(series, t);
        this.stored.push(sample);
      }
    }
    this.#pending = [];
    return { outOfOrder, duplicates: 0, unknownSeries: 0 };
  }

  get pending(): number {
    return this.#pending.length;
  }

  begin(): void {
    this.#begun = this.#pending.length;
  }

  undo(): void {
    this.#pending.length = this.#begun;
  }

  rollback(): void {
    this.#pending = [];
  }

  /** Takes out what was stored since the last call; report series only where they are asked for. */
  take({ reports = false } = {}): StoredSample[] {
    const taken = this.stored.splice(0);
    return reports ? taken : taken.filter(([series]) => !/^(up|scrape_\w+)(\{|$)/.test(series));
  }
}
