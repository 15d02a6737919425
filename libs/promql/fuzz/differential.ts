import { parseArgs } from 'node:util';
import { compileMatcher, formatLabels, labelValue } from '@paddlewatch/model';
import type { Expr } from '../src/index.ts';
import { children } from '../src/syntax/walk.ts';
import { acceptedDifferences } from './accepted.ts';
import { type Answer, difference } from './answer.ts';
import type { Ask, Times } from './ask.ts';
import { Dispute, Sides, treeOf } from './dispute.ts';
import { Grammar } from './grammar.ts';
import { findPeer, type Peer } from './peer.ts';
import { Prometheus } from './prometheus.ts';
import { Random } from './random.ts';
import { emptyReport, type Finding, type Report, summaryOf } from './report.ts';
import { timesInside, withNumbers } from './subquery-times.ts';
import { smaller, type Term, textOf } from './term.ts';
import { makeWorld, shakenStorageOf, showSamples, storageOf, type World } from './world.ts';

/** Both sides with the same samples. */
export class Duel {
  readonly #world: World;
  readonly #sides: Sides;
  readonly #prometheus: Prometheus;

  private constructor(world: World, prometheus: Prometheus, delayedNames: boolean) {
    const shaken = { fractions: shakenStorageOf(world, 'fractions'), all: shakenStorageOf(world, 'all') };
    this.#world = world;
    this.#sides = new Sides(storageOf(world), shaken, prometheus, delayedNames);
    this.#prometheus = prometheus;
  }

  /** @param delayedNames both drop metric names when a query ends, which Prometheus 2 cannot. */
  static async start(peer: Peer, world: World, delayedNames = false): Promise<Duel> {
    return new Duel(world, await Prometheus.start(peer, world, delayedNames), delayedNames);
  }

  /** Compares that many random queries, some at a time; what differs is then judged one by one. */
  async run(random: Random, count: number, report: Report): Promise<void> {
    const inFlight = 8;
    for (let done = 0; done < count; done += inFlight) {
      const queries = Array.from({ length: Math.min(inFlight, count - done) }, () => this.#draw(random));
      const disputes = await Promise.all(queries.map(({ term, at }) => this.#compare(term, at, report)));
      for (const [i, dispute] of disputes.entries())
        if (dispute) await this.#settle(queries[i]!.term, queries[i]!.at, report);
    }
  }

  stop(): Promise<void> {
    return this.#prometheus.stop();
  }

  #draw(random: Random): { term: Term; at: Times } {
    const { start, end, language } = this.#world;
    // For Prometheus 2 on a tick of no subquery and off every sample, whatever the step.
    const beside = language === '3' && random.chance(0.5) ? 0 : 770;
    const moment = () => Math.floor(random.whole(start, end) / 1000) * 1000 + beside;
    const kind = random.chance(0.5) ? 'instant' : 'range';
    const term = new Grammar(random, this.#world).query(kind);
    if (kind === 'instant') return { term, at: { kind, time: moment() } };
    const from = moment();
    const step = random.pick([10_000, 15_000, 30_000, 60_000, 60_000, 7_700, 300_000]);
    const steps = random.whole(0, 40);
    const rest = steps > 0 ? random.whole(0, 900) : 0;
    return { term, at: { kind, start: from, end: from + step * steps + rest, step } };
  }

  /** Asks both; gives what they do not agree on. */
  #compare(term: Term, at: Times, report?: Report): Promise<Dispute | undefined> {
    return this.#compareAsk({ query: textOf(term), ...at }, report);
  }

  async #compareAsk(ask: Ask, report?: Report): Promise<Dispute | undefined> {
    const [ours, theirs] = await Promise.all([this.#sides.ours(ask), this.#sides.theirs(ask)]);
    if (report) count(theirs, report);
    const ordered = /^(sort|sort_desc)\(/.test(ask.query) && ask.kind === 'instant';
    const words = this.#world.language === '3';
    const fault = difference(ours, theirs, { ordered, tolerance: 1e-9, words });
    return fault === undefined ? undefined : new Dispute(ask, { ours, theirs, fault }, this.#sides);
  }

  async #settle(term: Term, at: Times, report: Report): Promise<void> {
    const { fault, explanations } = await this.#judge(term, at);
    for (const name of explanations) report.explained.set(name, (report.explained.get(name) ?? 0) + 1);
    if (fault) report.findings.push(await this.#shrink(term, at, fault));
  }

  /** A difference is explained where each of its causes is: the parts that differ while their own parts do not. */
  async #judge(term: Term, at: Times): Promise<Verdict> {
    const whole = await this.#compare(term, at);
    const explanations = new Set<string>();
    if (!whole) return { explanations };
    for (const cause of await this.#causes(term, at, whole)) {
      const name = await this.#explanationOf(cause);
      if (name === undefined) return { fault: whole.fault, explanations };
      explanations.add(name);
    }
    return { explanations };
  }

  async #explanationOf(cause: Dispute): Promise<string | undefined> {
    for (const { name, explains } of acceptedDifferences(cause, this.#world.language))
      if (await explains(cause)) return name;
    return undefined;
  }

  async #causes({ parts }: Term, at: Times, whole: Dispute): Promise<Dispute[]> {
    const causes: Dispute[] = [];
    for (const part of parts) if (typeof part !== 'string') causes.push(...(await this.#causesIn(part, at)));
    return causes.length > 0 ? causes : this.#causesByPrecedence(whole);
  }

  /** The parts of a query are not those that it was drawn from where it lacks parentheses. */
  async #causesByPrecedence(whole: Dispute): Promise<Dispute[]> {
    const causes: Dispute[] = [];
    for (const { kind, from, to } of children(whole.expr)) {
      if (kind === 'matrix' || kind === 'subquery' || kind === 'string') continue;
      const dispute = await this.#compareAsk({ ...whole.ask, query: whole.ask.query.slice(from, to) });
      if (dispute) causes.push(...(await this.#causesByPrecedence(dispute)));
    }
    return causes.length > 0 ? causes : [whole];
  }

  async #causesIn(term: Term, at: Times): Promise<Dispute[]> {
    if (term.type === 'vector' || term.type === 'scalar') {
      const dispute = await this.#compare(term, at);
      return dispute ? this.#causes(term, at, dispute) : [];
    }
    const [inner, times] = term.type === 'matrix' ? inside(term, at) : [term, at];
    if (!times) return [];
    const causes: Dispute[] = [];
    for (const part of inner.parts)
      if (typeof part !== 'string') causes.push(...(await this.#causesIn(part, times)));
    return causes;
  }

  async #shrink(term: Term, at: Times, fault: string): Promise<Finding> {
    let smallest = { term, at, fault };
    for (let tries = 0, found = true; found && tries < 500; ) {
      found = false;
      for (const candidate of this.#lesser(smallest.term, smallest.at)) {
        tries++;
        const { fault } = await this.#judge(candidate.term, candidate.at);
        if (fault === undefined) continue;
        smallest = { ...candidate, fault };
        found = true;
        break;
      }
    }
    return { ask: { query: textOf(smallest.term), ...smallest.at }, fault: smallest.fault };
  }

  *#lesser(term: Term, at: Times): Generator<{ term: Term; at: Times }> {
    if (at.kind === 'range') {
      const steps = Math.floor((at.end - at.start) / at.step);
      if (steps <= 40)
        for (let i = 0; i <= steps; i++)
          yield { term, at: { kind: 'instant', time: at.start + i * at.step } };
      if (steps > 1) {
        yield { term, at: { ...at, end: at.start + Math.floor(steps / 2) * at.step } };
        yield { term, at: { ...at, start: at.start + at.step } };
        yield { term, at: { ...at, end: at.end - at.step } };
      }
    }
    for (const less of smaller(term)) yield { term: less, at };
  }
}

/** What is inside a range, and the times at which it is evaluated: none where a subquery has no step. @throws QueryError */
function inside(range: Term, at: Times): [Term, Times | undefined] {
  const expr = treeOf(textOf(range));
  if (expr.kind !== 'subquery') return [range, at];
  return [withTimes(range, at), timesInside(expr, at)];
}

/** A term that can be asked at other times. */
function withTimes({ type, parts }: Term, at: Times): Term {
  return {
    type,
    parts: parts.map((part) => (typeof part === 'string' ? withNumbers(part, at) : withTimes(part, at))),
  };
}

interface Verdict {
  readonly fault?: string;
  readonly explanations: ReadonlySet<string>;
}

function count(theirs: Answer, report: Report): void {
  report.compared++;
  if (theirs.type === 'error') report.refused++;
  else if (theirs.rows.length === 0) report.empty++;
}

/** The samples that a query may have seen, for whoever looks into a finding. */
export function* samplesConcerned(query: string, { series }: World): Generator<string> {
  const tests = selectorsOf(treeOf(query)).map((matchers) =>
    matchers.map((matcher) => ({ name: matcher.name, fits: compileMatcher(matcher) })),
  );
  for (const { labels, samples } of series)
    if (tests.some((all) => all.every(({ name, fits }) => fits(labelValue(labels, name)))))
      yield `${formatLabels(labels)} ${showSamples(samples)}`;
}

type Selector = Extract<Expr, { kind: 'vector' }>;

function selectorsOf(expr: Expr): Selector['matchers'][] {
  if (expr.kind === 'vector') return [expr.matchers];
  return children(expr).flatMap(selectorsOf);
}

/** Each seed has a world and a Prometheus of its own; this many queries are asked of it. */
const queriesPerWorld = 1000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '1000' },
      data: { type: 'boolean', default: false },
      prometheus: { type: 'string' },
    },
  });
  const peer = findPeer(values.prometheus);
  if (typeof peer === 'string') return console.log(peer);
  const report = emptyReport();
  const count = Number(values.count);
  for (let seed = Number(values.seed); report.compared < count; seed++) {
    const random = new Random(seed);
    const world = makeWorld(random, peer.language);
    const duel = await Duel.start(peer, world, peer.language === '3' && seed % 4 === 0);
    const before = report.findings.length;
    try {
      await duel.run(random, Math.min(queriesPerWorld, count - report.compared), report);
    } finally {
      await duel.stop();
    }
    for (const { ask, fault } of report.findings.slice(before)) {
      const { query, ...times } = ask;
      console.log(`seed ${seed}: ${query}\n    ${JSON.stringify(times)}\n    ${fault}`);
      if (values.data) for (const line of samplesConcerned(query, world)) console.log(`    ${line}`);
    }
  }
  console.log(`${summaryOf(report)}\nPrometheus ${peer.version}`);
  process.exitCode = report.findings.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) await main();
