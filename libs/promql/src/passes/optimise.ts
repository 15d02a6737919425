import type { Plan } from '../plan/plan.ts';
import { joinUnions } from './join-unions.ts';
import { pin } from './pin.ts';
import { readInTurn } from './read-in-turn.ts';
import { shareSelectors } from './share-selectors.ts';
import { type Sharing, shareSubtrees } from './share-subtrees.ts';

/** All passes, in their order: sharing comes last, because it looks for equal nodes. */
export function optimise(planned: Plan): { plan: Plan; sharing: Sharing } {
  const { plan, shared } = shareSubtrees(shareSelectors(joinUnions(pin(planned))));
  const inTurn = readInTurn(plan, shared);
  return { plan, sharing: { kept: shared.difference(inTurn), inTurn } };
}
