import { compileRegexp, type Labels, labelValue, metricName, withLabel } from '@paddlewatch/model';
import { type Budget, checkEvery } from '../budget.ts';
import type { RelabelPlan } from '../plan/plan.ts';
import { QueryError } from '../query-error.ts';
import { expandTemplate, groupNames } from './expand.ts';
import { BuiltLabels, isLabelName, SameLabels } from './labelled.ts';
import type { VectorOperator } from './operator.ts';
import type { Row } from './row.ts';

/** label_replace and label_join: the same values under rewritten labels. */
export class Relabel extends SameLabels implements VectorOperator {
  readonly #vector: VectorOperator;

  constructor(plan: RelabelPlan, vector: VectorOperator, budget: Budget) {
    const { func, strings } = plan;
    const destination = strings[0]!;
    const textFor = func === 'label_replace' ? replacement(strings, budget) : joinedText(strings, budget);
    const written = new Uint8Array(vector.length);
    const sets = Array.from({ length: vector.length }, (_, i) => {
      if (i % checkEvery === 0) budget.check();
      const labels = vector.labels(i);
      const text = textFor(labels);
      if (text === undefined) return labels;
      written[i] = 1;
      return withLabel(labels, destination, text);
    });
    // Whoever writes a new metric name wants to keep it.
    const names = destination === metricName;
    super(new BuiltLabels(sets, false, (i) => vector.losesName(i) && !(names && written[i] === 1)));
    this.#vector = vector;
  }

  read(series: number, row: Row): void {
    this.#vector.read(series, row);
  }
}

/** What is to be written for some labels; undefined where they stay as they are. */
type TextFor = (labels: Labels) => string | undefined;

function replacement(strings: readonly string[], budget: Budget): TextFor {
  const [destination, template, source, pattern] = strings as [string, string, string, string];
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
      known.set(value, groups && bounded(expandTemplate(template, groups, names, longestLabel), budget));
    }
    return known.get(value);
  };
}

function joinedText(strings: readonly string[], budget: Budget): TextFor {
  const [destination, separator, ...sources] = strings as [string, string, ...string[]];
  for (const source of sources)
    if (!isLabelName(source)) throw new QueryError(`invalid source label name in label_join(): ${source}`);
  if (!isLabelName(destination))
    throw new QueryError(`invalid destination label name in label_join(): ${destination}`);
  return (labels) => {
    const parts = sources.map((name) => labelValue(labels, name));
    const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
    return bounded(length > longestLabel ? undefined : parts.join(separator), budget);
  };
}

/** Characters of a label. A text that doubles from call to call would take all memory after thirty calls. */
const longestLabel = 1_048_576;

/** Takes room for a text that was written. @throws QueryError where it would have been too long. */
function bounded(text: string | undefined, budget: Budget): string {
  if (text === undefined)
    throw new QueryError(`cannot write a label: its value is longer than ${longestLabel} characters`);
  budget.hold(Math.ceil(text.length / Float64Array.BYTES_PER_ELEMENT));
  return text;
}
