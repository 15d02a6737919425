import { invalidParameter } from './api-error.ts';
import type { Params } from './params.ts';
import type { ApiSurroundings } from './surroundings.ts';

/** The newest samples of the selected series, for the scrape of another server. */
export async function federate(
  params: Params,
  monitor: ApiSurroundings,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const selectors = params.selectors();
  if (selectors.length === 0) throw invalidParameter('match[]', 'name at least one series selector');
  const now = monitor.now();
  const job = {
    kind: 'federate',
    selectors,
    mint: now - monitor.lookback,
    maxt: now,
    limit: 0,
    externalLabels: monitor.externalLabels(),
  } as const;
  return monitor.run(job, { timeout: monitor.queryTimeout, signal });
}
