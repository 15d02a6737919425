import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockMeta } from './meta.ts';
import { blockRanges, expiredBlocks, planCompaction } from './plan.ts';
import { newUlid } from './ulid.ts';

function block(minTime: number, maxTime: number, stats: Partial<BlockMeta['stats']> = {}): BlockMeta {
  return {
    ulid: newUlid(minTime),
    minTime,
    maxTime,
    stats: { numSamples: 1, numSeries: 100, numChunks: 1, ...stats },
    compaction: { level: 1, sources: [] },
    version: 1,
  };
}

const plan = (...metas: BlockMeta[]) =>
  planCompaction(metas, [20, 60, 180]).map(({ minTime, maxTime }) => `${minTime}-${maxTime}`);

test('ranges triple up to the longest', () => {
  assert.deepEqual(blockRanges(2, 60), [2, 6, 18, 54]);
  assert.deepEqual(blockRanges(2, 1), [2]);
});

test('blocks that fill a range are joined, the newest one waits', () => {
  assert.deepEqual(plan(), []);
  assert.deepEqual(plan(block(0, 20), block(20, 40), block(40, 60)), []);
  assert.deepEqual(plan(block(0, 20), block(20, 40), block(40, 60), block(60, 80)), [
    '0-20',
    '20-40',
    '40-60',
  ]);
});

test('blocks of a range that is over are joined although some are missing', () => {
  assert.deepEqual(plan(block(0, 20), block(40, 60), block(60, 80), block(80, 100)), ['0-20', '40-60']);
  assert.deepEqual(plan(block(20, 40), block(80, 100), block(100, 120)), []);
});

test('larger ranges follow the smaller ones', () => {
  assert.deepEqual(plan(block(0, 60), block(60, 120), block(120, 180), block(180, 200)), [
    '0-60',
    '60-120',
    '120-180',
  ]);
});

test('overlapping blocks come first', () => {
  assert.deepEqual(plan(block(0, 20), block(10, 30), block(20, 40), block(40, 60)), [
    '0-20',
    '10-30',
    '20-40',
  ]);
});

test('a long block of which much is deleted is written anew', () => {
  assert.deepEqual(plan(block(0, 60, { numTombstones: 6 }), block(60, 80)), ['0-60']);
  assert.deepEqual(plan(block(0, 60, { numTombstones: 5 }), block(60, 80)), []);
});

test('what is older than the retention or beyond the size expires', () => {
  const blocks = [block(0, 20), block(20, 40), block(40, 60)].map((meta) => ({ meta, size: 100 }));
  const expired = (time: number, size: number, others = 0) =>
    expiredBlocks(blocks, others, { time, size }).map(
      (ulid) => blocks.find(({ meta }) => meta.ulid === ulid)!.meta.minTime,
    );
  assert.deepEqual(expired(0, 0), []);
  assert.deepEqual(expired(40, 0), [0]);
  assert.deepEqual(expired(30, 0), [0]);
  assert.deepEqual(expired(0, 250), [0]);
  assert.deepEqual(expired(0, 250, 60), [20, 0]);
});
