import { type Labels, quoteString } from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import type { VectorVectorPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import type { VectorOperator } from './operator.ts';
import { filled, groupLabels, type Pairing } from './pairing.ts';
import { Row } from './row.ts';

/**
 * Faults that labels alone cannot tell: two partners present at the same step.
 * @throws QueryError with the first one.
 */
export function checkPairing(plan: VectorVectorPlan, pairing: Pairing, budget: Budget): void {
  const { manys, ones } = pairing;
  for (let group = 0; group < ones.length; group++) {
    if (ones[group]!.length > 1) checkOneSide(plan, pairing, group, budget);
    const several = manys[group]!.length > 1 && (ones[group]!.length > 0 || pairing.fillOne !== undefined);
    if (several && plan.matching.card === 'one-to-one') checkOneToOne(plan, pairing, group, budget);
  }
  if (plan.matching.card !== 'one-to-one') checkResults(plan, pairing, budget);
}

function checkOneSide(
  plan: VectorVectorPlan,
  { one, many, manyLeft, ones, fillMany, fillOne }: Pairing,
  group: number,
  budget: Budget,
): void {
  const { count } = plan.grid;
  // Where the other side is empty nothing is matched, unless gaps are filled.
  const fills = fillMany !== undefined || fillOne !== undefined;
  const everyone = Array.from({ length: many.length }, (_, i) => i);
  const matters = fills ? always : presence(many, everyone, count, budget);
  const clash = firstClash(one, ones[group]!, matters, count, budget);
  if (!clash) return;
  const match = braced(groupLabels(plan, one.labels(clash[0])));
  const pair = clash.map((i) => braced(one.labels(i))).sort();
  const side = manyLeft ? 'right' : 'left';
  throw new QueryError(
    `found duplicate series for the match group ${match} on the ${side} hand-side of the operation: [${pair.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

function checkOneToOne(plan: VectorVectorPlan, pairing: Pairing, group: number, budget: Budget): void {
  const { count } = plan.grid;
  const matters = hasPartner(pairing, group, count, budget);
  if (firstClash(pairing.many, pairing.manys[group]!, matters, count, budget))
    throw new QueryError(
      'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    );
}

/** With group_left and group_right, labels taken over may make results the same. */
function checkResults(plan: VectorVectorPlan, pairing: Pairing, budget: Budget): void {
  const { count } = plan.grid;
  for (const pairs of pairing.outputs) {
    const series = [...new Set(pairs.map((pair) => pair.many))].filter((many) => many !== filled);
    if (series.length < 2) continue;
    const matters = hasPartner(pairing, pairs[0]!.group, count, budget);
    if (firstClash(pairing.many, series, matters, count, budget))
      throw new QueryError('multiple matches for labels: grouping labels must ensure unique matches');
  }
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

/** Two of the series that have something at the same step, where that matters. */
function firstClash(
  vector: VectorOperator,
  series: readonly number[],
  matters: Matters,
  steps: number,
  budget: Budget,
): [number, number] | undefined {
  const row = new Row(steps);
  const holder = new Int32Array(steps).fill(-1);
  for (const [n, i] of series.entries()) {
    if (n % checkEvery === 0) budget.check();
    vector.read(i, row);
    for (let k = 0; k < steps; k++) {
      if (row.has[k] === 0) continue;
      if (holder[k]! >= 0 && matters(k)) return [holder[k]!, i];
      holder[k] = i;
    }
  }
  return undefined;
}

/** Label sets as errors show them: always braced, the metric name as a label. */
function braced(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(`${labels[i]}=${quoteString(labels[i + 1]!)}`);
  return `{${parts.join(', ')}}`;
}
