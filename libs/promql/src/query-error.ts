/** What the HTTP API calls errorType, for faults that arise while a query runs. */
export type QueryErrorKind = 'execution' | 'timeout' | 'canceled';

/** A query that could not be answered; the message is worded as Prometheus words it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly kind: QueryErrorKind;

  constructor(message: string, kind: QueryErrorKind = 'execution') {
    super(message);
    this.kind = kind;
  }
}
