import type { Budget } from './budget.ts';
import type { Aggregate, Subtotal } from './operators/aggregate.ts';
import type { Assembly } from './operators/assemble.ts';
import { type Batch, CutScan, type Pieces, pieceCount } from './operators/pieces.ts';
import type { Scan } from './operators/scan.ts';
import type { Part } from './piecework.ts';
import type { ScanPlan } from './plan/plan.ts';

/** The aggregations of a piecework, ready to be fed. */
export class Workbench {
  readonly #aggregates: readonly Aggregate[];
  readonly #scans: readonly CutScan[];
  readonly #budget: Budget;

  constructor(
    parts: readonly Part[],
    scans: ReadonlyMap<ScanPlan, Scan>,
    assembly: Assembly,
    budget: Budget,
  ) {
    const all: Aggregate[] = [];
    this.#scans = parts.map(({ scan: plan, label, aggregations }) => {
      const scan = scans.get(plan)!;
      const aggregates = aggregations.map((aggregation) => assembly.aggregate(aggregation));
      // They no longer wait for others to take them along.
      for (const aggregate of aggregates) scan.waiting.delete(aggregate);
      all.push(...aggregates);
      return new CutScan(scan, label, aggregates);
    });
    this.#aggregates = all;
    this.#budget = budget;
    for (const aggregate of all) aggregate.begin();
  }

  /** Takes pieces until there are none, or until something calls away. Returns what it took. */
  work(pieces: Pieces, calledAway: () => boolean): Batch[] {
    const taken: Batch[] = [];
    while (!calledAway()) {
      const batch = pieces.take();
      if (!batch) break;
      this.#fold(batch);
      taken.push(batch);
    }
    return taken;
  }

  /** Does what is not among the batches. */
  complete(done: readonly Batch[]): void {
    let from = 0;
    for (const batch of [...done, { from: pieceCount, to: pieceCount }]) {
      if (batch.from > from) this.#fold({ from, to: batch.from });
      from = batch.to;
    }
  }

  #fold(batch: Batch): void {
    for (const scan of this.#scans) scan.fold(batch, this.#budget);
  }

  subtotals(): Subtotal[] {
    return this.#aggregates.map((aggregate) => aggregate.subtotal());
  }

  get isFlat(): boolean {
    return this.#aggregates.every(({ isFlat }) => isFlat);
  }

  merge(subtotals: readonly Subtotal[]): void {
    for (const [i, subtotal] of subtotals.entries()) this.#aggregates[i]!.merge(subtotal);
  }

  end(): void {
    for (const aggregate of this.#aggregates) aggregate.end();
  }
}
