import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { labelsFrom, labelValue } from '@paddlewatch/model';
import fc from 'fast-check';
import { type Appender, Db, openShared, type Reader } from '../src/index.ts';
import { TestSamples } from './samples.ts';

const range = 1000;
const window = 1500;
const seriesCount = 4;

type Operation =
  | { kind: 'append'; series: number; step: number; count: number }
  | { kind: 'late'; series: number; back: number }
  | { kind: 'delete'; series: number; back: number; width: number }
  | { kind: 'commit' | 'maintain' | 'clean' | 'reopen' };

const series = fc.nat(seriesCount - 1);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      series,
      step: fc.integer({ min: 1, max: 20 }),
      count: fc.integer({ min: 1, max: 150 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('late' as const), series, back: fc.nat(window) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      series,
      back: fc.nat(6000),
      width: fc.nat(2000),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: 'commit' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'maintain' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'clean' as const }, { kind: 'reopen' as const }) },
);

const labelsOf = (series: number) => labelsFrom({ __name__: 'm', i: String(series) });

/** What the database should hold: values by time, for each series. */
class Model {
  readonly rows = Array.from({ length: seriesCount }, () => new Map<number, number>());
  #gathered: { series: number; t: number; value: number }[] = [];
  clock = 0;
  #value = 0;
  /** Late samples stay behind it: what becomes of those that come where something was deleted is Prometheus' whim. */
  #lastDeleted = -1;

  append({ series, step, count }: Operation & { kind: 'append' }, appender: Appender): void {
    for (let n = 0; n < count; n++) {
      this.clock += step;
      this.#take(series, this.clock, appender);
    }
  }

  late({ series, back }: Operation & { kind: 'late' }, appender: Appender): void {
    const t = this.clock - back;
    if (t > this.#lastDeleted && !this.rows[series]!.has(t)) this.#take(series, t, appender);
  }

  commit(): void {
    for (const { series, t, value } of this.#gathered)
      if (!this.rows[series]!.has(t)) this.rows[series]!.set(t, value);
    this.#gathered = [];
  }

  forgetGathered(): void {
    this.#gathered = [];
  }

  delete(series: number, mint: number, maxt: number): void {
    this.#lastDeleted = Math.max(this.#lastDeleted, maxt);
    for (const t of this.rows[series]!.keys()) if (t >= mint && t <= maxt) this.rows[series]!.delete(t);
  }

  get content(): [number, [number, number][]][] {
    return [...this.rows.entries()]
      .map(([i, row]): [number, [number, number][]] => [i, [...row].sort(([a], [b]) => a - b)])
      .filter(([, row]) => row.length > 0);
  }

  #take(series: number, t: number, appender: Appender): void {
    const value = ++this.#value;
    if (this.#gathered.some((one) => one.series === series && one.t === t)) return;
    appender.append(appender.series(labelsOf(series)), t, value);
    this.#gathered.push({ series, t, value });
  }
}

async function content(reader: Db | Reader): Promise<[number, [number, number][]][]> {
  const querier = reader.querier(-1e9, 1e9);
  const set = await querier.select([], { mint: -1e9, maxt: 1e9 });
  const rows: [number, [number, number][]][] = [];
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples(1);
    set.read(i, -1e9, 1e9, into);
    if (into.length > 0) rows.push([Number(labelValue(set.labels(i), 'i')), into.pairs()]);
  }
  querier.close();
  return rows.sort(([a], [b]) => a - b);
}

test('whatever is appended late, deleted, cut, joined and replayed, readers see what a plain map holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 50 }), async (operations) => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-lifecycle-'));
      const options = {
        dir,
        chunkRange: range,
        outOfOrderWindow: window,
        wal: { segmentSize: 4096, sync: 'never' as const },
      };
      let db = await Db.open(options);
      let appender = db.appender();
      const model = new Model();
      try {
        const ending = [
          { kind: 'commit' as const },
          { kind: 'maintain' as const },
          { kind: 'reopen' as const },
        ];
        for (const operation of [...operations, ...ending]) {
          switch (operation.kind) {
            case 'append':
              model.append(operation, appender);
              continue;
            case 'late':
              model.late(operation, appender);
              continue;
            case 'commit':
              appender.commit();
              model.commit();
              break;
            case 'delete': {
              const mint = model.clock - operation.back;
              const maxt = mint + operation.width;
              const value = String(operation.series);
              await db.deleteSeries([{ type: '=', name: 'i', value }], mint, maxt);
              model.delete(operation.series, mint, maxt);
              break;
            }
            case 'maintain':
              await db.maintain();
              break;
            case 'clean':
              await db.cleanTombstones();
              break;
            case 'reopen':
              await db.close();
              model.forgetGathered();
              db = await Db.open(options);
              appender = db.appender();
          }
          assert.deepEqual(await content(db), model.content, `after ${operation.kind}`);
        }
        assert.deepEqual(await content(openShared(db.share())), model.content, 'in another thread');
      } finally {
        await db.close();
        fs.rmSync(dir, { recursive: true });
      }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 20) },
  );
});
