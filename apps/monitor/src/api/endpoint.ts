import type { Params } from './params.ts';
import type { ApiSurroundings } from './surroundings.ts';

export interface Call {
  readonly params: Params;
  /** Values of `:name` places in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly monitor: ApiSurroundings;
  /** Ends when the caller hangs up. */
  readonly signal: AbortSignal;
}

/**
 * Data for the envelope, with warnings where there are any; or a whole answer that a query thread wrote; or nothing, which
 * is status 204.
 */
export type Outcome =
  | 'nothing'
  | { readonly data: unknown; readonly warnings?: readonly string[] }
  | { readonly bytes: Uint8Array };

export const methodsOf = {
  GET: ['GET'],
  'GET+POST': ['GET', 'POST'],
  'POST+PUT': ['POST', 'PUT'],
} as const;

/** One endpoint below `/api/v1`. */
export interface Endpoint {
  readonly path: string;
  /** Parameters come from the URL or, but for `GET`, from a form. */
  readonly methods: keyof typeof methodsOf;
  /** @throws ApiError and whatever `apiErrorOf` knows */
  answer(call: Call): Outcome | Promise<Outcome>;
}

/** Data as Prometheus' Go code formats times: RFC 3339, year 1 for "never". */
export function goTime(ms: number | undefined): string {
  if (ms === undefined) return '0001-01-01T00:00:00Z';
  return new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** The first `limit` items, 0 for all, with Prometheus' warning where some are left out. */
export function limited<T>(items: readonly T[], limit: number): { data: readonly T[]; warnings: string[] } {
  if (limit === 0 || items.length <= limit) return { data: items, warnings: [] };
  return { data: items.slice(0, limit), warnings: ['results truncated due to limit'] };
}
