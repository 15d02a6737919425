import { parseArgs } from 'node:util';
import { exprToJson, formatExpr, PromqlError, parseQuery } from '../src/index.ts';
import { Grammar } from './grammar.ts';
import { mutate } from './mutate.ts';
import { findPeer } from './peer.ts';
import { Prometheus } from './prometheus.ts';
import { Random } from './random.ts';
import { seedQueries } from './syntax.ts';
import { textOf } from './term.ts';
import { makeWorld } from './world.ts';

/** A text that the two read differently. */
export interface Misreading {
  readonly query: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface ReadingReport {
  texts: number;
  /** Of those, how many both refused, and how many of these in other words. */
  refused: number;
  readonly otherWords: Misreading[];
  readonly misread: Misreading[];
}

/** Compares trees, formatted texts and errors of random and mutated queries with those of a Prometheus 3. */
export async function fuzzReading(
  prometheus: Prometheus,
  texts: number,
  seed: number,
): Promise<ReadingReport> {
  const random = new Random(seed);
  const grammar = new Grammar(random, makeWorld(random, '3'));
  const scripts = seedQueries();
  const report: ReadingReport = { texts: 0, refused: 0, otherWords: [], misread: [] };
  while (report.texts < texts) {
    const origin = random.chance(0.4) ? textOf(grammar.query('range')) : random.pick(scripts);
    const query = random.chance(0.3) ? origin : mutate(origin, scripts, random, random.whole(1, 2));
    // What is no UTF-8 does not arrive as it was.
    if (query.length > 2000 || !query.isWellFormed()) continue;
    report.texts++;
    await compare(query, prometheus, report);
  }
  return report;
}

async function compare(query: string, prometheus: Prometheus, report: ReadingReport): Promise<void> {
  const [tree, formatted] = await Promise.all([
    prometheus.read(query, 'parse_query'),
    prometheus.read(query, 'format_query'),
  ]);
  // `fill (Inf)` has no JSON.
  if (!tree || !formatted) return;
  const own = read(query);
  if (typeof own === 'string' && tree.error !== undefined) {
    report.refused++;
    const theirs = tree.error.replace('invalid parameter "query": ', '');
    if (own !== theirs) report.otherWords.push({ query, ours: own, theirs });
    return;
  }
  if (typeof own === 'string' || tree.error !== undefined) {
    const [ours, theirs] = [typeof own === 'string' ? own : 'a tree', tree.error ?? 'a tree'];
    report.misread.push({ query, ours, theirs });
    return;
  }
  for (const [ours, theirs] of [
    [sorted(own.tree), sorted(tree.data)],
    [own.formatted, String(formatted.data ?? formatted.error)],
  ] as const)
    if (ours !== theirs) report.misread.push({ query, ours, theirs });
}

function read(query: string): string | { tree: unknown; formatted: string } {
  try {
    const expr = parseQuery(query);
    return { tree: exprToJson(expr), formatted: formatExpr(expr) };
  } catch (error) {
    if (error instanceof PromqlError) return error.message;
    throw new Error(`reading ${JSON.stringify(query)} broke`, { cause: error });
  }
}

/** JSON with the names of every object in order. */
function sorted(json: unknown): string {
  return JSON.stringify(json, (_, value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '5000' },
      prometheus: { type: 'string' },
      words: { type: 'boolean', default: false },
    },
  });
  const peer = findPeer(values.prometheus);
  if (typeof peer === 'string') return console.log(peer);
  if (peer.language !== '3')
    throw new Error(`cannot compare readings with Prometheus ${peer.version}: it has no /parse_query`);
  const prometheus = await Prometheus.start(peer, makeWorld(new Random(1), '3'), false);
  try {
    const report = await fuzzReading(prometheus, Number(values.count), Number(values.seed));
    const { texts, refused, otherWords, misread } = report;
    for (const { query, ours, theirs } of [...misread, ...(values.words ? otherWords : [])])
      console.log(`${JSON.stringify(query)}\n    ours:   ${ours}\n    theirs: ${theirs}`);
    console.log(
      `${texts} texts: ${refused} refused by both, ${otherWords.length} of them in other words, ${misread.length} read differently`,
    );
    process.exitCode = misread.length === 0 ? 0 : 1;
  } finally {
    await prometheus.stop();
  }
}

if (process.argv[1] === import.meta.filename) await main();
