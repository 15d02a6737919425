import { type Labels, metricName, withLabel } from '@paddlewatch/model';
import type { SampleAppender } from './appender.ts';

/** What every scrape says of itself, failed ones too. */
export interface Report {
  readonly up: 0 | 1;
  readonly scrape_duration_seconds: number;
  readonly scrape_samples_scraped: number;
  readonly scrape_samples_post_metric_relabeling: number;
  readonly scrape_series_added: number;
}

const names = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const satisfies readonly (keyof Report)[];

/** The report series of one target. Metric relabelling does not apply to them. */
export class ReportSeries {
  readonly #labels: Labels;
  #refs: readonly number[] | undefined;

  constructor(target: Labels) {
    this.#labels = target;
  }

  append(appender: SampleAppender, time: number, report: Report): void {
    const refs = this.#resolve(appender);
    for (const [i, name] of names.entries()) appender.append(refs[i]!, time, report[name]);
  }

  appendStale(appender: SampleAppender, time: number): void {
    for (const ref of this.#resolve(appender)) appender.appendStale(ref, time);
  }

  /** Asks the storage for its references again. */
  forget(): void {
    this.#refs = undefined;
  }

  #resolve(appender: SampleAppender): readonly number[] {
    this.#refs ??= names.map((name) => appender.series(withLabel(this.#labels, metricName, name)));
    return this.#refs;
  }
}
