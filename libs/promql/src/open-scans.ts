import { Scan } from './operators/scan.ts';
import type { ScanPlan } from './plan/plan.ts';
import type { Queryable, SeriesSet } from './queryable.ts';

/** Opened selectors; whoever has them closes them. */
export interface OpenScans {
  readonly scans: ReadonlyMap<ScanPlan, Scan>;
  close(): void;
}

/** Opens selectors, all in one view of the storage: the only time that a query waits for storage. */
export async function openScans(plans: readonly ScanPlan[], storage: Queryable): Promise<OpenScans> {
  if (plans.length === 0) return { scans: new Map(), close() {} };
  const mint = plans.reduce((least, scan) => Math.min(least, scan.mint), Infinity);
  const maxt = plans.reduce((most, scan) => Math.max(most, scan.maxt), -Infinity);
  const querier = storage.querier(mint, maxt);
  try {
    const opening = plans.map((plan) => querier.select(plan.matchers, plan));
    // A storage that answers at once costs no turn of the event loop.
    const sets = opening.some((set) => set instanceof Promise)
      ? await Promise.all(opening)
      : (opening as SeriesSet[]);
    const scans = new Map(plans.map((plan, i) => [plan, new Scan(sets[i]!, plan)]));
    return { scans, close: () => querier.close() };
  } catch (error) {
    querier.close();
    throw error;
  }
}
