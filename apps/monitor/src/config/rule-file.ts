import { duration, labels, loadYaml, parsed } from '@paddlewatch/config';
import { metricName } from '@paddlewatch/model';
import { type Expr, parseQuery } from '@paddlewatch/promql';
import { z } from 'zod';
import { checkTemplate } from '../rules/annotation.ts';

/** A query and its tree: parsed once, where the rule is loaded. */
export interface RuleQuery {
  readonly text: string;
  readonly expr: Expr;
}

interface RuleBase {
  readonly name: string;
  readonly query: RuleQuery;
  /** Laid over the labels of every sample; an empty value removes. Templates in alerting rules. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface RecordingRuleSpec extends RuleBase {
  readonly kind: 'record';
}

export interface AlertingRuleSpec extends RuleBase {
  readonly kind: 'alert';
  /** Milliseconds, as `keepFiringFor`. */
  readonly holdFor: number;
  readonly keepFiringFor: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export type RuleSpec = RecordingRuleSpec | AlertingRuleSpec;

export interface GroupSpec {
  readonly file: string;
  readonly name: string;
  /** Milliseconds; undefined takes the global evaluation_interval, and rule_query_offset likewise. */
  readonly interval: number | undefined;
  readonly queryOffset: number | undefined;
  /** How many alerts or series a rule may produce; 0 is no limit. */
  readonly limit: number;
  readonly rules: readonly RuleSpec[];
}

const query = parsed('PromQL', (text): RuleQuery => {
  if (text.trim() === '') throw new SyntaxError('write a PromQL expression here');
  return { text: text.trim(), expr: parseQuery(text) };
});

const template = parsed('template', (text) => {
  checkTemplate(text);
  return text;
});

const labelTemplates = z
  .record(z.string().min(1, 'a label name cannot be empty'), template)
  .refine((record) => !(metricName in record), `the label ${metricName} cannot be set by a rule`);

const rule = z
  .strictObject({
    record: z.string().optional(),
    alert: z.string().optional(),
    expr: query,
    for: duration.optional(),
    keep_firing_for: duration.optional(),
    labels: labelTemplates.default({}),
    annotations: z.record(z.string(), template).optional(),
  })
  .superRefine((written, context) => {
    const fault = ruleFault(written);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  })
  .transform((written): RuleSpec => {
    const base = { query: written.expr, labels: written.labels };
    if (written.record !== undefined) return { kind: 'record', name: written.record, ...base };
    return {
      kind: 'alert',
      name: written.alert!,
      ...base,
      holdFor: written.for ?? 0,
      keepFiringFor: written.keep_firing_for ?? 0,
      annotations: written.annotations ?? {},
    };
  });

function ruleFault(written: {
  record?: string;
  alert?: string;
  for?: number;
  keep_firing_for?: number;
  annotations?: unknown;
}): string | undefined {
  const { record, alert } = written;
  if ((record ?? '') !== '' && (alert ?? '') !== '') return 'write record or alert, not both';
  if ((record ?? '') === '' && (alert ?? '') === '') return 'name the rule: write record or alert';
  if (record === undefined) return undefined;
  if (/[{}]/.test(record)) return `"${record}" is not a metric name; put labels under labels:`;
  const forbidden = (['for', 'keep_firing_for', 'annotations'] as const).find(
    (key) => written[key] !== undefined,
  );
  return forbidden && `a recording rule cannot have ${forbidden}; remove it`;
}

const group = z.strictObject({
  name: z.string().min(1, 'a group needs a name'),
  interval: duration.optional(),
  query_offset: duration.optional(),
  limit: z.int().nonnegative().default(0),
  labels: labels.default({}),
  partial_response_strategy: z.string().optional().describe('of Thanos; accepted and ignored'),
  rules: z.array(rule).default([]),
});

const groups = z
  .array(group)
  .default([])
  .superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [i, { name }] of list.entries()) {
      if (seen.has(name))
        context.addIssue({
          code: 'custom',
          path: [i, 'name'],
          message: `a second group "${name}"; rename one`,
        });
      seen.add(name);
    }
  });

const ruleFile = z.strictObject({ groups });

const prometheusRule = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('PrometheusRule'),
  metadata: z.unknown(),
  spec: z.strictObject({ groups }),
  status: z.unknown().optional(),
});

const anyObject = z.looseObject({ kind: z.unknown().optional() });

/** The groups of a rule file: Prometheus' own form, or a PrometheusRule object as kubectl applies it. */
export function loadRuleFile(text: string, file: string): GroupSpec[] {
  const options = { documents: 'first' } as const;
  const isObject = loadYaml(anyObject, text, file, options).kind !== undefined;
  const loaded = isObject
    ? loadYaml(prometheusRule, text, file, options).spec
    : loadYaml(ruleFile, text, file, options);
  return loaded.groups.map(({ name, interval, query_offset, limit, labels: shared, rules }) => ({
    file,
    name,
    interval: interval || undefined,
    queryOffset: query_offset,
    limit,
    rules: rules.map((spec) => ({ ...spec, labels: { ...shared, ...spec.labels } })),
  }));
}
