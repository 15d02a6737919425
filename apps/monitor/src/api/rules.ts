import { createHash } from 'node:crypto';
import { compileMatcher, labelsToRecord, type Matcher } from '@paddlewatch/model';
import { formatExpr } from '@paddlewatch/promql';
import type { Alert } from '../rules/alert.ts';
import type { Rule, RuleGroup } from '../rules/group.ts';
import { ApiError, invalidParameter } from './api-error.ts';
import { type Call, type Endpoint, goTime } from './endpoint.ts';

export const alerts: Endpoint = {
  path: '/alerts',
  methods: 'GET',
  answer: ({ monitor }) => ({
    data: {
      alerts: monitor
        .ruleGroups()
        .flatMap((group) => group.alertingRules.flatMap((rule) => rule.activeAlerts().map(alertJson))),
    },
  }),
};

export const rules: Endpoint = {
  path: '/rules',
  methods: 'GET',
  answer(call) {
    const keep = ruleFilter(call);
    const withAlerts = !boolean(call, 'exclude_alerts');
    const names = new Set(call.params.list('rule_group[]'));
    const files = new Set(call.params.list('file[]'));
    const groups = call.monitor
      .ruleGroups()
      .filter(
        ({ spec }) =>
          (names.size === 0 || names.has(spec.name)) && (files.size === 0 || files.has(spec.file)),
      )
      .map((group) => ({ group, rules: group.rules.filter(keep) }))
      .filter(({ rules: kept }) => kept.length > 0);
    const { page, next } = paged(call, groups);
    return {
      data: {
        groups: page.map(({ group, rules: kept }) => groupJson(group, kept, withAlerts)),
        ...(next === undefined ? {} : { groupNextToken: next }),
      },
    };
  },
};

function ruleFilter({ params }: Call): (rule: Rule) => boolean {
  const type = params.text('type');
  if (type !== '' && type !== 'alert' && type !== 'record')
    throw invalidParameter('type', `not supported value ${JSON.stringify(type)}`);
  const names = new Set(params.list('rule_name[]'));
  const selectors = params.selectors();
  return (rule) =>
    (type === '' || rule.kind === type) &&
    (names.size === 0 || names.has(rule.spec.name)) &&
    (selectors.length === 0 || selectors.some((matchers) => fits(rule, matchers)));
}

function fits(rule: Rule, matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => compileMatcher(matcher)(rule.spec.labels[matcher.name] ?? ''));
}

function boolean({ params }: Call, name: string): boolean {
  const text = params.text(name).toLowerCase();
  if (['', '0', 'f', 'false'].includes(text)) return false;
  if (['1', 't', 'true'].includes(text)) return true;
  throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} as a boolean`);
}

/** `group_limit` groups, from the one that `group_next_token` names on. */
function paged<T extends { group: RuleGroup }>(
  { params }: Call,
  groups: readonly T[],
): { page: readonly T[]; next?: string } {
  const limit = params.limit('group_limit');
  const token = params.text('group_next_token');
  if (token !== '' && limit === 0)
    throw new ApiError('bad_data', 'group_limit needs to be present in order to paginate over the groups');
  const first = token === '' ? 0 : groups.findIndex(({ group }) => tokenOf(group) === token);
  if (first < 0)
    throw invalidParameter('group_next_token', 'no group with this token: the rules have changed');
  const page = limit === 0 ? groups.slice(first) : groups.slice(first, first + limit);
  const after = groups[first + page.length];
  return after ? { page, next: tokenOf(after.group) } : { page };
}

function tokenOf({ spec }: RuleGroup): string {
  return createHash('sha256').update(`${spec.file};${spec.name}`).digest('hex');
}

function groupJson(group: RuleGroup, kept: readonly Rule[], withAlerts: boolean) {
  return {
    name: group.spec.name,
    file: group.spec.file,
    rules: kept.map((rule) => ruleJson(rule, withAlerts)),
    interval: group.interval / 1000,
    limit: group.spec.limit,
    evaluationTime: group.evaluationTime,
    lastEvaluation: goTime(group.lastEvaluation),
  };
}

function ruleJson(rule: Rule, withAlerts: boolean) {
  const { spec, health } = rule;
  const common = {
    name: spec.name,
    query: formatExpr(spec.query.expr),
    labels: spec.labels,
  };
  const outcome = {
    health: health.health,
    ...(health.lastError === undefined ? {} : { lastError: health.lastError }),
    evaluationTime: health.evaluationTime,
    lastEvaluation: goTime(health.lastEvaluation),
  };
  if (rule.kind === 'record') return { ...common, ...outcome, type: 'recording' };
  return {
    state: rule.state,
    ...common,
    duration: rule.spec.holdFor / 1000,
    keepFiringFor: rule.spec.keepFiringFor / 1000,
    annotations: rule.spec.annotations,
    alerts: withAlerts ? rule.activeAlerts().map(alertJson) : [],
    ...outcome,
    type: 'alerting',
  };
}

function alertJson(alert: Alert) {
  return {
    labels: labelsToRecord(alert.labels),
    annotations: alert.annotations,
    state: alert.state,
    activeAt: goTime(alert.activeAt),
    ...(alert.keepFiringSince === undefined ? {} : { keepFiringSince: goTime(alert.keepFiringSince) }),
    value: exponential(alert.value),
  };
}

/** Go's strconv.FormatFloat(v, 'e', -1, 64): `1e+00`. */
export function exponential(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Object.is(value, -0) ? `-${text}` : text;
}
