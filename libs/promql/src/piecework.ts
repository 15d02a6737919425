import { Annotations, type Remarks } from './annotations.ts';
import { Budget, type Share, type Use } from './budget.ts';
import { openScans } from './open-scans.ts';
import type { Subtotal } from './operators/aggregate.ts';
import { Assembly } from './operators/assemble.ts';
import { Pieces, pieceCount } from './operators/pieces.ts';
import type { Scan } from './operators/scan.ts';
import type { Sharing } from './passes/share-subtrees.ts';
import type { AggregatePlan, ScanPlan } from './plan/plan.ts';
import { QueryError } from './query-error.ts';
import type { Queryable } from './queryable.ts';
import { Workbench } from './workbench.ts';
import { worthwhile } from './worthwhile.ts';

/**
 * Aggregations of one query that two threads compute together: both open the selectors, each takes piece after piece
 * from the board, and what the partner came to is merged into what the query's own thread has. Plain data, but for
 * the board, which lies in shared memory.
 */
export interface Piecework {
  /** The query, which remarks point into. */
  readonly text: string;
  readonly parts: readonly Part[];
  readonly board: Int32Array<SharedArrayBuffer>;
  /** Most pieces that are taken at once. */
  readonly batch: number;
  readonly share: Share;
}

/** All aggregations over one scan, and the label by whose values its series are cut into pieces. */
export interface Part {
  readonly scan: ScanPlan;
  readonly label: string;
  readonly aggregations: readonly AggregatePlan[];
}

/** What a partner computed: for each aggregation of each part what it came to. */
export interface Contribution {
  readonly subtotals: readonly Subtotal[];
  readonly remarks: Remarks;
  readonly used: Use;
}

/**
 * Hands work to somebody else who has nothing to do; undefined where there is nobody. A QueryError that he reports
 * is the query's; where anything else goes wrong the query's own thread does his pieces.
 */
export type Partner = (work: Piecework) => Promise<Contribution> | undefined;

/** What surrounds the query in its own thread. */
export interface Desk {
  readonly text: string;
  readonly scans: ReadonlyMap<ScanPlan, Scan>;
  readonly assembly: Assembly;
  readonly budget: Budget;
  readonly annotations: Annotations;
}

/** Computes the aggregations that are worth it together with a partner; without one it leaves all as it is. */
export async function foldWithPartner(
  divisible: ReadonlyMap<ScanPlan, readonly AggregatePlan[]>,
  { text, scans, assembly, budget, annotations }: Desk,
  partner: Partner,
): Promise<void> {
  const { parts, batch } = worthwhile(divisible, scans);
  if (parts.length === 0) return;
  const pieces = new Pieces(batch);
  const theirs = partner({ text, parts, board: pieces.board, batch, share: budget.share });
  if (!theirs) return;
  // Who fails while this thread computes is heard below.
  theirs.catch(() => undefined);
  const workbench = new Workbench(parts, scans, assembly, budget);
  try {
    const mine = workbench.work(pieces, () => false);
    const all = mine.reduce((sum, { from, to }) => sum + to - from, 0) === pieceCount;
    const contribution = all ? nothing : await unlessBroken(theirs);
    if (contribution) {
      workbench.merge(contribution.subtotals);
      annotations.repeat(contribution.remarks);
      budget.add(contribution.used);
    } else workbench.complete(mine);
  } finally {
    pieces.close();
  }
  workbench.end();
}

const nothing: Contribution = {
  subtotals: [],
  remarks: { warnings: [], infos: [] },
  used: { queryable: 0, widest: 0 },
};

/**
 * Takes part in the work of another thread until no piece is left, or until `leave` says that there is something
 * more urgent. @throws QueryError where the query has to fail.
 */
export async function assist(
  work: Piecework,
  storage: Queryable,
  limits: { readonly now: () => number; readonly signal?: { readonly aborted: boolean } },
  leave: () => boolean,
): Promise<Contribution> {
  const { maxSamples, timeout } = work.share;
  const { now, signal } = limits;
  const budget = new Budget({ maxSamples, deadline: now() + timeout, now, signal });
  const annotations = new Annotations(work.text);
  const pieces = new Pieces(work.batch, work.board);
  if (pieces.left === 0 || leave()) return nothing;
  const plans = work.parts.map(({ scan }) => scan);
  const { scans, close } = await openScans(plans, storage);
  try {
    const assembly = new Assembly({ scans, nameRemoval: 'now', budget, annotations }, sharingOf(work.parts));
    const workbench = new Workbench(work.parts, scans, assembly, budget);
    workbench.work(pieces, () => leave() || !workbench.isFlat);
    // Sums of histograms stay with those who made them.
    if (!workbench.isFlat) throw new Error('cannot hand over the sums: there are histograms among them');
    return { subtotals: workbench.subtotals(), remarks: annotations.all, used: budget.used };
  } finally {
    close();
  }
}

/** As in the plan that the parts come from. */
function sharingOf(parts: readonly Part[]): Sharing {
  const vectors = parts.flatMap(({ aggregations }) => aggregations.map(({ vector }) => vector));
  return { kept: new Set(), inTurn: new Set(vectors.filter((vector, i) => vectors.indexOf(vector) < i)) };
}

/** What was promised, or nothing where it failed for reasons of its own. @throws QueryError */
async function unlessBroken<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof QueryError) throw error;
    return undefined;
  }
}
