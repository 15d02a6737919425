/** Why a request was not answered, as `paddle_errors_total{reason}` counts it, with its HTTP status. */
export const reasons = {
  bad_json: 400,
  bad_request: 400,
  unknown_input: 400,
  missing_input: 400,
  wrong_shape: 400,
  wrong_type: 400,
  unknown_model: 404,
  unknown_version: 404,
  method_not_allowed: 405,
  too_large: 413,
  inference_failed: 500,
  fault_injected: 500,
  queue_full: 503,
  stopping: 503,
  deadline_exceeded: 504,
} as const;

export type Reason = keyof typeof reasons;

/** A request that cannot be answered; the message is for its sender. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }

  get status(): number {
    return reasons[this.reason];
  }
}
