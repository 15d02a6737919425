import { createEngine, type Engine, PromqlError, QueryError, type QueryResult } from '../src/index.ts';
import type { Queryable } from '../src/queryable.ts';
import { type Answer, difference, type Row, rowsOf } from './answer.ts';
import { Grammar } from './grammar.ts';
import { Random } from './random.ts';
import { smaller, type Term, textOf } from './term.ts';
import { makeWorld, shakenStorageOf, storageOf } from './world.ts';

/** A query whose range answer is not that of its steps, as small as it could be made. */
export interface StepFault {
  readonly query: string;
  readonly start: number;
  readonly delayedNameRemoval: boolean;
  readonly fault: string;
}

export interface StepReport {
  readonly queries: number;
  /** Of those, how many could not be answered. */
  failed: number;
  /** How many gave nothing. */
  empty: number;
  /** How many differ, but only where the last digits decide. */
  unsure: number;
  readonly faults: StepFault[];
}

const step = 60_000;
const steps = 12;

/**
 * A range query must say at each step what an instant query says at that time. Needs no peer, so it covers what the
 * peer does not know: native histograms, `fill`, `smoothed`, delayed names. Queries that speak of the range itself
 * (`@ start()`, sorting) or of one among equals are left out.
 */
export async function fuzzSteps(queries: number, seed: number): Promise<StepReport> {
  const random = new Random(seed);
  const world = makeWorld(random, '3');
  const [storage, shaken] = [storageOf(world), shakenStorageOf(world, 'all')];
  const grammar = new Grammar(random, world);
  const report: StepReport = { queries, failed: 0, empty: 0, unsure: 0, faults: [] };
  for (let i = 0; i < queries; i++) {
    const delayedNameRemoval = random.chance(0.5);
    const engine = createEngine({ delayedNameRemoval });
    const start = Math.floor(random.whole(world.start, world.end - steps * step) / 1000) * 1000 + 770;
    const term = grammar.query('range');
    if (/(start|end|step|range)\(\)|(top|bottom)k|count_values/.test(textOf(term))) continue;
    const judge = async (candidate: Term) => {
      const query = textOf(candidate);
      const whole = await askRange(query, start, engine, storage);
      const fault = difference(whole, await askSteps(query, start, engine, storage), comparison);
      if (fault === undefined) return { whole, fault, unsure: false };
      // Where the last digits decide, they may decide otherwise when sums slide.
      const moved = await askRange(query, start, engine, shaken);
      const unsure = difference(whole, moved, comparison) !== undefined;
      return { whole, fault: unsure ? undefined : fault, unsure };
    };
    const { whole, fault, unsure } = await judge(term);
    if (unsure) report.unsure++;
    if (whole.type === 'error') report.failed++;
    else if (whole.rows.length === 0) report.empty++;
    if (fault === undefined) continue;
    report.faults.push({ ...(await shrink(term, fault, judge)), start, delayedNameRemoval });
  }
  return report;
}

const comparison = { ordered: false, tolerance: 1e-9, words: false };

async function shrink(
  term: Term,
  fault: string,
  judge: (candidate: Term) => Promise<{ fault: string | undefined }>,
): Promise<{ query: string; fault: string }> {
  for (const candidate of smaller(term)) {
    const { fault } = await judge(candidate);
    if (fault !== undefined) return shrink(candidate, fault, judge);
  }
  return { query: textOf(term), fault };
}

function askRange(query: string, start: number, engine: Engine, storage: Queryable): Promise<Answer> {
  return answered(async () => [await engine.range({ query, start, end: endOf(start), step }, storage)]);
}

/** The answers of the steps one by one, put together. */
function askSteps(query: string, start: number, engine: Engine, storage: Queryable): Promise<Answer> {
  return answered(async () => {
    const results: QueryResult[] = [];
    for (let time = start; time <= endOf(start); time += step)
      results.push(await engine.instant({ query, time }, storage));
    return results;
  });
}

function endOf(start: number): number {
  return start + (steps - 1) * step;
}

async function answered(ask: () => Promise<QueryResult[]>): Promise<Answer> {
  try {
    return joined(await ask());
  } catch (error) {
    if (error instanceof QueryError || error instanceof PromqlError)
      return { type: 'error', text: error.message };
    throw error;
  }
}

/** All points by what they belong to. */
function joined(results: readonly QueryResult[]): Answer {
  const rows = new Map<string, Row>();
  for (const { value } of results)
    for (const row of rowsOf(value)) {
      const key = value.type === 'scalar' ? '{}' : row.key;
      const known = rows.get(key) ?? { key, t: [], v: [], histograms: [] };
      rows.set(key, {
        key,
        t: [...known.t, ...row.t],
        v: [...known.v, ...row.v],
        histograms: [...known.histograms, ...row.histograms],
      });
    }
  return { type: 'matrix', rows: [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1)), remarks: [] };
}

if (process.argv[1] === import.meta.filename) {
  const { queries, failed, empty, unsure, faults } = await fuzzSteps(
    Number(process.argv[2] ?? 5000),
    Number(process.argv[3] ?? 1),
  );
  for (const { query, start, delayedNameRemoval, fault } of faults)
    console.log(`${query}\n    from ${start}${delayedNameRemoval ? ', delayed names' : ''}\n    ${fault}`);
  console.log(
    `${queries} queries: ${failed} failed, ${empty} empty, ${unsure} unsure, ${faults.length} differ from their steps`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
