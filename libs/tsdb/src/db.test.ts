import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type Labels, labelsFrom, type Matcher } from '@paddlewatch/model';
import { TestSamples } from '../test/samples.ts';
import { Db, LockError, type Reader, SeriesLimitError, TruncatedError, WalError } from './index.ts';
import { Wal } from './wal/wal.ts';

function tempDir(t: { after(fn: () => void): void }): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-'));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function dump(
  db: Pick<Reader, 'querier'>,
  matchers: readonly Matcher[] = [],
  mint = -Infinity,
  maxt = Infinity,
) {
  const set = await db.querier(mint, maxt).select(matchers, { mint, maxt });
  const out = new Map<string, [number, number][]>();
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples();
    set.read(i, mint, maxt, into);
    out.set(set.labels(i).join(' '), into.pairs());
  }
  return out;
}

const up = labelsFrom({ __name__: 'up', job: 'a' });

test('what is committed can be read, also after the folder is opened again', async (t) => {
  const dir = tempDir(t);
  const series: Labels[] = Array.from({ length: 50 }, (_, i) =>
    labelsFrom({ __name__: 'm', i: String(i), pod: `p${i % 3}` }),
  );
  const expected = new Map(series.map((labels) => [labels.join(' '), [] as [number, number][]]));
  let db = await Db.open({ dir });
  const appender = db.appender();
  for (let step = 0; step < 300; step++) {
    for (const [i, labels] of series.entries()) {
      const value = Math.sin(step) * i;
      appender.append(appender.series(labels), step * 15_000, value);
      expected.get(labels.join(' '))!.push([step * 15_000, value]);
    }
    assert.deepEqual(appender.commit(), { appended: 50, outOfOrder: 0, duplicates: 0, unknownSeries: 0 });
  }
  assert.deepEqual(await dump(db), expected);
  await db.close();
  db = await Db.open({ dir });
  assert.deepEqual(await dump(db), expected);
  assert.equal(db.stats().series, 50);
  await db.close();
});

test('undo takes back what came after begin, rollback everything since the commit', async (t) => {
  const db = await Db.open({ dir: tempDir(t) });
  const appender = db.appender();
  const ref = appender.series(up);
  appender.append(ref, 1000, 1);
  appender.begin();
  appender.append(ref, 2000, 2);
  appender.undo();
  appender.append(ref, 3000, 3);
  assert.equal(appender.pending, 2);
  appender.commit();
  appender.append(ref, 4000, 4);
  appender.rollback();
  appender.append(ref, 5000, 5);
  appender.undo();
  assert.equal(appender.pending, 0);
  assert.deepEqual(
    [...(await dump(db)).values()],
    [
      [
        [1000, 1],
        [3000, 3],
      ],
    ],
  );
  await db.close();
});

test('samples that do not fit are counted and not stored', async (t) => {
  const db = await Db.open({ dir: tempDir(t) });
  const appender = db.appender();
  const ref = appender.series(up);
  appender.append(ref, 1000, 1);
  appender.append(ref, 1000, 1);
  appender.append(ref, 1000, 2);
  appender.append(ref, 999, 2);
  appender.append(ref + 5, 2000, 2);
  assert.deepEqual(appender.commit(), { appended: 1, outOfOrder: 1, duplicates: 1, unknownSeries: 1 });
  appender.append(ref, 2000, 3);
  appender.rollback();
  appender.append(ref, 1000, 7);
  assert.deepEqual(appender.commit(), { appended: 0, outOfOrder: 0, duplicates: 1, unknownSeries: 0 });
  assert.deepEqual([...(await dump(db)).values()], [[[1000, 1]]]);
  await db.close();
});

test('staleness markers keep their bits through log and chunk', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir });
  const appender = db.appender();
  appender.append(appender.series(up), 1000, 1);
  appender.appendStale(appender.series(up), 2000);
  appender.append(appender.series(up), 3000, Number.NaN);
  appender.commit();
  await db.close();
  db = await Db.open({ dir });
  const into = new TestSamples();
  const set = await db.querier(0, 9999).select([], { mint: 0, maxt: 9999 });
  set.read(0, 0, 9999, into);
  assert.equal(into.bits()[1]!.bits, 0x7ff0000000000002n);
  assert.notEqual(into.bits()[2]!.bits, 0x7ff0000000000002n);
  assert.ok(Number.isNaN(into.v[2]));
  await db.close();
});

test('matchers choose as Prometheus does, an absent label being an empty one', async (t) => {
  const db = await Db.open({ dir: tempDir(t) });
  const appender = db.appender();
  for (const job of ['api', 'db', 'web']) {
    for (const zone of ['', 'a', 'b'])
      appender.append(appender.series(labelsFrom({ __name__: 'up', job, zone })), 1, 1);
  }
  appender.append(appender.series(labelsFrom({ __name__: 'down', job: 'api' })), 1, 1);
  appender.commit();
  const count = async (...matchers: [Matcher['type'], string, string][]) =>
    (
      await dump(
        db,
        matchers.map(([type, name, value]) => ({ type, name, value })),
      )
    ).size;
  assert.equal(await count(['=', '__name__', 'up']), 9);
  assert.equal(await count(['=', '__name__', 'up'], ['=', 'zone', '']), 3);
  assert.equal(await count(['=', '__name__', 'up'], ['!=', 'zone', '']), 6);
  assert.equal(await count(['=~', 'job', 'api|web'], ['!~', 'zone', 'a|']), 2);
  assert.equal(await count(['=~', '__name__', '.+n']), 1);
  assert.equal(await count(['=~', 'zone', '.*'], ['!=', 'job', 'db']), 7);
  assert.equal(await count(['=', 'nothing', '']), 10);
  assert.equal(await count(['=', 'nothing', 'x']), 0);
  assert.deepEqual(await db.labelNames([], 0, 9), ['__name__', 'job', 'zone']);
  assert.deepEqual(await db.labelNames([{ type: '=', name: '__name__', value: 'down' }], 0, 9), [
    '__name__',
    'job',
  ]);
  assert.deepEqual(await db.labelValues('job', [], 0, 9, 2), ['api', 'db']);
  assert.deepEqual(await db.labelValues('zone', [{ type: '=', name: 'job', value: 'web' }], 0, 9), [
    'a',
    'b',
  ]);
  assert.equal((await db.series([{ type: '=', name: 'job', value: 'web' }], 0, 9)).length, 3);
  const set = await db.querier(0, 9).select([{ type: '=', name: 'job', value: 'db' }], { mint: 0, maxt: 9 });
  const { ids, values } = set.column('zone');
  assert.deepEqual([...ids].map((id) => values[id]).sort(), ['', 'a', 'b']);
  await db.close();
});

test('another thread reads what is committed, while it is committed', async (t) => {
  const db = await Db.open({ dir: tempDir(t) });
  const appender = db.appender();
  const worker = new Worker(new URL('../test/reading-worker.ts', import.meta.url), {
    workerData: db.share(),
  });
  let verdict: string | undefined;
  worker.once('message', (message: string) => {
    verdict = message;
  });
  // Series come and chunks move while the worker checks that each series holds 0, 1, 2, … without a gap.
  for (let step = 0; verdict === undefined; step++) {
    for (let i = 0; i < 40; i++) {
      const labels = labelsFrom({
        __name__: 'steps',
        i: String(i),
        wave: String(Math.floor(step / 500) % 20),
      });
      appender.append(appender.series(labels), step * 1000, step % 500);
    }
    appender.commit();
    if (step % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (step === 9999) break;
  }
  if (verdict === undefined) await new Promise((resolve) => worker.once('message', resolve));
  assert.equal(verdict ?? 'sound', 'sound');
  await worker.terminate();
  await db.close();
});

async function mapped(db: Db): Promise<void> {
  while (db.stats().unmapped > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Samples 1 … count of `series` series, one commit each. */
function fill(db: Db, series: number, from: number, to: number): void {
  const appender = db.appender();
  for (let k = from; k <= to; k++) {
    for (let i = 0; i < series; i++) {
      appender.append(appender.series(labelsFrom({ __name__: 'm', i: String(i) })), k * 1000, k * i);
    }
    appender.commit();
  }
}

test('full chunks move to disk and are read there, also after the folder is opened again', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir });
  fill(db, 30, 1, 500);
  const before = await dump(db);
  const bytes = db.stats().headBytes;
  await mapped(db);
  assert.ok(db.stats().headBytes < 0.7 * bytes);
  assert.deepEqual(await dump(db), before);
  const inside = await dump(db, [{ type: '=', name: 'i', value: '7' }], 100_000, 300_000);
  assert.deepEqual(
    [...inside.values()][0]!.map(([at]) => at / 1000),
    Array.from({ length: 201 }, (_, i) => 100 + i),
  );
  await db.close();
  db = await Db.open({ dir });
  assert.equal(db.stats().unmapped, 0);
  assert.deepEqual(await dump(db), before);
  fill(db, 30, 501, 520);
  assert.equal((await dump(db)).values().next().value!.length, 520);
  await db.close();

  const file = path.join(dir, 'chunks_head', '000001');
  const damaged = fs.readFileSync(file);
  damaged[damaged.length >> 1]! ^= 1;
  fs.writeFileSync(file, damaged);
  const news: string[] = [];
  db = await Db.open({ dir, log: (line) => news.push(line) });
  assert.match(news.join(), /repaired .*000001: checksum does not fit at offset \d+/);
  assert.equal((await dump(db)).values().next().value!.length, 520);
  await db.close();
});

test('truncation drops what a block holds, from memory, from the log and from disk', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir, wal: { segmentSize: 32 * 1024 } });
  fill(db, 30, 1, 1000);
  await mapped(db);
  const old = db.appender();
  const gone = old.series(labelsFrom({ __name__: 'm', i: '29' }));
  fill(db, 29, 1001, 1100);
  const opened = await db.querier(0, Infinity).select([], { mint: 0, maxt: Infinity });
  const segments = fs.readdirSync(path.join(dir, 'wal')).length;
  await db.truncate(1_050_000);
  assert.equal(db.stats().series, 29);
  old.append(gone, 2_000_000, 1);
  assert.equal(old.commit().unknownSeries, 1);
  // A set from before still knows its labels, and says that it cannot read what is gone.
  assert.equal(opened.length, 30);
  for (let i = 0; i < 30; i++) assert.equal(opened.labels(i)[3], String(i));
  assert.throws(() => opened.read(3, 0, Infinity, new TestSamples()), TruncatedError);
  const left = await dump(db);
  assert.equal(left.size, 29);
  for (const samples of left.values())
    assert.ok(samples[0]![0] <= 1_050_000 && samples.at(-1)![0] === 1_100_000);
  const names = fs.readdirSync(path.join(dir, 'wal'));
  assert.ok(names.length < segments && names.some((name) => /^checkpoint\.\d{8}$/.test(name)), names.join());
  await db.close();
  db = await Db.open({ dir });
  assert.deepEqual(
    await dump(db, [], 1_050_000),
    new Map([...left].map(([key, samples]) => [key, samples.filter(([at]) => at >= 1_050_000)])),
  );
  // The freed slot is used again, and the old reference does not mean the new series.
  fill(db, 29, 1101, 1101);
  await db.close();
});

test('late samples inside the window find their place, again after the folder is opened', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir, outOfOrderWindow: 600_000 });
  const appender = db.appender();
  const ref = appender.series(up);
  const times = Array.from({ length: 200 }, (_, i) => ((i * 83) % 200) * 1000 + 1_000_000);
  for (const at of times) {
    appender.append(ref, at, at);
    assert.equal(appender.commit().appended, 1);
  }
  appender.append(ref, 1_000_000, 5);
  appender.append(ref, 500_000, 5);
  appender.appendStale(ref, 600_500);
  appender.append(ref, 1_000_000, 1_000_000);
  const { outOfOrder, appended } = appender.commit();
  // A late sample is not compared with the chunks: the older value of its time stays, when it is read.
  assert.deepEqual([outOfOrder, appended], [1, 2]);
  const before = await dump(db);
  const [samples] = [...before.values()];
  assert.deepEqual(
    samples!.slice(1).map(([at]) => at),
    times.toSorted((a, b) => a - b),
  );
  assert.ok(samples!.slice(1).every(([at, value]) => at === value));
  await db.close();
  db = await Db.open({ dir, outOfOrderWindow: 600_000 });
  assert.deepEqual(await dump(db), before);
  await db.close();
});

test('the log of late samples loses the segments whose samples blocks hold', async (t) => {
  const dir = tempDir(t);
  const minute = 60_000;
  const options = { dir, chunkRange: 10 * minute, outOfOrderWindow: 2 * minute };
  let db = await Db.open(options);
  const fillLate = (from: number, to: number) => {
    const appender = db.appender();
    for (let at = from; at < to; at += 10_000) {
      for (const late of [0, 1000, -1000]) appender.append(appender.series(up), at + late, at);
      appender.commit();
    }
  };
  const segments = () => fs.readdirSync(path.join(dir, 'wbl'));
  fillLate(0, 30 * minute);
  const before = await dump(db);
  await db.maintain();
  await db.maintain();
  assert.deepEqual(segments(), ['00000000', '00000001'], 'what is late may stand above the blocks');
  fillLate(30 * minute, 60 * minute);
  const after = await dump(db);
  await db.maintain();
  await db.maintain();
  assert.deepEqual(segments(), ['00000001', '00000002']);
  assert.deepEqual(await dump(db), after);
  await db.close();
  db = await Db.open(options);
  assert.deepEqual(await dump(db), after);
  assert.deepEqual(await dump(db, [], -Infinity, 30 * minute - 5000), before);
  fillLate(60 * minute, 100 * minute);
  await db.maintain();
  await db.maintain();
  assert.deepEqual(segments().length, 2, 'segments of an earlier run leave, too');
  await db.close();
});

test('a series that left and came back keeps its samples through a checkpoint', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir });
  const append = (name: string, at: number) => {
    const appender = db.appender();
    appender.append(appender.series(labelsFrom({ __name__: name })), at, at);
    appender.commit();
  };
  append('comes and goes', 1000);
  append('stays', 2000);
  await db.truncate(1500);
  assert.equal(db.stats().series, 1);
  const times = Array.from({ length: 200 }, (_, i) => 3000 + i);
  for (const at of times) append('comes and goes', at);
  for (let restart = 1; restart < 4; restart++) {
    await db.close();
    db = await Db.open({ dir });
    await db.truncate(1500);
    for (let i = 0; i < 200; i++) times.push(3000 + 1000 * restart + i);
    // Enough for chunks that are written to disk, under the newest reference.
    for (const at of times.slice(-200)) append('comes and goes', at);
    assert.deepEqual(
      [...(await dump(db, [], 1500)).values()]
        .flat()
        .map(([at]) => at)
        .sort(),
      [2000, ...times],
    );
  }
  await db.close();
});

test('a series stays while samples of it wait for their commit, though truncation leaves it empty', async (t) => {
  const db = await Db.open({ dir: tempDir(t) });
  const appender = db.appender();
  const ref = appender.series(up);
  appender.append(ref, 1000, 1);
  appender.commit();
  appender.append(ref, 5000, 2);
  await db.truncate(3000);
  assert.deepEqual(appender.commit(), { appended: 1, outOfOrder: 0, duplicates: 0, unknownSeries: 0 });
  assert.deepEqual(await dump(db), new Map([[up.join(' '), [[5000, 2]]]]));
  await db.truncate(9000);
  appender.append(ref, 9000, 3);
  assert.equal(appender.commit().unknownSeries, 1, 'once nothing waits it goes');
  await db.close();
});

test('the series limit is an error with a name, and the database goes on', async (t) => {
  const db = await Db.open({ dir: tempDir(t), maxSeries: 2 });
  const appender = db.appender();
  const [a] = [appender.series(labelsFrom({ a: '1' })), appender.series(labelsFrom({ a: '2' }))];
  assert.throws(() => appender.series(labelsFrom({ a: '3' })), SeriesLimitError);
  appender.append(a, 1, 1);
  assert.equal(appender.commit().appended, 1);
  await db.close();
});

test('a second opening of the folder names the process that works on it', async (t) => {
  const dir = tempDir(t);
  const db = await Db.open({ dir });
  await assert.rejects(
    Db.open({ dir }),
    (error: Error) => error instanceof LockError && error.message.includes(`${process.pid}`),
  );
  const lock = path.join(dir, 'lock');
  const sound = fs.readFileSync(lock, 'utf8');
  fs.writeFileSync(lock, `9${sound}`);
  await assert.rejects(Db.open({ dir }), /cannot open .*lock is damaged/);
  await db.close();
  // As Prometheus leaves it, and as an older build did that was killed.
  for (const left of ['', '999999999 12345\n']) {
    fs.writeFileSync(lock, left);
    await (await Db.open({ dir })).close();
  }
});

test('a torn end of the log is cut, damage before it is refused with file and offset', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir });
  const appender = db.appender();
  for (let step = 1; step <= 10; step++) {
    appender.append(appender.series(up), step, step);
    appender.commit();
  }
  await db.close();
  // As after a crash: an orderly end leaves all samples in chunk files too.
  fs.rmSync(path.join(dir, 'chunks_head'), { recursive: true });
  const segment = path.join(dir, 'wal', '00000000');
  fs.truncateSync(segment, fs.statSync(segment).size - 3);
  const news: string[] = [];
  db = await Db.open({ dir, log: (line) => news.push(line) });
  assert.deepEqual([...(await dump(db)).values()].flat().length, 9);
  assert.match(news.join(), /repaired .*00000000: at offset \d+: a fragment is cut off; cut at offset \d+/);
  await db.close();
  const bytes = fs.readFileSync(segment);
  bytes[40]! ^= 4;
  fs.writeFileSync(segment, bytes);
  await assert.rejects(
    Db.open({ dir }),
    (error: Error) => error instanceof WalError && /00000000: at offset \d+: checksum/.test(error.message),
  );
  db = await Db.open({ dir, repair: 'drop' });
  await db.close();
});

test('samples of a kind that cannot be read yet are refused by name, not passed over', async (t) => {
  const dir = tempDir(t);
  const wal = new Wal(path.join(dir, 'wal'));
  wal.add(Uint8Array.of(11, 1, 2, 3));
  wal.commit();
  await wal.close();
  await assert.rejects(
    Db.open({ dir }),
    (error: Error) =>
      error instanceof WalError && /00000000: record before offset \d+: type 11/.test(error.message),
  );
  const news: string[] = [];
  const db = await Db.open({ dir, repair: 'drop', log: (line) => news.push(line) });
  assert.match(news.join(), /passed over .*type 11/);
  await db.close();
});

test('a missing segment is refused by name', async (t) => {
  const dir = tempDir(t);
  for (let i = 0; i < 3; i++) {
    const db = await Db.open({ dir });
    const appender = db.appender();
    appender.append(appender.series(up), i + 1, i);
    appender.commit();
    await db.close();
  }
  fs.rmSync(path.join(dir, 'wal', '00000001'));
  await assert.rejects(Db.open({ dir }), /segment .*00000001 is missing/);
});

test('the event loop turns while a log is read back, so that probes are answered', async (t) => {
  const dir = tempDir(t);
  let db = await Db.open({ dir });
  const appender = db.appender();
  const refs = Array.from({ length: 1000 }, (_, i) => appender.series(labelsFrom({ i: String(i) })));
  for (let step = 0; step < 500; step++) {
    for (const ref of refs) appender.append(ref, step * 1000, Math.sin(step * ref));
    appender.commit();
  }
  await db.close();
  const log = fs.statSync(path.join(dir, 'wal', '00000000')).size;
  let turns = 0;
  const turn = () => {
    turns++;
    watch = setImmediate(turn);
  };
  let watch = setImmediate(turn);
  db = await Db.open({ dir });
  clearImmediate(watch);
  assert.ok(turns >= 8 && turns >= Math.floor(log / 300_000), `${turns} turns for ${log} bytes of log`);
  await db.close();
});
