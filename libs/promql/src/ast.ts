import type { Matcher } from '@paddlewatch/model';

/** Where a node stands in the query text, as UTF-16 offsets: from inclusive, to exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

/** A PromQL expression as written: immutable, parentheses kept, nothing folded. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | ParenExpr
  | UnaryExpr
  | BinaryExpr
  | Call
  | Aggregation;

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
  /** Written as a duration (`5m`), which formatting keeps. */
  readonly duration: boolean;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** Shifts of a selector or subquery in time. Milliseconds; a duration expression is evaluated when the query starts. */
export interface TimeShift {
  readonly offset: number;
  readonly offsetExpr?: DurationExpr;
  /** `@ <time>` in ms, or `@ start()` / `@ end()`. */
  readonly at?: number | 'start' | 'end';
}

export interface VectorSelector extends Span, TimeShift {
  readonly kind: 'vector';
  /** The metric name written before the braces, '' where there is none. */
  readonly name: string;
  /** All matchers, that of the metric name included. */
  readonly matchers: readonly Matcher[];
  readonly anchored: boolean;
  readonly smoothed: boolean;
}

export interface MatrixSelector extends Span {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  /** Window in ms; where `rangeExpr` stands it is 0 until the query starts. */
  readonly range: number;
  readonly rangeExpr?: DurationExpr;
}

export interface Subquery extends Span, TimeShift {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: number;
  readonly rangeExpr?: DurationExpr;
  /** Resolution in ms, 0 for the default. */
  readonly step: number;
  readonly stepExpr?: DurationExpr;
}

export interface ParenExpr extends Span {
  readonly kind: 'paren';
  readonly expr: Expr;
}

export interface UnaryExpr extends Span {
  readonly kind: 'unary';
  readonly op: '+' | '-';
  readonly expr: Expr;
}

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | '</'
  | '>/'
  | 'and'
  | 'or'
  | 'unless';

export interface BinaryExpr extends Span {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly lhs: Expr;
  readonly rhs: Expr;
  readonly bool: boolean;
  /** Between two vectors only. */
  readonly matching?: VectorMatching;
}

export interface VectorMatching {
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels taken over from the "one" side by group_left and group_right. */
  readonly include: readonly string[];
  /** `fill`, `fill_left`, `fill_right`: the value that stands in for a missing partner. */
  readonly fillLeft?: number;
  readonly fillRight?: number;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly func: string;
  readonly args: readonly Expr[];
}

export interface Aggregation extends Span {
  readonly kind: 'aggregation';
  readonly op: string;
  readonly expr: Expr;
  /** Of topk, bottomk, quantile, count_values, limitk, limit_ratio. */
  readonly param?: Expr;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

/** Arithmetic on durations: `[5m * 2]`, `offset step()`, `[min(range(), 1h)]`. Values are seconds. */
export type DurationExpr =
  | (Span & { readonly kind: 'seconds'; readonly value: number; readonly duration: boolean })
  | (Span & { readonly kind: 'step' | 'range' })
  | (Span & { readonly kind: 'negate' | 'plus' | 'group'; readonly expr: DurationExpr })
  | (Span & { readonly kind: 'min' | 'max'; readonly lhs: DurationExpr; readonly rhs: DurationExpr })
  | (Span & {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*' | '/' | '%' | '^';
      readonly lhs: DurationExpr;
      readonly rhs: DurationExpr;
    });
