import { labelsKey, mergeLabels, metricName } from '@paddlewatch/model';
import type { RecordingRuleSpec } from '../config/rule-file.ts';
import { type Evaluation, freshHealth, type RuleSample } from './rule.ts';

/** Writes the result of a query as a series of its own. */
export class RecordingRule {
  readonly kind = 'record';
  readonly spec: RecordingRuleSpec;
  readonly health = freshHealth();

  constructor(spec: RecordingRuleSpec) {
    this.spec = spec;
  }

  async evaluate({ queryAt, limit, query }: Evaluation): Promise<RuleSample[]> {
    const result = await query(this.spec.query.text, queryAt);
    const overlay = { ...this.spec.labels, [metricName]: this.spec.name };
    const samples = result.map(({ labels, v, h }) => ({ labels: mergeLabels(labels, overlay), v, h }));
    if (new Set(samples.map(({ labels }) => labelsKey(labels))).size < samples.length)
      throw new Error('vector contains metrics with the same labelset after applying rule labels');
    if (limit > 0 && samples.length > limit)
      throw new Error(`exceeded limit of ${limit} with ${samples.length} series`);
    return samples;
  }
}
