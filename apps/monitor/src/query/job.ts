import type { Matcher } from '@paddlewatch/model';
import type { Value } from '@paddlewatch/promql';

/** Work for a query thread. Times are ms since the epoch, ranges inclusive; `limit` 0 is no limit. */
export type Job = InstantJob | RangeJob | LookupJob | FederateJob | CardinalityJob;

interface Evaluation {
  readonly query: string;
  readonly limit: number;
  /** Milliseconds; undefined takes the server's. */
  readonly lookback?: number;
  readonly stats?: 'none' | 'sums' | 'steps';
}

export interface InstantJob extends Evaluation {
  readonly kind: 'instant';
  readonly time: number;
}

export interface RangeJob extends Evaluation {
  readonly kind: 'range';
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export type LookupJob = NamesJob | ValuesJob | SeriesJob;

interface Lookup {
  /** Any of these selectors; none selects everything. */
  readonly selectors: readonly (readonly Matcher[])[];
  readonly mint: number;
  readonly maxt: number;
  readonly limit: number;
}

export interface NamesJob extends Lookup {
  readonly kind: 'names';
}

export interface ValuesJob extends Lookup {
  readonly kind: 'values';
  readonly name: string;
}

export interface SeriesJob extends Lookup {
  readonly kind: 'series';
}

/** The newest sample of each series, as text format for another server's scrape. */
export interface FederateJob extends Lookup {
  readonly kind: 'federate';
  readonly externalLabels: Readonly<Record<string, string>>;
}

/** Which names and values have the most series; answers `/status/tsdb`. */
export interface CardinalityJob {
  readonly kind: 'cardinality';
  /** Rows of each table. */
  readonly limit: number;
  /** What the owner of the storage knows of it. */
  readonly head: { readonly numSeries: number; readonly minTime: number; readonly maxTime: number };
}

/** How the answer travels: bytes of the whole HTTP answer, or the value itself. */
export type Shape = 'bytes' | 'value';

export type Answer = { readonly bytes: Uint8Array } | { readonly value: Value };

/** What the HTTP API calls errorType. */
export type FailureKind = 'bad_data' | 'execution' | 'canceled' | 'timeout' | 'internal';

export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
}

/** A query that was not answered. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Messages between the main thread and a query thread. */
export interface Request {
  readonly id: number;
  readonly job: Job;
  readonly shape: Shape;
  /** Milliseconds that are left for the evaluation. */
  readonly timeout: number;
  /** Milliseconds that the job waited for a thread. */
  readonly waited: number;
}

export type Reply =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly failure: Failure };
