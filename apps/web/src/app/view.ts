import { formatSpan, parseSpan } from '../format/time.ts';

/** What a reader has chosen to look at; it lives in the URL, so that a link shows a colleague the same thing. */
export interface View {
  /** The `job` label; undefined: the first service found. */
  service?: string;
  model?: string;
  spanMs: number;
  /** End of the range in milliseconds; undefined: now, and it moves on. */
  endMs?: number;
  /** 0: no refresh. */
  refreshMs: number;
}

export const spans: readonly string[] = ['5m', '15m', '1h', '6h', '1d', '7d'];
export const refreshes: readonly string[] = ['5s', '15s', '1m', '0s'];

const defaultSpan = '5m';
const defaultRefresh = '5s';

export function parseView(search: URLSearchParams): View {
  const end = Number(search.get('end'));
  return {
    service: search.get('service') ?? undefined,
    model: search.get('model') ?? undefined,
    spanMs: parseSpan(search.get('range') ?? '') || parseSpan(defaultSpan)!,
    endMs: Number.isFinite(end) && end > 0 ? end * 1000 : undefined,
    refreshMs: parseSpan(search.get('refresh') ?? defaultRefresh) ?? parseSpan(defaultRefresh)!,
  };
}

/** The twin of `parseView`: what equals a default stays out of the URL. */
export function viewParams(
  view: View,
): Record<'service' | 'model' | 'range' | 'end' | 'refresh', string | undefined> {
  const range = formatSpan(view.spanMs);
  const refresh = formatSpan(view.refreshMs);
  return {
    service: view.service,
    model: view.model,
    range: range === defaultSpan ? undefined : range,
    end: view.endMs === undefined ? undefined : String(Math.round(view.endMs / 1000)),
    refresh: refresh === defaultRefresh ? undefined : refresh,
  };
}

/** The range that a drag over a chart chose, at least ten seconds wide. */
export function zoomed(view: View, fromS: number, toS: number): View {
  const spanMs = Math.max(10_000, Math.round(toS - fromS) * 1000);
  return { ...view, spanMs, endMs: Math.round(toS) * 1000 };
}
