import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { formatLabels, formatValue, type Matcher } from '@paddlewatch/model';
import { blocksFrom, dump, noPromtool } from '../../test/promtool.ts';
import { TestSamples } from '../../test/samples.ts';
import { Db } from '../index.ts';
import { Block } from './block.ts';
import { BlockError } from './block-error.ts';
import { BlockSource } from './block-source.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'block-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

/** Three hours of 40 series, so that there are two blocks; some series begin late. */
function history(): string {
  const lines = ['# TYPE requests counter'];
  for (let i = 0; i < 40; i++) {
    for (let step = i % 7; step < 360; step++) {
      const t = 1_700_000_000 + 30 * step + i / 1000;
      const value = step % 50 === 0 ? 'NaN' : String(step * i + Math.sin(step));
      lines.push(`requests_total{instance="pod-${i}",zone="z${i % 3}",zone_cn="区${i % 5}"} ${value} ${t}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

const everything: Matcher[] = [{ type: '=~', name: '__name__', value: '.+' }];

async function lines(db: Db): Promise<string[]> {
  const querier = db.querier(0, 4e12);
  const set = await querier.select(everything, { mint: 0, maxt: 4e12 });
  const into = new TestSamples();
  const found: string[] = [];
  for (let i = 0; i < set.length; i++) {
    into.length = 0;
    set.read(i, 0, 4e12, into);
    const { t, v } = into;
    const labels = formatLabels(set.labels(i));
    for (let k = 0; k < into.length; k++) found.push(`${labels} ${formatValue(v[k]!)} ${t[k]}`);
  }
  querier.close();
  return found.sort();
}

/** As the tool prints labels: the name is a label like the others. */
function plain(line: string): string {
  return line.replace(/^\{__name__="([^"]*)", /, '$1{');
}

test('blocks of the real tool give every sample that the tool reads in them', {
  skip: noPromtool,
}, async () => {
  const dir = fs.mkdtempSync(path.join(home, 'theirs-'));
  const folders = blocksFrom(dir, history());
  assert.ok(folders.length >= 2);
  const expected = dump(dir).map(plain);
  const db = await Db.open({ dir });
  const found = await lines(db);
  assert.equal(found.length, expected.length);
  assert.deepEqual(found.map(normal).sort(), expected.map(normal).sort());
  assert.deepEqual(await db.labelNames([], 0, 4e12), ['__name__', 'instance', 'zone', 'zone_cn']);
  assert.deepEqual(await db.labelValues('zone', [{ type: '=', name: 'instance', value: 'pod-4' }], 0, 4e12), [
    'z1',
  ]);
  await db.close();
});

/** Both write the shortest digits that come back to the same float, but with other exponents. */
function normal(line: string): string {
  const parts = line.split(' ');
  parts[parts.length - 2] = String(Number(parts.at(-2)));
  return parts.join(' ');
}

test('a range gives its samples only, and only series that have some', { skip: noPromtool }, () => {
  const dir = fs.mkdtempSync(path.join(home, 'range-'));
  const block = new Block(blocksFrom(dir, history())[0]!);
  const source = new BlockSource(block);
  const { minTime } = block.meta;
  assert.equal(source.select(everything, { mint: minTime - 9, maxt: minTime - 1 }).length, 0);
  const set = source.select(everything, { mint: minTime + 60_000, maxt: minTime + 120_000 });
  const into = new TestSamples();
  for (let i = 0; i < set.length; i++) set.read(i, minTime + 60_000, minTime + 120_000, into);
  assert.ok(into.length > 0);
  for (let i = 0; i < into.length; i++) {
    assert.ok(into.t[i]! >= minTime + 60_000 && into.t[i]! <= minTime + 120_000);
  }
  block.close();
});

test('a flipped bit or a cut file gives an error that names the file, or the right answer', {
  skip: noPromtool,
}, async () => {
  const dir = fs.mkdtempSync(path.join(home, 'noise-'));
  const [folder] = blocksFrom(dir, history());
  const read = (): string => {
    const block = new Block(folder!);
    try {
      const set = new BlockSource(block).select(everything, { mint: 0, maxt: 4e12 });
      const into = new TestSamples();
      let sum = '';
      for (let i = 0; i < set.length; i++) {
        into.length = 0;
        set.read(i, 0, 4e12, into);
        sum += `${set.labels(i)} ${into.length} ${into.t.subarray(0, into.length).join()} ${into.words.subarray(0, 2 * into.length).join()}\n`;
      }
      return sum;
    } finally {
      block.close();
    }
  };
  const right = read();
  let refused = 0;
  for (const name of ['index', 'chunks/000001', 'tombstones', 'meta.json']) {
    const file = path.join(folder!, name);
    const sound = fs.readFileSync(file);
    for (let trial = 0; trial < 120; trial++) {
      const bytes = Buffer.from(sound);
      // Spread over the file, the ends among them.
      const at = Math.floor((trial / 119) * (bytes.length - 1));
      bytes[at]! ^= 1 << (trial & 7);
      fs.writeFileSync(file, trial % 3 === 0 ? sound.subarray(0, at) : bytes);
      try {
        if (name !== 'meta.json') assert.equal(read(), right);
        else read();
      } catch (error) {
        assert.ok(error instanceof BlockError, String((error as Error).stack));
        assert.ok(error.file.startsWith(folder!), error.message);
        refused++;
      }
    }
    fs.writeFileSync(file, sound);
  }
  assert.ok(refused > 200);
});
