import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftsOf, fits, isSilenced, operatorOf, operators, toMatcher } from './matching.ts';

const labels = { alertname: 'TargetDown', job: 'ocr-gateway' };

test('matchers fit as Alertmanager’s do: anchored, and a missing label is empty', () => {
  const cases: [name: string, operator: (typeof operators)[number], value: string, fit: boolean][] = [
    ['job', '=', 'ocr-gateway', true],
    ['job', '!=', 'ocr-gateway', false],
    ['job', '=~', 'ocr', false],
    ['job', '=~', 'ocr.*|web', true],
    ['job', '!~', 'web', true],
    ['team', '=', '', true],
    ['team', '!=', '', false],
    ['job', '=~', '(', false],
    ['job', '!~', '(', false],
  ];
  for (const [name, operator, value, fit] of cases) {
    assert.equal(fits([{ name, operator, value }], labels), fit, `${name}${operator}${value}`);
  }
});

test('an operator survives the way to the API and back', () => {
  for (const operator of operators)
    assert.equal(operatorOf(toMatcher({ name: 'a', operator, value: 'b' })), operator);
});

test('an alert’s labels become matchers, its name first', () => {
  assert.deepEqual(
    draftsOf({ a: '1', alertname: 'X' }).map(({ name }) => name),
    ['alertname', 'a'],
  );
});

test('only a silence that holds now hides an alert, and only one whose matchers all fit', () => {
  const silence = (state: 'active' | 'expired' | 'pending', ...names: string[]) => ({
    ...{ id: '', startsAt: '', endsAt: '', updatedAt: '', createdBy: '', comment: '', status: { state } },
    matchers: names.map((name) => toMatcher({ name, operator: '=~', value: '.+' })),
  });
  assert.equal(isSilenced([silence('active', 'alertname', 'job')], labels), true);
  assert.equal(isSilenced([silence('active', 'alertname', 'team')], labels), false);
  assert.equal(isSilenced([silence('expired', 'job'), silence('pending', 'job')], labels), false);
});
