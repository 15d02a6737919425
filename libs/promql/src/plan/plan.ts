import type { Labels, Matcher } from '@paddlewatch/model';
import type { BinaryOp, Span, VectorMatching } from '../ast.ts';
import type { Grid, Reach } from '../grid.ts';

/**
 * A logical plan: the query with its times filled in. Parentheses are gone, durations and `start()`/`end()` are
 * numbers, and every node knows the grid it is evaluated on. Immutable: a pass builds new nodes.
 */
export type Plan = ScalarPlan | VectorPlan | StringPlan | RawPlan;

interface Node extends Span {
  readonly grid: Grid;
}

export interface StringPlan extends Node {
  readonly kind: 'string';
  readonly value: string;
}

/** The samples of a range as they are: an instant query for `x[5m]`. */
export interface RawPlan extends Node {
  readonly kind: 'raw';
  readonly over: RangePlan;
  readonly range: number;
  readonly reach: Reach;
}

/** One number for each step. */
export type ScalarPlan =
  | (Node & { readonly kind: 'number'; readonly value: number })
  /** The evaluation time in seconds. */
  | (Node & { readonly kind: 'time' })
  | (Node & { readonly kind: 'scalar-of'; readonly vector: VectorPlan })
  | (Node & {
      readonly kind: 'scalar-arithmetic';
      readonly op: BinaryOp | 'min' | 'max';
      readonly lhs: ScalarPlan;
      readonly rhs: ScalarPlan;
    });

/** Many series, each with a value, a histogram or nothing at each step. */
export type VectorPlan =
  | SelectPlan
  | WindowPlan
  | MapPlan
  | OncePlan
  | VectorOfPlan
  | VectorScalarPlan
  | VectorVectorPlan
  | RestrictPlan
  | UnionPlan
  | AggregatePlan
  | AbsentPlan
  | RelabelPlan
  | SortPlan
  | BucketsPlan
  | InfoPlan;

/** The series some matchers select, over the time that all their readers need together. */
export interface ScanPlan {
  readonly matchers: readonly Matcher[];
  /** Inclusive, ms. */
  readonly mint: number;
  readonly maxt: number;
  readonly step: number;
  readonly func: string;
  readonly range: number;
  /**
   * Counter reset hints are found by comparing histograms where the storage gives none, as Prometheus does for
   * selectors of which only counts and sums are wanted.
   */
  readonly exactHints: boolean;
}

/** The last sample of each series within the lookback. */
export interface SelectPlan extends Node {
  readonly kind: 'select';
  readonly scan: ScanPlan;
  readonly reach: Reach;
  /** Milliseconds. */
  readonly lookback: number;
  /** Interpolated between the samples around each step. */
  readonly smoothed: boolean;
  /** `timestamp(x)` wants the time of the sample instead of its value, `start_timestamp(x)` that of its beginning. */
  readonly yields: 'value' | 'timestamp' | 'start_timestamp';
}

/** A function of all samples in (reference − range, reference]. */
export interface WindowPlan extends Node {
  readonly kind: 'window';
  readonly func: string;
  readonly over: RangePlan;
  readonly range: number;
  readonly reach: Reach;
  /** How far outside an anchored or smoothed window a sample may lie, ms. */
  readonly lookback: number;
  readonly args: readonly ScalarPlan[];
  /** The result still goes by the name of the metric. */
  readonly keepsName: boolean;
}

export type RangePlan =
  | (Node & {
      readonly kind: 'samples';
      readonly scan: ScanPlan;
      readonly extended?: 'anchored' | 'smoothed';
    })
  /** The inner expression on its own, absolutely aligned grid. */
  | (Node & { readonly kind: 'subquery'; readonly inner: VectorPlan });

/** A function of each value by itself: `abs`, `clamp`, `hour`, and unary minus as `negate`. */
export interface MapPlan extends Node {
  readonly kind: 'map';
  readonly func: string;
  readonly vector: VectorPlan;
  readonly args: readonly ScalarPlan[];
}

/** What does not depend on the evaluation time: computed at one step, shown at all. */
export interface OncePlan extends Node {
  readonly kind: 'once';
  readonly vector: VectorPlan;
}

export interface VectorOfPlan extends Node {
  readonly kind: 'vector-of';
  readonly scalar: ScalarPlan;
}

export interface VectorScalarPlan extends Node {
  readonly kind: 'vector-scalar';
  readonly op: BinaryOp;
  readonly vector: VectorPlan;
  readonly scalar: ScalarPlan;
  /** The scalar stands on the left. */
  readonly swapped: boolean;
  readonly bool: boolean;
}

export interface VectorVectorPlan extends Node {
  readonly kind: 'vector-vector';
  readonly op: BinaryOp;
  readonly lhs: VectorPlan;
  readonly rhs: VectorPlan;
  readonly bool: boolean;
  readonly matching: VectorMatching;
}

/** What the left side has where the right side has a partner, or has none. */
export interface RestrictPlan extends Node {
  readonly kind: 'restrict';
  readonly op: 'and' | 'unless';
  readonly lhs: VectorPlan;
  readonly rhs: VectorPlan;
  readonly matching: VectorMatching;
}

/** `a or b or c`: of each part what no part before it has. */
export interface UnionPlan extends Node {
  readonly kind: 'union';
  readonly parts: readonly VectorPlan[];
  readonly matching: VectorMatching;
}

export interface AggregatePlan extends Node {
  readonly kind: 'aggregate';
  readonly op: string;
  readonly vector: VectorPlan;
  readonly param?: ScalarPlan | StringPlan;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

/** 1 with the given labels where the vector has nothing. */
export interface AbsentPlan extends Node {
  readonly kind: 'absent';
  readonly vector: VectorPlan;
  readonly labels: Labels;
}

export interface RelabelPlan extends Node {
  readonly kind: 'relabel';
  readonly func: 'label_replace' | 'label_join';
  readonly vector: VectorPlan;
  readonly strings: readonly string[];
}

export interface SortPlan extends Node {
  readonly kind: 'sort';
  readonly func: 'sort' | 'sort_desc' | 'sort_by_label' | 'sort_by_label_desc';
  readonly vector: VectorPlan;
  readonly names: readonly string[];
}

/** Functions of histograms, native ones and classic ones with their `le` buckets. */
export interface BucketsPlan extends Node {
  readonly kind: 'buckets';
  readonly func: string;
  readonly vector: VectorPlan;
  readonly args: readonly ScalarPlan[];
  /** Of histogram_quantiles: the label that names the quantile. */
  readonly label?: string;
}

export interface InfoPlan extends Node {
  readonly kind: 'info';
  readonly vector: VectorPlan;
  /** The info metrics at the reference time of the samples they enrich. */
  readonly info: SelectPlan;
  /** Matchers on data labels; their names limit the labels that are copied. */
  readonly matchers: readonly Matcher[];
}

export function isScalarPlan(plan: Plan): plan is ScalarPlan {
  switch (plan.kind) {
    case 'number':
    case 'time':
    case 'scalar-of':
    case 'scalar-arithmetic':
      return true;
    default:
      return false;
  }
}
