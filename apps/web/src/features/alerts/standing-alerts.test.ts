import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertingRule, RuleAlert, RuleGroup } from '../../api/rules.ts';
import { standingAlerts, untilFiring } from './standing-alerts.ts';

const began = Date.parse('2026-11-23T03:00:00Z');
const alert = (name: string, state: RuleAlert['state'], severity: string, minutes = 0): RuleAlert => ({
  labels: { alertname: name, severity },
  annotations: {},
  state,
  activeAt: new Date(began + minutes * 60_000).toISOString(),
  value: '1e+00',
});
const rule = (...alerts: RuleAlert[]) => ({ type: 'alerting', duration: 300, alerts }) as AlertingRule;

test('firing stands before pending, grave before light, old before new', () => {
  const rules = [
    rule(alert('a', 'pending', 'critical')),
    rule(
      alert('b', 'firing', 'warning'),
      alert('c', 'firing', 'critical', 2),
      alert('d', 'firing', 'critical'),
    ),
  ];
  const order = standingAlerts([{ name: 'g', rules } as RuleGroup]).map(
    ({ alert }) => alert.labels['alertname'],
  );
  assert.deepEqual(order, ['d', 'c', 'b', 'a']);
});

test('a pending alert tells how long until it fires', () => {
  const pending = { rule: rule(), alert: alert('a', 'pending', 'info') };
  assert.equal(untilFiring(pending, began + 60_000), 240_000);
  assert.equal(untilFiring(pending, began + 600_000), 0);
});
