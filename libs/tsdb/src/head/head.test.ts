import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFrom } from '@paddlewatch/model';
import { TestSamples } from '../../test/samples.ts';
import { Head } from './head.ts';
import { HeadSource } from './head-source.ts';
import { MappedBytes } from './mapped-bytes.ts';
import { SharedHead } from './shared-head.ts';

function sourceOf(head: Head): HeadSource {
  return new HeadSource({ shared: new SharedHead(head.shared.memory()), mapped: new MappedBytes('nowhere') });
}

function lengths(source: HeadSource): () => number[] {
  const set = source.select([]);
  return () =>
    Array.from({ length: set.length }, (_, i) => {
      const into = new TestSamples();
      set.read(i, 0, Infinity, into);
      return into.length;
    });
}

test('a reader sees a commit whole or not at all', () => {
  const head = new Head();
  const source = sourceOf(head);
  const slots = ['a', 'b'].map((name) => head.slotOf(head.seriesRef(labelsFrom({ name }))));
  for (const t of [1, 2, 3]) {
    head.beginCommit();
    head.append(slots[0]!, t, 0, 0);
    const during = lengths(source);
    assert.deepEqual(during(), [t - 1, 2 * (t - 1)]);
    head.append(slots[1]!, t, 0, 0);
    head.append(slots[1]!, t + 0.5, 0, 0);
    head.endCommit();
    // Who came before the commit was complete does not see it later either; who comes now does.
    assert.deepEqual(during(), [t - 1, 2 * (t - 1)]);
    assert.deepEqual(lengths(source)(), [t, 2 * t]);
  }
});

test('what a removed series leaves is used again, and its old reference stays unknown', async () => {
  const head = new Head();
  const source = sourceOf(head);
  const old = head.seriesRef(labelsFrom({ name: 'old' }));
  head.unlogged.length = 0;
  head.append(head.slotOf(old), 1000, 0, 0);
  const before = head.bytes;
  await head.truncate(2000, 0);
  assert.equal(head.series, 0);
  assert.equal(head.slotOf(old), -1);
  assert.equal(source.select([]).length, 0);
  await head.truncate(2000, 1e9);
  const fresh = head.seriesRef(labelsFrom({ name: 'new' }));
  assert.notEqual(fresh, old);
  head.append(head.slotOf(fresh), 3000, 0, 0);
  assert.equal(head.bytes, before);
  assert.deepEqual(source.labelValues('name', []), ['new']);
});

test('many series come and go, and each is found by its labels alone', async () => {
  const head = new Head();
  const name = (wave: number, i: number) =>
    labelsFrom({ i: String(i), wave: String(wave), even: i % 2 ? '' : 'y' });
  for (let wave = 0; wave < 6; wave++) {
    for (let i = 0; i < 700; i++) {
      const slot = head.slotOf(head.seriesRef(name(wave, i)));
      head.append(slot, 1000 * wave + i, 0, 0);
    }
    head.unlogged.length = 0;
    await head.truncate(1000 * wave + 300, wave * 1e6);
    assert.equal(head.series, 400);
    for (let i = 300; i < 700; i++)
      assert.deepEqual(head.labels(head.slotOf(head.seriesRef(name(wave, i)))), name(wave, i));
    assert.equal(head.series, 400);
  }
  assert.equal(sourceOf(head).select([{ type: '=', name: 'even', value: 'y' }]).length, 200);
});
