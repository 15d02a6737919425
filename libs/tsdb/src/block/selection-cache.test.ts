import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { labelsFrom, type Matcher } from '@paddlewatch/model';
import { TestSamples } from '../../test/samples.ts';
import { Backfill } from './backfill.ts';
import { Block } from './block.ts';
import { BlockSource } from './block-source.ts';
import { SelectionCache } from './selection-cache.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'selections-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const start = 1_699_999_200_000;
const named = (value: string): Matcher[] => [{ type: '=~', name: 'i', value }];

/** Series i = 0 … 9 with a sample every 10 s; the even ones end after 200 samples, the odd ones begin there. */
function openBlock(): Block {
  const dir = fs.mkdtempSync(path.join(home, 'block-'));
  const backfill = new Backfill({ dir });
  for (let i = 0; i < 10; i++) {
    const series = backfill.series(
      labelsFrom({ __name__: 'm', i: String(i), parity: i % 2 ? 'odd' : 'even' }),
    );
    for (let k = 0; k < 200; k++) backfill.append(series, start + (k + 200 * (i % 2)) * 10_000, i);
  }
  const [meta] = backfill.close();
  return new Block(path.join(dir, meta!.ulid));
}

test('the same selector gives the same selection, another one another', () => {
  const block = openBlock();
  const cache = new SelectionCache();
  const odd: Matcher[] = [{ type: '=', name: 'parity', value: 'odd' }];
  const kept = cache.open(block, odd);
  assert.equal(kept.length, 5);
  assert.equal(cache.open(block, odd), kept);
  assert.notEqual(cache.open(block, [{ ...odd[0]!, type: '!=' }]), kept);
  // Were they written one after the other, a=~b would be two matchers.
  assert.notEqual(cache.open(block, named('b')), cache.open(block, [{ type: '=', name: 'i', value: '~b' }]));
  block.close();
});

test('bytes grow with what is asked', () => {
  const block = openBlock();
  const cache = new SelectionCache();
  const [first, second] = [cache.open(block, named('[0-4]')), cache.open(block, named('[5-9]'))];
  const asks = [
    () => first.column('parity'),
    () => first.hashes(),
    () => first.chunks,
    () => first.labels(3),
  ];
  for (const ask of asks) {
    const before = cache.bytes;
    ask();
    const after = cache.bytes;
    assert.ok(after > before);
    ask();
    assert.equal(cache.bytes, after);
  }
  assert.equal(cache.bytes, first.bytes + second.bytes);
  block.close();
});

test('at the bound the least lately asked leaves', () => {
  const block = openBlock();
  const cache = new SelectionCache(1000);
  const oldest = cache.open(block, named('0'));
  const asked = cache.open(block, named('1'));
  for (let i = 0; cache.bytes <= 1000; i++) cache.open(block, named(`.|x${i}`)).hashes();
  cache.open(block, named('1'));
  cache.trim();
  assert.ok(cache.bytes <= 1000);
  assert.equal(cache.open(block, named('1')), asked);
  assert.notEqual(cache.open(block, named('0')), oldest);
  block.close();
});

test('what alone is more than the bound goes when its query ends', () => {
  const block = openBlock();
  const cache = new SelectionCache(100);
  const source = new BlockSource(block, cache);
  source.hold();
  const set = source.select(named('.'), { mint: 0, maxt: 4e12 });
  set.labels(0);
  source.release();
  assert.equal(cache.bytes, 0);
  assert.equal(set.labels(9)[3], '9');
  block.close();
});

test('a block that retires is forgotten', () => {
  const block = openBlock();
  const cache = new SelectionCache();
  const source = new BlockSource(block, cache);
  assert.equal(source.select(named('.'), { mint: 0, maxt: 4e12 }).length, 10);
  assert.ok(cache.bytes > 0);
  source.retire();
  assert.equal(cache.bytes, 0);
});

test('of a kept selection every range shows its own series, with their labels, columns and samples', () => {
  const block = openBlock();
  const source = new BlockSource(block);
  const middle = start + 200 * 10_000;
  for (const [mint, maxt, expected] of [
    [0, 4e12, '0123456789'],
    [start, middle - 1, '02468'],
    [middle, 4e12, '13579'],
    [middle + 1, middle + 2, '13579'],
    [4e12, 5e12, ''],
  ] as const) {
    const set = source.select(named('.'), { mint, maxt });
    const places = Array.from({ length: set.length }, (_, i) => i);
    const { ids, values } = set.column('i');
    assert.equal(places.map((i) => values[ids[i]!]).join(''), expected);
    assert.equal(places.map((i) => set.labels(i)[3]).join(''), expected);
    const { low } = set.hashes!();
    assert.equal(new Set(low).size, expected.length);
    for (const i of places) {
      const into = new TestSamples();
      set.read(i, 0, 4e12, into);
      assert.deepEqual([into.length, into.v[0]], [200, Number(expected[i])]);
    }
  }
  block.close();
});
