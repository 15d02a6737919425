import { compileRegexp, type Labels, labelValue, metricName, withLabel } from '@paddlewatch/model';
import type { RelabelPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { expandTemplate, groupNames } from './expand.ts';
import { BuiltLabels, isLabelName, SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** label_replace and label_join: the same values under rewritten labels. */
export class Relabel extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;

  constructor(plan: RelabelPlan, vector: VectorOperator) {
    const rewrite = plan.func === 'label_replace' ? replaceLabel(plan.strings) : joinLabels(plan.strings);
    const sets = Array.from({ length: vector.length }, (_, i) => rewrite(vector.labels(i)));
    // Whoever writes a new metric name wants to keep it.
    const named = plan.strings[0] === metricName;
    super(
      new BuiltLabels(sets, false, (i) => vector.losesName(i) && !(named && sets[i] !== vector.labels(i))),
    );
    this.#vector = vector;
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
  }
}

function replaceLabel(strings: readonly string[]): (labels: Labels) => Labels {
  const [destination, replacement, source, pattern] = strings as [string, string, string, string];
  let regexp: ReturnType<typeof compileRegexp>;
  try {
    regexp = compileRegexp(pattern);
  } catch {
    throw new QueryError(`invalid regular expression in label_replace(): ${pattern}`);
  }
  if (!isLabelName(destination))
    throw new QueryError(`invalid destination label name in label_replace(): ${destination}`);
  const names = groupNames(pattern);
  const known = new Map<string, string | undefined>();
  return (labels) => {
    const value = labelValue(labels, source);
    if (!known.has(value)) {
      const groups = regexp.exec(value);
      known.set(value, groups && expandTemplate(replacement, groups, names));
    }
    const written = known.get(value);
    return written === undefined ? labels : withLabel(labels, destination, written);
  };
}

function joinLabels(strings: readonly string[]): (labels: Labels) => Labels {
  const [destination, separator, ...sources] = strings as [string, string, ...string[]];
  for (const source of sources)
    if (!isLabelName(source)) throw new QueryError(`invalid source label name in label_join(): ${source}`);
  if (!isLabelName(destination))
    throw new QueryError(`invalid destination label name in label_join(): ${destination}`);
  return (labels) =>
    withLabel(labels, destination, sources.map((name) => labelValue(labels, name)).join(separator));
}
