import { type Labels, quoteString } from '@paddlewatch/model';
import type { VectorVectorPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import type { VectorOperator } from './operator.ts';
import { filled, groupLabels, type Pairing } from './pairing.ts';
import { Row } from './row.ts';

/**
 * Faults that labels alone cannot tell: two partners present at the same step.
 * @throws QueryError with the first one.
 */
export function checkPairing(plan: VectorVectorPlan, pairing: Pairing): void {
  const { manys, ones } = pairing;
  for (let group = 0; group < ones.length; group++) {
    if (ones[group]!.length > 1) checkOneSide(plan, pairing, group);
    const several = manys[group]!.length > 1 && (ones[group]!.length > 0 || pairing.fillOne !== undefined);
    if (several && plan.matching.card === 'one-to-one') checkOneToOne(plan, pairing, group);
  }
  if (plan.matching.card !== 'one-to-one') checkResults(plan, pairing);
}

function checkOneSide(
  plan: VectorVectorPlan,
  { one, many, manyLeft, ones, fillMany, fillOne }: Pairing,
  group: number,
): void {
  const { count } = plan.grid;
  // Where the other side is empty nothing is matched, unless gaps are filled.
  const fills = fillMany !== undefined || fillOne !== undefined;
  const clash = firstClash(one, ones[group]!, count, (step) => fills || anyAt(many, step, count));
  if (!clash) return;
  const match = braced(groupLabels(plan, one.labels(clash[0])));
  const pair = clash.map((i) => braced(one.labels(i))).sort();
  const side = manyLeft ? 'right' : 'left';
  throw new QueryError(
    `found duplicate series for the match group ${match} on the ${side} hand-side of the operation: [${pair.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

function checkOneToOne(plan: VectorVectorPlan, pairing: Pairing, group: number): void {
  const matters = hasPartner(plan, pairing, group);
  if (firstClash(pairing.many, pairing.manys[group]!, plan.grid.count, matters))
    throw new QueryError(
      'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    );
}

/** With group_left and group_right, labels taken over may make results the same. */
function checkResults(plan: VectorVectorPlan, pairing: Pairing): void {
  for (const pairs of pairing.outputs) {
    const series = [...new Set(pairs.map((pair) => pair.many))].filter((many) => many !== filled);
    if (series.length < 2) continue;
    const matters = hasPartner(plan, pairing, pairs[0]!.group);
    if (firstClash(pairing.many, series, plan.grid.count, matters))
      throw new QueryError('multiple matches for labels: grouping labels must ensure unique matches');
  }
}

function hasPartner(
  plan: VectorVectorPlan,
  { one, ones, fillOne }: Pairing,
  group: number,
): (step: number) => boolean {
  const row = new Row(plan.grid.count);
  return (step) =>
    fillOne !== undefined ||
    ones[group]!.some((i) => {
      one.read(i, row);
      return row.has[step] === 1;
    });
}

/** Two of the series that have something at the same step, where that matters. */
function firstClash(
  vector: VectorOperator,
  series: readonly number[],
  steps: number,
  matters: (step: number) => boolean,
): [number, number] | undefined {
  const row = new Row(steps);
  const holder = new Int32Array(steps).fill(-1);
  for (const i of series) {
    vector.read(i, row);
    for (let k = 0; k < steps; k++) {
      if (row.has[k] === 0) continue;
      if (holder[k]! >= 0 && matters(k)) return [holder[k]!, i];
      holder[k] = i;
    }
  }
  return undefined;
}

function anyAt(vector: VectorOperator, step: number, steps: number): boolean {
  const row = new Row(steps);
  for (let i = 0; i < vector.length; i++) {
    vector.read(i, row);
    if (row.has[step] === 1) return true;
  }
  return false;
}

/** Label sets as errors show them: always braced, the metric name as a label. */
function braced(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(`${labels[i]}=${quoteString(labels[i + 1]!)}`);
  return `{${parts.join(', ')}}`;
}
