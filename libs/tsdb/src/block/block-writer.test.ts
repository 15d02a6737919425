import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type Labels, labelsFrom, labelsKey, staleHigh, staleLow } from '@paddlewatch/model';
import fc from 'fast-check';
import { dump, noPromtool, promtool } from '../../test/promtool.ts';
import { seriesOrder } from '../bytes/byte-order.ts';
import { SampleColumns } from '../chunk/sample-columns.ts';
import { Block } from './block.ts';
import { BlockSource } from './block-source.ts';
import { BlockWriter } from './block-writer.ts';
import { compact } from './compact.ts';
import { newUlid } from './ulid.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'block-writer-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

type Plain = { labels: Labels; samples: (readonly [number, number])[] };

function columnsOf(samples: Plain['samples']): SampleColumns {
  const columns = new SampleColumns();
  columns.reserve(samples.length);
  for (const [t, v] of samples) {
    columns.t[columns.length] = t;
    columns.v[columns.length++] = v;
  }
  return columns;
}

function write(dir: string, plain: readonly Plain[]): string {
  const writer = new BlockWriter(dir, newUlid(Date.now()));
  for (const { labels, samples } of [...plain].sort((a, b) => seriesOrder(a.labels, b.labels))) {
    writer.addSamples(columnsOf(samples));
    writer.endSeries(labels);
  }
  const times = plain.flatMap(({ samples }) => samples.map(([t]) => t));
  writer.finish({
    minTime: Math.min(...times),
    maxTime: Math.max(...times) + 1,
    compaction: { level: 1, sources: [writer.ulid] },
  });
  return path.join(dir, writer.ulid);
}

function read(block: Block): Map<string, string> {
  const set = new BlockSource(block).select([], { mint: -Infinity, maxt: Infinity });
  const found = new Map<string, string>();
  const into = new SampleColumns();
  for (let i = 0; i < set.length; i++) {
    into.clear();
    set.read(i, -Infinity, Infinity, into);
    found.set(labelsKey(set.labels(i)), text(into));
  }
  return found;
}

function text(columns: SampleColumns): string {
  const parts: string[] = [];
  for (let i = 0; i < columns.length; i++) {
    parts.push(`${columns.t[i]}:${columns.words[2 * i]},${columns.words[2 * i + 1]}`);
  }
  return parts.join(' ');
}

const texts = fc.constantFrom('a', 'b', 'zone', 'é', '\u{1f600}', '\uffee', 'long'.repeat(50));
const plainSeries = fc.record({
  labels: fc.dictionary(texts, texts, { minKeys: 1, maxKeys: 4, noNullPrototype: true }).map(labelsFrom),
  samples: fc
    .uniqueArray(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 300 })
    .chain((times) =>
      fc
        .array(fc.double(), { minLength: times.length, maxLength: times.length })
        .map((values) => times.sort((a, b) => a - b).map((t, i) => [t, values[i]!] as const)),
    ),
});
const plainBlock = fc.uniqueArray(plainSeries, {
  minLength: 1,
  maxLength: 12,
  selector: ({ labels }) => labelsKey(labels),
});

test('a block gives back what was written, whatever the labels and values', () => {
  fc.assert(
    fc.property(plainBlock, (plain) => {
      const dir = fs.mkdtempSync(path.join(home, 'property-'));
      const block = new Block(write(dir, plain));
      const expected = new Map(
        plain.map(({ labels, samples }) => [labelsKey(labels), text(columnsOf(samples))]),
      );
      assert.deepEqual(read(block), expected);
      block.close();
      fs.rmSync(dir, { recursive: true });
    }),
    { numRuns: 20 },
  );
});

test('overlapping blocks become one: each time once, the older block first', () => {
  fc.assert(
    fc.property(fc.array(plainBlock, { minLength: 1, maxLength: 3 }), (plains) => {
      const dir = fs.mkdtempSync(path.join(home, 'merge-'));
      const blocks = plains.map((plain) => new Block(write(dir, plain)));
      const meta = compact(dir, blocks, newUlid(Date.now()))!;
      const merged = new Block(path.join(dir, meta.ulid));
      const expected = new Map<string, Map<number, number>>();
      for (const plain of plains) {
        for (const { labels, samples } of plain) {
          const key = labelsKey(labels);
          const row = expected.get(key) ?? new Map<number, number>();
          expected.set(key, row);
          for (const [t, v] of samples) if (!row.has(t)) row.set(t, v);
        }
      }
      const rows = [...expected].map(([key, row]) => {
        const samples = [...row].sort((a, b) => a[0] - b[0]);
        return [key, text(columnsOf(samples))] as const;
      });
      assert.deepEqual(read(merged), new Map(rows));
      assert.equal(meta.compaction.level, 2);
      for (const block of [...blocks, merged]) block.close();
      fs.rmSync(dir, { recursive: true });
    }),
    { numRuns: 10 },
  );
});

/** 3 × 50 series of 30 samples and more; some stale. */
function fleet(): Plain[] {
  const start = 1_700_006_400_000;
  return Array.from({ length: 150 }, (_, i) => ({
    labels: labelsFrom({ __name__: `m${i % 3}`, instance: `pod-${i}`, zone: `z${i % 4}` }),
    samples: Array.from({ length: 30 + 3 * i }, (_, k) => [start + 10_000 * k + i, Math.sin(k) * i] as const),
  }));
}

test('the real tool lists our blocks, analyses them and finds every sample', { skip: noPromtool }, () => {
  const dir = fs.mkdtempSync(path.join(home, 'ours-'));
  const folder = write(dir, fleet());
  const listed = promtool('tsdb', 'list', dir);
  assert.match(listed, new RegExp(`${path.basename(folder)}.* 38025 `));
  assert.match(promtool('tsdb', 'analyze', dir), /^(Total )?Series: 150$/m);
  const found = dump(dir).map((line) => line.split(' '));
  const expected = fleet().flatMap(({ samples }) => samples);
  assert.equal(found.length, expected.length);
  const sum = (rows: Iterable<readonly [number, number]>) => {
    return [...rows].map(([t, v]) => `${t} ${v}`).sort();
  };
  assert.deepEqual(
    sum(found.map((parts) => [Number(parts.at(-1)), Number(parts.at(-2))] as const)),
    sum(expected),
  );
});

test('a stale marker keeps its bits', () => {
  const dir = fs.mkdtempSync(path.join(home, 'stale-'));
  const writer = new BlockWriter(dir, newUlid(0));
  const columns = columnsOf([[5, 0]]);
  columns.words[0] = staleLow;
  columns.words[1] = staleHigh;
  writer.addSamples(columns);
  writer.endSeries(labelsFrom({ __name__: 'x' }));
  writer.finish({ minTime: 5, maxTime: 6, compaction: { level: 1, sources: [writer.ulid] } });
  const block = new Block(path.join(dir, writer.ulid));
  assert.deepEqual([...read(block).values()], [`5:${staleLow >>> 0},${staleHigh >>> 0}`]);
  block.close();
});

test('a writer that is given up leaves no trace', () => {
  const dir = fs.mkdtempSync(path.join(home, 'abandoned-'));
  const writer = new BlockWriter(dir, newUlid(0));
  writer.addSamples(columnsOf([[5, 0]]));
  writer.abandon();
  assert.deepEqual(fs.readdirSync(dir), []);
});
