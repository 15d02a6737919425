import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duel } from './differential.ts';
import { noPrometheus } from './prometheus.ts';
import { Random } from './random.ts';
import { emptyReport } from './report.ts';
import { makeWorld } from './world.ts';

test('random queries get the answers of a real Prometheus', { skip: noPrometheus }, async () => {
  const random = new Random(1);
  const report = emptyReport();
  const duel = await Duel.start(makeWorld(random));
  try {
    await duel.run(random, 300, report);
  } finally {
    await duel.stop();
  }
  assert.deepEqual(report.findings, []);
  assert.equal(report.compared, 300);
  assert.ok(report.refused < 100, `${report.refused} queries are refused by both: too few say anything`);
});
