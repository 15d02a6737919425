import { labelsFrom } from '@paddlewatch/model';
import type { Alert } from '../alerts/alert.ts';
import { fingerprint } from '../alerts/fingerprint.ts';
import { parseRfc3339 } from '../rfc3339.ts';

/** An alert from the JSON of a sender. @throws TypeError saying what is wrong with it. */
export function readAlert(json: unknown, now: number, resolveTimeout: number): Alert {
  if (!isRecord(json)) throw new TypeError('an alert must be an object');
  const labels = labelsFrom(textRecord(json['labels'], 'labels'));
  if (labels.length === 0) throw new TypeError('invalid label set: at least one label pair required');
  if (labels.includes('')) throw new TypeError('invalid label set: invalid name ""');
  const givenEnd = readTime(json['endsAt'], 'endsAt');
  const startsAt = readTime(json['startsAt'], 'startsAt') ?? Math.min(now, givenEnd ?? now);
  const endsAt = givenEnd ?? now + resolveTimeout;
  if (endsAt < startsAt) throw new TypeError('start time must be before end time');
  return {
    labels,
    fingerprint: fingerprint(labels),
    annotations: withoutEmpty(textRecord(json['annotations'] ?? {}, 'annotations')),
    generatorURL: typeof json['generatorURL'] === 'string' ? json['generatorURL'] : '',
    startsAt,
    endsAt,
    updatedAt: now,
    receivedAt: now,
    timeout: givenEnd === undefined,
  };
}

function readTime(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new TypeError(`${name} must be an RFC 3339 time`);
  const ms = parseRfc3339(value);
  if (ms === undefined && !value.startsWith('0001-01-01T'))
    throw new TypeError(`${name}: "${value}" is not an RFC 3339 time`);
  return ms;
}

function textRecord(value: unknown, name: string): Record<string, string> {
  if (!isRecord(value)) throw new TypeError(`${name} must be an object of strings`);
  for (const key in value)
    if (typeof value[key] !== 'string') throw new TypeError(`${name}.${key} must be a string`);
  return value as Record<string, string>;
}

function withoutEmpty(record: Record<string, string>): Record<string, string> {
  for (const name in record) if (record[name] === '') delete record[name];
  return record;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
