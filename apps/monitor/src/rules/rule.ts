import type { FloatHistogram, Labels } from '@paddlewatch/model';
import type { VectorSample } from '@paddlewatch/promql';

/** Runs an instant query. A scalar comes as one sample without labels. @throws what the engine says. */
export type QueryFunction = (text: string, at: number) => Promise<readonly VectorSample[]>;

/** One evaluation of one rule. */
export interface Evaluation {
  /** The slot of the group, ms. */
  readonly at: number;
  /** When the query looks, and the time stamp of what is written: slot − query_offset, ms. */
  readonly queryAt: number;
  /** How many alerts or series may come out; 0 is no limit. */
  readonly limit: number;
  readonly query: QueryFunction;
}

/** A sample that a rule writes at the evaluation's `queryAt`. */
export interface RuleSample {
  readonly labels: Labels;
  readonly v: number;
  /** In place of the value. */
  readonly h?: FloatHistogram;
}

/** How the last evaluation of a rule went. */
export interface RuleHealth {
  health: 'unknown' | 'ok' | 'err';
  lastError: string | undefined;
  /** Seconds. */
  evaluationTime: number;
  /** Milliseconds since the epoch; undefined before the first. */
  lastEvaluation: number | undefined;
}

export function freshHealth(): RuleHealth {
  return { health: 'unknown', lastError: undefined, evaluationTime: 0, lastEvaluation: undefined };
}
