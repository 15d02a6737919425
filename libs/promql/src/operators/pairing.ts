import { type Labels, labelsKey, labelValue, onlyLabels, withLabel, withoutLabels } from '@paddlewatch/model';
import type { VectorVectorPlan } from '../plan/plan.ts';
import { keepsName } from './arithmetic.ts';
import { metadataLabels, type NameRemoval } from './labelled.ts';
import { matchSeries, seriesByGroup } from './matching.ts';
import type { VectorOperator } from './operator.ts';

/** Stands for a partner that is missing and is filled in. */
export const filled = -1;

/** A series of the many side with its partner on the one side; either may be `filled`. */
export interface Pair {
  readonly many: number;
  readonly one: number;
  readonly group: number;
}

/** Two vectors matched: which series work together, and what comes out. Made from labels alone. */
export interface Pairing {
  readonly many: VectorOperator;
  readonly one: VectorOperator;
  /** The many side stands on the left. One-to-one counts as many-to-one. */
  readonly manyLeft: boolean;
  /** Series of each group. */
  readonly manys: readonly (readonly number[])[];
  readonly ones: readonly (readonly number[])[];
  /** What stands in for a missing partner on either side. */
  readonly fillMany: number | undefined;
  readonly fillOne: number | undefined;
  readonly sets: readonly Labels[];
  /** The pairs whose results bear each label set: at any step at most one of them has a result. */
  readonly outputs: readonly (readonly Pair[])[];
}

export function pairUp(
  plan: VectorVectorPlan,
  lhs: VectorOperator,
  rhs: VectorOperator,
  removal: NameRemoval,
): Pairing {
  const { matching } = plan;
  const manyLeft = matching.card !== 'one-to-many';
  const match = matchSeries(lhs, rhs, matching);
  const lefts = seriesByGroup(match.left, match.groups);
  const rights = seriesByGroup(match.right, match.groups);
  const sides = manyLeft
    ? { many: lhs, one: rhs, manyLeft, manys: lefts, ones: rights }
    : { many: rhs, one: lhs, manyLeft, manys: rights, ones: lefts };
  // Prometheus swaps the sides of group_right before it fills: its fill_left always fills the many side.
  const fills = { fillMany: matching.fillLeft, fillOne: matching.fillRight };
  const sets: Labels[] = [];
  const outputs: Pair[][] = [];
  const places = new Map<string, number>();
  eachPair({ ...sides, ...fills }, labelsOfPair(plan, sides, removal), (pair, labels) => {
    const key = labelsKey(labels);
    const place = places.get(key) ?? sets.push(labels) - 1;
    places.set(key, place);
    outputs[place] ??= [];
    outputs[place].push(pair);
  });
  return { ...sides, ...fills, sets, outputs };
}

function eachPair(
  { manys, ones, fillMany, fillOne }: Pick<Pairing, 'manys' | 'ones' | 'fillMany' | 'fillOne'>,
  labelsOf: (pair: Pair) => Labels,
  visit: (pair: Pair, labels: Labels) => void,
): void {
  for (let group = 0; group < manys.length; group++) {
    const pairs: Pair[] = [];
    for (const many of manys[group]!) {
      for (const one of ones[group]!) pairs.push({ many, one, group });
      if (fillOne !== undefined) pairs.push({ many, one: filled, group });
    }
    if (fillMany !== undefined) for (const one of ones[group]!) pairs.push({ many: filled, one, group });
    for (const pair of pairs) visit(pair, labelsOf(pair));
  }
}

function labelsOfPair(
  plan: VectorVectorPlan,
  { many, one }: Pick<Pairing, 'many' | 'one'>,
  removal: NameRemoval,
): (pair: Pair) => Labels {
  const { op, bool, matching } = plan;
  const names = new Set(matching.labels);
  const dropName = !keepsName(op) || (bool && removal === 'now');
  return (pair) => {
    const base = pair.many === filled ? groupLabels(plan, one.labels(pair.one)) : many.labels(pair.many);
    let labels = dropName ? withoutLabels(base, metadataLabels) : base;
    if (matching.card === 'one-to-one')
      return matching.on ? onlyLabels(labels, names) : withoutLabels(labels, names);
    // A partner that is filled in has the labels by which it matches.
    const partner = pair.one === filled ? groupLabels(plan, base) : one.labels(pair.one);
    for (const name of matching.include) {
      const value = labelValue(partner, name);
      labels = withLabel(labels, name, value);
    }
    return labels;
  };
}

/** The labels by which a series matches. */
export function groupLabels({ matching }: VectorVectorPlan, labels: Labels): Labels {
  return matching.on
    ? onlyLabels(labels, new Set(matching.labels))
    : withoutLabels(labels, new Set([...matching.labels, ...metadataLabels]));
}
