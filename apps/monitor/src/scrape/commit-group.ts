import type { Clock } from '@paddlewatch/model';
import type { Agenda } from './agenda.ts';
import type { SampleAppender } from './appender.ts';
import type { ScrapeMetrics } from './metrics.ts';

/**
 * Milliseconds between two commits, by which samples are seen later. One record of fifty scrapes takes a tenth less of the
 * log than fifty records (docs/formats/wal.md), and one write instead of fifty.
 */
const commitInterval = 50;
/** Samples that are committed without waiting: about five milliseconds of work. */
const mostPending = 10_000;

/** On the grid of scrape times, and behind those scrapes: while their targets answer there is time for it. */
function nextCommit(now: number): number {
  return (Math.floor(now / commitInterval) + 1) * commitInterval;
}

/** A scrape whose samples wait for the commit. */
export interface Scrape {
  /** Hears whether they are stored. */
  onCommit(fault: Error | undefined): void;
  /** The storage has dropped series: references must be asked for again. */
  forget(): void;
}

/** Scrapes that end within moments of each other are stored together; one that comes alone is stored at once. */
export class CommitGroup {
  /** Samples between two calls of `add` belong to one scrape; in between nothing may wait. */
  readonly appender: SampleAppender;
  readonly #metrics: ScrapeMetrics;
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  #scrapes: Scrape[] = [];
  #committed = Number.NEGATIVE_INFINITY;
  #cancelNext: (() => void) | undefined;

  constructor(appender: SampleAppender, metrics: ScrapeMetrics, clock: Clock, agenda: Agenda) {
    this.appender = appender;
    this.#metrics = metrics;
    this.#clock = clock;
    this.#agenda = agenda;
  }

  add(scrape: Scrape): void {
    this.#scrapes.push(scrape);
    const now = this.#clock.now();
    const pause = Math.abs(now - this.#committed);
    if (pause >= commitInterval || this.appender.pending >= mostPending) this.commit();
    else this.#cancelNext ??= this.#agenda.at(nextCommit(now), () => this.commit());
  }

  /** Stores what waits. */
  commit(): void {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    if (this.#scrapes.length === 0) return;
    const scrapes = this.#scrapes;
    this.#scrapes = [];
    this.#committed = this.#clock.now();
    const fault = this.#store(scrapes);
    for (const scrape of scrapes) scrape.onCommit(fault);
  }

  #store(scrapes: readonly Scrape[]): Error | undefined {
    try {
      const { outOfOrder, duplicates, unknownSeries } = this.appender.commit();
      this.#metrics.outOfOrder.inc(outOfOrder);
      this.#metrics.duplicates.inc(duplicates);
      // It happens when a target comes back after hours: not often enough to find out which of them it was.
      if (unknownSeries > 0) for (const scrape of scrapes) scrape.forget();
      return undefined;
    } catch (error) {
      this.appender.rollback();
      for (const scrape of scrapes) scrape.forget();
      return error as Error;
    }
  }
}
