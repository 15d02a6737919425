import type { Plan, VectorPlan } from '../plan/plan.ts';
import { joinUnions } from './join-unions.ts';
import { pin } from './pin.ts';
import { shareSelectors } from './share-selectors.ts';
import { shareSubtrees } from './share-subtrees.ts';

/** All passes, in their order: sharing comes last, because it looks for equal nodes. */
export function optimise(plan: Plan): { plan: Plan; shared: ReadonlySet<VectorPlan> } {
  return shareSubtrees(shareSelectors(joinUnions(pin(plan))));
}
