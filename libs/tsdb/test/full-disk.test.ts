import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom, labelValue, type Matcher } from '@paddlewatch/model';
import { Db, WalError } from '../src/index.ts';
import { TestSamples } from './samples.ts';

const diskBytes = 6 * 1024 * 1024;
const minute = 60_000;
const step = 5000;
const seriesCount = 50;

/** A small disk of its own, as root only. Undefined where the system does not give one. */
function smallDisk(t: { after(end: () => void): void }): string | undefined {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', dir]).status === 0;
  t.after(() => {
    if (mounted) spawnSync('umount', ['-l', dir]);
    fs.rmdirSync(dir);
  });
  return mounted ? dir : undefined;
}

/** Leaves so many bytes of the disk free. */
function leave(disk: string, bytes: number): void {
  const file = path.join(disk, 'filler');
  fs.rmSync(file, { force: true });
  const { bavail, bsize } = fs.statfsSync(disk);
  fs.writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

/** Ingests step by step and keeps what was acknowledged, and what was deleted. */
class Bench {
  db!: Db;
  readonly rows = Array.from({ length: seriesCount }, () => new Map<number, number>());
  refused = 0;
  t = 0;

  commit(): void {
    this.t += step;
    const appender = this.db.appender();
    const value = (i: number) => this.t * Math.sin(i);
    for (let i = 0; i < seriesCount; i++) {
      appender.append(appender.series(labelsFrom({ __name__: 'm', i: String(i) })), this.t, value(i));
    }
    try {
      appender.commit();
    } catch (error) {
      assert.ok(error instanceof WalError, `${error}`);
      assert.match(error.message, /cannot (write|end|create) .*: ENOSPC/);
      this.refused++;
      return;
    }
    for (let i = 0; i < seriesCount; i++) this.rows[i]!.set(this.t, value(i));
  }

  async assertContent(when: string): Promise<void> {
    const set = await this.db.querier(0, 1e9).select([], { mint: 0, maxt: 1e9 });
    let seen = 0;
    for (let n = 0; n < set.length; n++) {
      const into = new TestSamples();
      set.read(n, 0, 1e9, into);
      if (into.length === 0) continue;
      seen++;
      const i = Number(labelValue(set.labels(n), 'i'));
      assert.deepEqual(new Map(into.pairs()), this.rows[i], `series ${i} ${when}`);
    }
    assert.equal(seen, this.rows.filter(({ size }) => size > 0).length, when);
  }
}

test('where the disk is full, each step says so, nothing acknowledged is lost, and all goes on when there is room', async (t) => {
  const disk = smallDisk(t);
  if (!disk) {
    t.skip('a small disk cannot be mounted here (Linux, as root)');
    return;
  }
  const options = {
    dir: path.join(disk, 'data'),
    chunkRange: 2 * minute,
    wal: { segmentSize: 32 * 1024, sync: 'never' as const },
    // Blocks come and go, or the small disk would be full without a filler.
    retention: { time: 0, size: 3 * 1024 * 1024 },
  };
  const bench = new Bench();
  bench.db = await Db.open(options);
  const faults = new Map<string, number>();
  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      assert.match(`${(error as Error).message}`, /ENOSPC/, what);
      faults.set(what, (faults.get(what) ?? 0) + 1);
      return false;
    }
  };
  // From nothing free to enough for everything: cuts, joins, checkpoints and tombstones fail at other places each time.
  // Nothing twice: at first there is no block yet, and a deletion may fit behind the last record of the log.
  for (const [round, free] of [0, 32, 0, 200].entries()) {
    for (let n = 0; n < 100; n++) bench.commit();
    leave(disk, free * 1024);
    await attempt('maintain', () => bench.db.maintain());
    for (let n = 0; n < 20; n++) bench.commit();
    await attempt('maintain', () => bench.db.maintain());
    // Maintenance may have made room: blocks that are too many go.
    leave(disk, free * 1024);
    const matcher: Matcher = { type: '=', name: 'i', value: String(round) };
    const deleted = await attempt('delete', () => bench.db.deleteSeries([matcher], 0, bench.t));
    await attempt('clean', () => bench.db.cleanTombstones());
    fs.rmSync(path.join(disk, 'filler'));
    // A deletion that failed may be there in part; asked again it is there.
    if (!deleted) await bench.db.deleteSeries([matcher], 0, bench.t);
    bench.rows[round]!.clear();
    await bench.assertContent(`with ${free} KiB left`);
    const { refused } = bench;
    bench.commit();
    assert.equal(bench.refused, refused, 'a commit is taken again');
    await bench.db.maintain();
    await bench.assertContent(`after ${free} KiB`);
  }
  for (const what of ['maintain', 'delete', 'clean'])
    assert.ok(faults.get(what)! > 0, `${what}: ${[...faults]}`);
  assert.ok(bench.refused > 0);
  await bench.db.close();
  bench.db = await Db.open(options);
  await bench.assertContent('after a restart');
  await bench.db.close();
});
