import type { MixedFunction } from '../histogram/table.ts';
import { startedIncrease, startedIrate, startedRate, startedResets } from './rate.ts';

/** Counter functions over samples that say when their counter began. */
export const startedFunctions: ReadonlyMap<string, MixedFunction> = new Map(
  Object.entries({
    rate: startedRate,
    increase: startedIncrease,
    irate: startedIrate,
    resets: startedResets,
  }).map(([name, apply]) => [name, { takes: 'together', apply }] as const),
);
