import { alertmanager } from './request.ts';

export interface SilenceMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface NewSilence {
  matchers: SilenceMatcher[];
  /** RFC 3339. */
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

export interface Silence extends NewSilence {
  id: string;
  updatedAt: string;
  status: { state: 'pending' | 'active' | 'expired' };
}

export function silences(signal: AbortSignal): Promise<Silence[]> {
  return alertmanager('silences', { signal });
}

export function createSilence(silence: NewSilence, signal: AbortSignal): Promise<{ silenceID: string }> {
  const headers = { 'Content-Type': 'application/json' };
  return alertmanager('silences', { method: 'POST', body: JSON.stringify(silence), headers, signal });
}

export function expireSilence(id: string, signal: AbortSignal): Promise<void> {
  return alertmanager(`silence/${encodeURIComponent(id)}`, { method: 'DELETE', signal });
}
