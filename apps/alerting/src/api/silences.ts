import type { Matcher } from '@paddlewatch/model';
import type { App } from '../app.ts';
import type { LabelMatcher } from '../matchers/label-matcher.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import { compareSilences, type Silence, silenceState } from '../silence/silence.ts';
import { SilenceError, SilenceNotFound, type SilenceRequest } from '../silence/silences.ts';
import { ApiError, badRequest } from './api-error.ts';
import { isRecord } from './postable-alert.ts';
import { flag, matcherList, type Query } from './query.ts';

export function getSilences(app: App, query: Query) {
  const now = app.clock.now();
  const filter = matcherList(query, 'filter');
  const shown = {
    active: flag(query, 'active', true),
    pending: flag(query, 'pending', true),
    expired: flag(query, 'expired', true),
  };
  return app.silences
    .values()
    .filter((silence) => shown[silenceState(silence, now)] && fitsFilter(silence, filter))
    .sort((a, b) => compareSilences(a, b, now))
    .map((silence) => gettableSilence(silence, now));
}

export function getSilence(app: App, id: string) {
  const silence = app.silences.get(id);
  return silence && gettableSilence(silence, app.clock.now());
}

/** @throws ApiError 400 or 404. */
export function postSilence(app: App, body: unknown): { silenceID: string } {
  const request = readSilence(body);
  try {
    return { silenceID: app.silences.set(request, app.clock.now()) };
  } catch (error) {
    if (error instanceof SilenceError) throw badRequest(error.message);
    if (error instanceof SilenceNotFound) throw new ApiError(404, error.message);
    throw error;
  }
}

/** Whether there is such a silence; it is expired afterwards. */
export function deleteSilence(app: App, id: string): boolean {
  if (!app.silences.get(id)) return false;
  app.silences.expire(id, app.clock.now());
  return true;
}

/** A silence is found by the matchers that it has, not by the labels that it would fit. */
function fitsFilter({ matchers }: Silence, filter: readonly LabelMatcher[]): boolean {
  return filter.every((wanted) =>
    matchers.some(({ name, value }) => name === wanted.name && wanted.test(value)),
  );
}

function gettableSilence(silence: Silence, now: number) {
  return {
    id: silence.id,
    status: { state: silenceState(silence, now) },
    updatedAt: new Date(silence.updatedAt).toISOString(),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: new Date(silence.endsAt).toISOString(),
    matchers: silence.matchers.map(({ name, type, value }) => ({
      isEqual: type === '=' || type === '=~',
      isRegex: type === '=~' || type === '!~',
      name,
      value,
    })),
    startsAt: new Date(silence.startsAt).toISOString(),
    annotations: silence.annotations,
  };
}

function readSilence(body: unknown): SilenceRequest {
  if (!isRecord(body)) throw badRequest('cannot read silence: the body must be a JSON object');
  const { id, matchers, createdBy, comment, annotations } = body;
  if (!Array.isArray(matchers)) throw badRequest('cannot read silence: matchers must be a list');
  return {
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    matchers: matchers.map(readMatcher),
    startsAt: time(body, 'startsAt'),
    endsAt: time(body, 'endsAt'),
    createdBy: typeof createdBy === 'string' ? createdBy : '',
    comment: typeof comment === 'string' ? comment : '',
    annotations: isRecord(annotations) ? (annotations as Record<string, string>) : {},
  };
}

function time(body: Record<string, unknown>, name: string): number {
  const ms = typeof body[name] === 'string' ? parseRfc3339(body[name]) : undefined;
  if (ms === undefined) throw badRequest(`cannot read silence: ${name} must be an RFC 3339 time`);
  return ms;
}

function readMatcher(json: unknown): Matcher {
  if (
    !isRecord(json) ||
    typeof json['name'] !== 'string' ||
    json['name'] === '' ||
    typeof json['value'] !== 'string'
  )
    throw badRequest('cannot read silence: a matcher needs a name and a value');
  const equal = json['isEqual'] !== false;
  const type = json['isRegex'] === true ? (equal ? '=~' : '!~') : equal ? '=' : '!=';
  return { name: json['name'], type, value: json['value'] };
}
