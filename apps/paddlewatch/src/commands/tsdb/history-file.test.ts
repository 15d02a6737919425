import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { formatLabels } from '@paddlewatch/model';
import { blockSummaries } from '@paddlewatch/tsdb';
import { backfill } from './backfill.ts';
import { readHistory } from './history-file.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'history-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const noPromtool =
  spawnSync('promtool', ['--version']).status === 0
    ? false
    : 'promtool is not installed (Debian: apt install prometheus)';

function written(text: string): string {
  const file = path.join(home, 'input.om');
  fs.writeFileSync(file, text);
  return file;
}

function read(text: string): string[] {
  const names: string[] = [];
  const samples: string[] = [];
  readHistory(written(text), {
    series: (labels) => names.push(formatLabels(labels)) - 1,
    append: (series, t, value) => samples.push(`${names[series]} ${t} ${value}`),
  });
  return samples;
}

test('samples come with their series and times in ms', () => {
  assert.deepEqual(
    read('# TYPE m counter\nm_total{b="1",a="2"} 1 10\nm_total{a="2",b="1"} 2 11.5\nm_total 3 10\n# EOF\n'),
    ['m_total{a="2", b="1"} 10000 1', 'm_total{a="2", b="1"} 11500 2', 'm_total 10000 3'],
  );
});

test('faults name line and column of the file', () => {
  assert.throws(() => read('m 1 1\nm 2\n# EOF\n'), /line 2, column 1: the sample has no timestamp/);
  assert.throws(() => read('m 1 1\nm{ 2 2\n# EOF\n'), /line 2, column/);
  assert.throws(() => read('m 1 1\n'), /does not end with # EOF/);
  assert.throws(
    () => backfill(written('m 1 2\nm 1 1\n# EOF\n'), path.join(home, 'late')),
    /line 2, column 1: cannot backfill m: the sample at 1000 ms comes after one at 2000 ms/,
  );
});

function history(): string {
  const lines = ['# TYPE m gauge'];
  for (let i = 0; i < 20; i++) {
    for (let k = 0; k < 500; k++) {
      lines.push(
        `m{i="${i}",zone="z${i % 3}"} ${k % 9 === 0 ? 'NaN' : k * i + 0.25} ${1_700_000_000 + k * 30}.${100 + i}`,
      );
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

test('the real tool finds the same samples in our blocks as in its own', { skip: noPromtool }, () => {
  const file = written(history());
  const dumps = ['ours', 'theirs'].map((name) => {
    const dir = path.join(home, name);
    fs.mkdirSync(path.join(dir, 'wal'), { recursive: true });
    if (name === 'ours') backfill(file, dir);
    else spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, dir]);
    const { stdout } = spawnSync('promtool', ['tsdb', 'dump', dir], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    return stdout.split('\n').sort();
  });
  assert.equal(dumps[0]!.length, 10_001);
  assert.deepEqual(dumps[0], dumps[1]);
  const spans = ['ours', 'theirs'].map((name) => {
    return blockSummaries(path.join(home, name)).map(({ meta }) => [
      meta.minTime,
      meta.maxTime,
      meta.stats.numSamples,
    ]);
  });
  assert.deepEqual(spans[0]!.sort(), spans[1]!.sort());
});
