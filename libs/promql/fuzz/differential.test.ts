import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duel } from './differential.ts';
import { findPeer } from './peer.ts';
import { Random } from './random.ts';
import { emptyReport } from './report.ts';
import { makeWorld } from './world.ts';

const peer = findPeer();

test('random queries get the answers of a real Prometheus', {
  skip: typeof peer === 'string' && peer,
}, async () => {
  if (typeof peer === 'string') return;
  const random = new Random(1);
  const report = emptyReport();
  const duel = await Duel.start(peer, makeWorld(random, peer.language));
  try {
    await duel.run(random, 300, report);
  } finally {
    await duel.stop();
  }
  assert.deepEqual(report.findings, []);
  assert.equal(report.compared, 300);
  assert.ok(report.refused < 100, `${report.refused} queries are refused by both: too few say anything`);
});
