import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compileMatcher, labelsFrom, labelsKey, labelValue, type Matcher } from '@paddlewatch/model';
import fc from 'fast-check';
import { TestSamples } from '../test/samples.ts';
import { type Appender, Db } from './index.ts';

const stale = 0x7ff0000000000002n;
const word = new Float64Array(1);
const bitsOfWord = new BigUint64Array(word.buffer);

type Operation =
  | { kind: 'append'; series: number; step: number; value: number; count: number }
  | { kind: 'stale'; series: number; step: number }
  | { kind: 'commit' | 'rollback' | 'reopen' }
  | { kind: 'read'; matcher: Matcher; mint: number; width: number };

const matcher: fc.Arbitrary<Matcher> = fc.record({
  type: fc.constantFrom('=', '!=', '=~', '!~'),
  name: fc.constantFrom('name', 'even', 'none'),
  value: fc.constantFrom('', 's1', 's1|s3', '.+', '.*', 'yes', 's[0-2]'),
});

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      series: fc.nat(5),
      step: fc.integer({ min: -2, max: 40 }),
      value: fc.oneof(fc.double(), fc.integer()),
      count: fc.integer({ min: 1, max: 90 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stale' as const),
      series: fc.nat(5),
      step: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 5, arbitrary: fc.constant({ kind: 'commit' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'rollback' as const }, { kind: 'reopen' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      matcher,
      mint: fc.integer({ min: -10, max: 3000 }),
      width: fc.nat(3000),
    }),
  },
);

const labelsOf = (series: number) => labelsFrom({ name: `s${series}`, even: series % 2 === 0 ? 'yes' : '' });

/** What the database should be: committed and gathered samples of each series by time, as bits. */
class Model {
  committed = new Map<number, Map<number, bigint>>();
  gathered: { series: number; t: number; bits: bigint }[] = [];
  clock = 0;

  commit(): void {
    for (const { series, t, bits } of this.gathered) {
      const samples = this.committed.get(series) ?? new Map<number, bigint>();
      this.committed.set(series, samples);
      if ([...samples.keys()].every((other) => other < t)) samples.set(t, bits);
    }
    this.gathered = [];
  }

  read(matcher: Matcher, mint: number, maxt: number): Map<string, { t: number; bits: bigint }[]> {
    const fits = compileMatcher(matcher);
    const rows = new Map<string, { t: number; bits: bigint }[]>();
    for (const [series, samples] of this.committed) {
      if (!fits(labelValue(labelsOf(series), matcher.name))) continue;
      const inside = [...samples].filter(([t]) => t >= mint && t <= maxt).map(([t, bits]) => ({ t, bits }));
      if (inside.length > 0) rows.set(labelsKey(labelsOf(series)), inside);
    }
    return rows;
  }
}

async function read(db: Db, matcher: Matcher, mint: number, maxt: number) {
  const set = await db.querier(mint, maxt).select([matcher], { mint, maxt });
  const rows = new Map<string, { t: number; bits: bigint }[]>();
  for (let i = 0; i < set.length; i++) {
    const into = new TestSamples(1);
    set.read(i, mint, maxt, into);
    if (into.length > 0) rows.set(labelsKey(set.labels(i)), into.bits());
  }
  return rows;
}

function apply(operation: Operation, model: Model, appender: Appender): void {
  if (operation.kind === 'stale') {
    model.clock += operation.step;
    appender.appendStale(appender.series(labelsOf(operation.series)), model.clock);
    model.gathered.push({ series: operation.series, t: model.clock, bits: stale });
  }
  if (operation.kind === 'append') {
    for (let i = 0; i < operation.count; i++) {
      model.clock += operation.step;
      word[0] = operation.value + i;
      appender.append(appender.series(labelsOf(operation.series)), model.clock, word[0]);
      model.gathered.push({ series: operation.series, t: model.clock, bits: bitsOfWord[0]! });
    }
  }
}

test('random operations leave the database as they leave a plain map', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (operations) => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tsdb-property-'));
      const options = { dir, chunkRange: 2000, wal: { segmentSize: 8192, sync: 'never' as const } };
      let db = await Db.open(options);
      let appender = db.appender();
      const model = new Model();
      try {
        for (const operation of [...operations, { kind: 'commit' as const }, { kind: 'reopen' as const }]) {
          if (operation.kind === 'commit') {
            appender.commit();
            model.commit();
          } else if (operation.kind === 'rollback') {
            appender.rollback();
            model.gathered = [];
          } else if (operation.kind === 'reopen') {
            await db.close();
            model.gathered = [];
            db = await Db.open(options);
            appender = db.appender();
          } else if (operation.kind === 'read') {
            const { matcher, mint, width } = operation;
            assert.deepEqual(
              await read(db, matcher, mint, mint + width),
              model.read(matcher, mint, mint + width),
            );
          } else apply(operation, model, appender);
        }
        const all: Matcher = { type: '=~', name: 'name', value: '.*' };
        assert.deepEqual(await read(db, all, -1e6, 1e6), model.read(all, -1e6, 1e6));
      } finally {
        await db.close();
        fs.rmSync(dir, { recursive: true });
      }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) },
  );
});
