import type { Budget } from './budget.ts';
import type { Aggregate, Partial } from './operators/aggregate.ts';
import type { Assembly } from './operators/assemble.ts';
import { CutScan, type Pieces } from './operators/pieces.ts';
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

  /** Takes pieces until there are none, or until something calls away. Returns those taken. */
  work(pieces: Pieces, calledAway: () => boolean): Set<number> {
    const taken = new Set<number>();
    while (!calledAway()) {
      const piece = pieces.take();
      if (piece === undefined) break;
      this.fold(piece);
      taken.add(piece);
    }
    return taken;
  }

  fold(piece: number): void {
    for (const scan of this.#scans) scan.fold(piece, this.#budget);
  }

  partials(): Partial[] {
    return this.#aggregates.map((aggregate) => aggregate.partial());
  }

  get isFlat(): boolean {
    return this.#aggregates.every(({ isFlat }) => isFlat);
  }

  merge(partials: readonly Partial[]): void {
    for (const [i, partial] of partials.entries()) this.#aggregates[i]!.merge(partial);
  }

  end(): void {
    for (const aggregate of this.#aggregates) aggregate.end();
  }
}
