import type { FloatHistogram, Labels } from '@paddlewatch/model';

/** What became of the samples of a commit that did not fit; they are no fault of the rest. */
export interface CommitCounts {
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** The storage forgot the series since its reference was taken. */
  readonly unknownSeries: number;
}

export interface ScrapedExemplar {
  readonly labels: Labels;
  readonly value: number;
  /** Milliseconds. */
  readonly t: number;
  /** The page did not say when: `t` is the time of the sample. */
  readonly untimed: boolean;
}

/** Where scrapes put their samples, one page after another: what was appended is stored by `commit`, all of it or nothing. */
export interface SampleAppender {
  /** Samples that wait for the commit. */
  readonly pending: number;
  /** A number for the label set, good until a commit counts it as unknown. @throws where there are too many series */
  series(labels: Labels): number;
  /** @param t milliseconds */
  append(ref: number, t: number, value: number): void;
  appendStale(ref: number, t: number): void;
  appendHistogram(ref: number, t: number, histogram: FloatHistogram): void;
  /** Whether exemplars are kept: where not, none need be given. */
  readonly keepsExemplars: boolean;
  appendExemplar(ref: number, exemplar: ScrapedExemplar): void;
  commit(): CommitCounts;
  /** What was appended since the last commit stays, whatever `undo` takes back. */
  begin(): void;
  /** Forgets what was appended since `begin`. */
  undo(): void;
  /** Forgets what was appended since the last commit. */
  rollback(): void;
}
