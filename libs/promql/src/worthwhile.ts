import { evenness, pieceCount } from './operators/pieces.ts';
import type { Scan } from './operators/scan.ts';
import type { Part } from './piecework.ts';
import type { AggregatePlan, ScanPlan } from './plan/plan.ts';

/** What targets are usually asked at; only an estimate rests on it. Milliseconds. */
const usualInterval = 15_000;
/** A sample or a step costs about 10 ns, a series as much as these many besides (finding and starting its chunks). */
const seriesCost = 200;
/** About 3 ms. A partner costs his thread's waking and opens the selectors once more, which takes half of that. */
const leastWork = 300_000;

/**
 * About 200 ms: a job that is sent to a partner waits until he has done what he took. But he who takes fewer pieces at
 * once reads more of the files for them; eight, an eighth of the work, read little that others read as well.
 */
const longestBatch = 20_000_000;
const largestBatch = 8;

/** The parts of a query that are worth a partner, if there are any, and how many pieces to take at once. */
export function worthwhile(
  divisible: ReadonlyMap<ScanPlan, readonly AggregatePlan[]>,
  scans: ReadonlyMap<ScanPlan, Scan>,
): { parts: Part[]; batch: number } {
  const work = workOf(divisible, scans);
  if (work < leastWork) return { parts: [], batch: 0 };
  const parts = [...divisible].flatMap(([scan, aggregations]) => {
    const label = cuttingLabel(scans.get(scan)!, aggregations);
    return label === undefined ? [] : { scan, label, aggregations };
  });
  const fitting = Math.floor((longestBatch * pieceCount) / work);
  return { parts, batch: Math.max(1, Math.min(fitting, largestBatch)) };
}

/** An estimate in units of 10 ns. */
function workOf(
  divisible: ReadonlyMap<ScanPlan, readonly AggregatePlan[]>,
  scans: ReadonlyMap<ScanPlan, Scan>,
): number {
  let work = 0;
  for (const [plan, aggregations] of divisible) {
    const samples = (plan.maxt - plan.mint) / usualInterval;
    const steps = aggregations.reduce((sum, { grid }) => sum + grid.count, 0);
    work += scans.get(plan)!.length * (seriesCost + samples + steps);
  }
  return work;
}

/** As good as it gets: with fewer pieces the last one may be waited for long. */
const evenEnough = pieceCount / 4;

/** The label that cuts a scan most evenly: the target, or one of those that the query groups by anyway. */
function cuttingLabel(scan: Scan, aggregations: readonly AggregatePlan[]): string | undefined {
  let [best, most] = [undefined as string | undefined, 1];
  for (const label of [
    'instance',
    ...aggregations.flatMap(({ without, grouping }) => (without ? [] : grouping)),
  ]) {
    const even = evenness(scan.column(label));
    if (even > most) [best, most] = [label, even];
    if (most >= evenEnough) break;
  }
  return best;
}
