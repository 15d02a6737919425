import type { App } from '../app.ts';
import { badRequest } from './api-error.ts';
import { one, type Query } from './query.ts';

/** Newest first: `?limit=100&before=<id>&kind=transition|notification&alertname=`. */
export function getHistory(app: App, query: Query) {
  const kind = one(query, 'kind');
  if (kind !== undefined && kind !== 'transition' && kind !== 'notification')
    throw badRequest(`cannot read history: kind is transition or notification, not "${kind}"`);
  const data = app.history.read({
    limit: wholeNumber(query, 'limit', 1, 1000) ?? 100,
    before: wholeNumber(query, 'before', 0, Number.MAX_SAFE_INTEGER),
    kind,
    alertname: one(query, 'alertname') || undefined,
  });
  return { status: 'success', data };
}

function wholeNumber(query: Query, name: string, least: number, most: number): number | undefined {
  const text = one(query, name);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw badRequest(
      `cannot read history: ${name} is a whole number from ${least} to ${most}, not "${text}"`,
    );
  return value;
}
