import { createEngine, PromqlError, QueryError } from '../src/index.ts';
import { Grammar } from './grammar.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import { seedQueries } from './syntax.ts';
import { textOf } from './term.ts';
import { makeWorld, storageOf } from './world.ts';

/** How a run of mutated queries went. */
export interface EvaluationReport {
  readonly queries: number;
  readonly answered: number;
  /** Faulty texts. */
  readonly refused: number;
  /** Texts in order that could not be answered, by what their error says they lack. */
  readonly failed: number;
  /** The longest time that one query took, ms. */
  readonly slowest: { readonly ms: number; readonly query: string };
}

/** Small enough that a query within them is over at once, so that a run can hold many. */
const limits = { maxSamples: 200_000, timeout: 250 };

/**
 * Evaluates mutated queries over random series, every other one as a range. Each must give an answer or an error with
 * a name. @throws naming the query where one does neither.
 */
export async function fuzzEvaluation(queries: number, seed: number): Promise<EvaluationReport> {
  const random = new Random(seed);
  const world = makeWorld(random, '3');
  const storage = storageOf(world);
  const engine = createEngine(limits);
  const grammar = new Grammar(random, world);
  const scripts = seedQueries();
  const counts = { answered: 0, refused: 0, failed: 0 };
  let slowest = { ms: 0, query: '' };
  for (let i = 0; i < queries; i++) {
    const origin = random.chance(0.5)
      ? textOf(grammar.query('range'))
      : random.chance(0.02)
        ? chainOf(textOf(grammar.vector(1)), random)
        : random.pick(scripts);
    // One edit at most: most texts with more are no queries any longer, and parsing has a run of its own.
    const query = mutate(origin, scripts, random, random.below(2));
    const start = random.whole(world.start, world.end);
    const step = random.pick([1, 1000, 60_000, 3_600_000]);
    const steps = random.chance(0.01) ? 10 ** random.whole(3, 12) : random.whole(0, 100);
    const before = performance.now();
    try {
      if (random.chance(0.5)) await engine.instant({ query, time: start }, storage);
      else await engine.range({ query, start, end: start + step * steps, step }, storage);
      counts.answered++;
    } catch (error) {
      if (error instanceof PromqlError) counts.refused++;
      else if (error instanceof QueryError) counts.failed++;
      else throw new Error(`evaluating ${JSON.stringify(query)} broke`, { cause: error });
    }
    const ms = performance.now() - before;
    if (ms > slowest.ms) slowest = { ms, query };
  }
  return { queries, ...counts, slowest };
}

/** One vector many times over: what takes each part once takes a chain in no time. */
function chainOf(vector: string, random: Random): string {
  const operator = random.pick([' or ', ' and ', ' unless ', ' + ', ' + fill(0) ', ' >= ', ' or on (job) ']);
  const opening = random.chance(0.3) ? '(' : '';
  const parts = new Array<string>(random.whole(2, 100)).fill(vector);
  return parts.join(`${operator}${opening}`) + ')'.repeat(opening === '' ? 0 : parts.length - 1);
}

if (process.argv[1] === import.meta.filename) {
  const report = await fuzzEvaluation(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1));
  const { queries, answered, refused, failed, slowest } = report;
  console.log(
    `${queries} queries: ${answered} answered, ${refused} refused, ${failed} failed, slowest ${slowest.ms.toFixed(1)} ms: ${slowest.query.slice(0, 200)}`,
  );
  console.log(`${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB resident`);
}
