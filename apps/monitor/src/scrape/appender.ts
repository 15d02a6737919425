import type { Labels } from '@paddlewatch/model';

/** What became of the samples of a commit that did not fit; they are no fault of the rest. */
export interface CommitCounts {
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** The storage forgot the series since its reference was taken. */
  readonly unknownSeries: number;
}

/** Where a scrape puts its samples: all of a page or nothing. Used for one page after another, never for two at once. */
export interface SampleAppender {
  /** A number for the label set, good until a commit counts it as unknown. @throws where there are too many series */
  series(labels: Labels): number;
  /** @param t milliseconds */
  append(ref: number, t: number, value: number): void;
  appendStale(ref: number, t: number): void;
  commit(): CommitCounts;
  rollback(): void;
}
