export type { DurationExpr, Expr, Span, ValueType } from './ast.ts';
export type { LabelColumn, Querier, Queryable, SelectHints, SeriesSet } from './queryable.ts';
export type { MatrixSeries, QueryResult, QueryStats, Value, VectorSample } from './result.ts';
export { SampleBuffer } from './sample-buffer.ts';
export { PromqlError } from './syntax/error.ts';
export { formatExpr } from './syntax/format.ts';
export { exprToJson } from './syntax/json.ts';
export { parseQuery } from './syntax/parse.ts';
