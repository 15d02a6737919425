import type { Plan } from '../plan/plan.ts';
import { joinUnions } from './join-unions.ts';
import { pin } from './pin.ts';
import { readInTurn } from './read-in-turn.ts';
import { selectorsOf, shareSelectors } from './share-selectors.ts';
import { type Sharing, shareSubtrees } from './share-subtrees.ts';

const nothingShared: Sharing = { kept: new Set(), inTurn: new Set() };

/** All passes, in their order: sharing comes last, because it looks for equal nodes. */
export function optimise(planned: Plan): { plan: Plan; sharing: Sharing } {
  const joined = joinUnions(pin(planned));
  // One selector alone has nothing to share, and most queries of a person have no more.
  if (selectorsOf(joined).length < 2) return { plan: joined, sharing: nothingShared };
  const { plan, shared } = shareSubtrees(shareSelectors(joined));
  const inTurn = readInTurn(plan, shared);
  return { plan, sharing: { kept: shared.difference(inTurn), inTurn } };
}
