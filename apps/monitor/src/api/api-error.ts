import { ConfigError } from '@paddlewatch/config';
import { PromqlError } from '@paddlewatch/promql';
import { QueryFailure } from '../query/job.ts';

/** The error types of the API and their HTTP status. */
export const statusOf = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
  not_found: 404,
  not_acceptable: 406,
  unavailable: 500,
  not_implemented: 501,
} as const;

export type ErrorType = keyof typeof statusOf;

/** A fault that the caller is told of. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

export function invalidParameter(name: string, what: string): ApiError {
  return new ApiError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${what}`);
}

/** The one place where errors become answers of the API. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof QueryFailure) {
    return error.kind === 'bad_data'
      ? invalidParameter('query', error.message)
      : new ApiError(error.kind, error.message);
  }
  if (error instanceof PromqlError || error instanceof ConfigError)
    return new ApiError('bad_data', error.message);
  const { statusCode, message } = error as { statusCode?: number; message: string };
  const callersFault = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return new ApiError(callersFault ? 'bad_data' : 'internal', message);
}
