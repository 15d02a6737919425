import { type Budget, checkEvery } from '../budget.ts';
import type { VectorVectorPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { braced } from './braced.ts';
import type { VectorOperator } from './operator.ts';
import { filled, groupLabels, type Pair, type Pairing } from './pairing.ts';
import { Row } from './row.ts';

/** A step at which two series claim the same partner, and what is to be said of it. */
interface Fault {
  readonly step: number;
  readonly text: string;
}

/**
 * Faults that labels alone cannot tell: two partners present at the same step.
 * @throws QueryError with that of the earliest step, of the one side before all others.
 */
export function checkPairing(plan: VectorVectorPlan, pairing: Pairing, budget: Budget): void {
  const { manys, ones } = pairing;
  let first: Fault | undefined;
  const note = (fault: Fault | undefined) => {
    if (fault && (!first || fault.step < first.step)) first = fault;
  };
  for (let group = 0; group < ones.length; group++)
    if (ones[group]!.length > 1) note(oneSideFault(plan, pairing, group, budget));
  for (let group = 0; group < ones.length; group++) {
    const several = manys[group]!.length > 1 && (ones[group]!.length > 0 || pairing.fillOne !== undefined);
    if (several && plan.matching.card === 'one-to-one') note(oneToOneFault(plan, pairing, group, budget));
  }
  if (plan.matching.card !== 'one-to-one')
    for (const pairs of pairing.outputs) note(resultFault(plan, pairing, pairs, budget));
  if (first) throw new QueryError(first.text);
}

function oneSideFault(
  plan: VectorVectorPlan,
  { one, many, manyLeft, ones, fillMany, fillOne }: Pairing,
  group: number,
  budget: Budget,
): Fault | undefined {
  const { count } = plan.grid;
  // Where the other side is empty nothing is matched, unless gaps are filled.
  const fills = fillMany !== undefined || fillOne !== undefined;
  const everyone = Array.from({ length: many.length }, (_, i) => i);
  const matters = fills ? always : presence(many, everyone, count, budget);
  const clash = firstClash(one, ones[group]!, matters, count, budget);
  if (!clash) return undefined;
  const match = braced(groupLabels(plan, one.labels(clash.pair[0])));
  const pair = clash.pair.map((i) => braced(one.labels(i))).sort();
  const side = manyLeft ? 'right' : 'left';
  return {
    step: clash.step,
    text: `found duplicate series for the match group ${match} on the ${side} hand-side of the operation: [${pair.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
  };
}

function oneToOneFault(
  plan: VectorVectorPlan,
  pairing: Pairing,
  group: number,
  budget: Budget,
): Fault | undefined {
  const { count } = plan.grid;
  const matters = hasPartner(pairing, group, count, budget);
  const clash = firstClash(pairing.many, pairing.manys[group]!, matters, count, budget);
  const text = 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
  return clash && { step: clash.step, text };
}

/** With group_left and group_right, labels taken over may make results the same. */
function resultFault(
  plan: VectorVectorPlan,
  pairing: Pairing,
  pairs: readonly Pair[],
  budget: Budget,
): Fault | undefined {
  const { count } = plan.grid;
  const series = [...new Set(pairs.map((pair) => pair.many))].filter((many) => many !== filled);
  if (series.length < 2) return undefined;
  const matters = hasPartner(pairing, pairs[0]!.group, count, budget);
  const clash = firstClash(pairing.many, series, matters, count, budget);
  const text = 'multiple matches for labels: grouping labels must ensure unique matches';
  return clash && { step: clash.step, text };
}

/** Says of a step whether what stands there counts. */
type Matters = (step: number) => boolean;

const always: Matters = () => true;

function hasPartner({ one, ones, fillOne }: Pairing, group: number, steps: number, budget: Budget): Matters {
  return fillOne !== undefined ? always : presence(one, ones[group]!, steps, budget);
}

/** Whether any of the series is there at a step; looks when it is first asked. */
function presence(vector: VectorOperator, series: readonly number[], steps: number, budget: Budget): Matters {
  let there: Uint8Array | undefined;
  const look = () => {
    const found = new Uint8Array(steps);
    const row = new Row(steps);
    for (const [n, i] of series.entries()) {
      if (n % checkEvery === 0) budget.check();
      vector.read(i, row);
      for (let k = 0; k < steps; k++) found[k]! |= row.has[k]!;
    }
    return found;
  };
  return (step) => {
    there ??= look();
    return there[step] === 1;
  };
}

interface Clash {
  readonly step: number;
  readonly pair: readonly [number, number];
}

/** The earliest step, where that matters, at which two of the series have something. */
function firstClash(
  vector: VectorOperator,
  series: readonly number[],
  matters: Matters,
  steps: number,
  budget: Budget,
): Clash | undefined {
  const row = new Row(steps);
  const holder = new Int32Array(steps).fill(-1);
  let first: Clash | undefined;
  for (const [n, i] of series.entries()) {
    if (n % checkEvery === 0) budget.check();
    vector.read(i, row);
    for (let k = 0; k < (first?.step ?? steps); k++) {
      if (row.has[k] === 0) continue;
      if (holder[k]! >= 0 && matters(k)) first = { step: k, pair: [holder[k]!, i] };
      holder[k] = i;
    }
  }
  return first;
}
