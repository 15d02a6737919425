import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from '@paddlewatch/promql';
import { heavyQuestions, lightQuestions, type Subjects } from './usual-questions.ts';

const subjects: Subjects = {
  metrics: [
    'a_total',
    'b_bucket',
    ...Array.from({ length: 20 }, (_, i) => `m${i}`),
    'with "quotes" and 汉字',
  ],
  targets: ['10.0.0.1:80', 'x|y', 'back\\slash'],
  newest: 1e12,
};
const textsOf = (jobs: ReturnType<typeof lightQuestions>) =>
  jobs.flatMap((job) => ('query' in job ? [job.query] : []));

test('the engine understands them, whatever the names', () => {
  const odd = { ...subjects, metrics: ['with "quotes" and 汉字', 'odd\\_bucket'] };
  for (const text of [...textsOf(lightQuestions(odd)), ...textsOf(heavyQuestions(odd))]) parseQuery(text);
});

test('they are about some of the names, not only the first, and about quantiles where there are buckets', () => {
  const light = textsOf(lightQuestions(subjects));
  assert.ok(light.some((text) => text.includes('a_total')) && light.some((text) => text.includes('m18"')));
  assert.ok(!light.some((text) => text.includes('m1"')));
  const quantiles = textsOf(heavyQuestions(subjects)).filter((text) => text.includes('histogram_quantile'));
  assert.ok(quantiles.length > 0 && quantiles.every((text) => text.includes('b_bucket')));
});

test('light ones are about one target each, where there are any', () => {
  const about = (targets: string[]) => textsOf(lightQuestions({ ...subjects, targets })).join();
  for (const target of subjects.targets)
    assert.ok(about([...subjects.targets]).includes(`instance=${JSON.stringify(target)}`));
  assert.ok(!about([]).includes('instance='));
});

test('nothing is asked of a storage without metrics', () => {
  const empty = { ...subjects, metrics: [] };
  assert.deepEqual([...lightQuestions(empty), ...heavyQuestions(empty)], []);
});
