import type { Labels } from './frame.ts';
import { ask } from './request.ts';

export interface Target {
  labels: Labels;
  discoveredLabels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  lastError: string;
  /** RFC 3339; year 1 when it was never scraped. */
  lastScrape: string;
  /** Seconds. */
  lastScrapeDuration: number;
  health: 'up' | 'down' | 'unknown';
  /** Prometheus durations, such as `15s`. */
  scrapeInterval: string;
  scrapeTimeout: string;
}

export async function targets(signal: AbortSignal): Promise<Target[]> {
  const data = await ask<{ activeTargets: Target[] }>('v1/targets', { state: 'active' }, signal);
  return data.activeTargets;
}
