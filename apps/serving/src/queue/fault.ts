/** A fault put into a model version on purpose, for drills. Never reachable over HTTP. */
export interface Fault {
  /** Added to the inference time of each batch. */
  readonly extraSeconds?: number;
  /** From 0 to 1: the share of requests that fail with status 500 and reason `fault_injected`. */
  readonly failureShare?: number;
}
