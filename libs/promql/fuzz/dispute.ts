import type { Expr } from '../src/ast.ts';
import { createEngine, type Engine, PromqlError, parseQuery } from '../src/index.ts';
import type { Queryable } from '../src/queryable.ts';
import { children } from '../src/syntax/walk.ts';
import { type Answer, difference } from './answer.ts';
import { textOfAnswer } from './answer-text.ts';
import { type Ask, askEngine, timesOf } from './ask.ts';
import type { Prometheus } from './prometheus.ts';
import { withRateBefore3 } from './rate-before-3.ts';
import { timesInside, withNumbers } from './subquery-times.ts';

/** Two answers to one query that are not the same, and means to find out why. */
export class Dispute {
  readonly ask: Ask;
  readonly ours: Answer;
  readonly theirs: Answer;
  /** What differs. */
  readonly fault: string;
  readonly expr: Expr;
  readonly #sides: Sides;

  constructor(ask: Ask, answers: { ours: Answer; theirs: Answer; fault: string }, sides: Sides) {
    this.ask = ask;
    this.ours = answers.ours;
    this.theirs = answers.theirs;
    this.fault = answers.fault;
    this.expr = withoutSigns(treeOf(ask.query));
    this.#sides = sides;
  }

  /** Whether both drop metric names when the query ends. */
  get delayedNames(): boolean {
    return this.#sides.delayedNames;
  }

  /** Whether only warnings, infos or the text of an error differ. */
  get onlyWords(): boolean {
    return !this.#differ(this.ours, this.theirs);
  }

  /** Our answers to the direct parts of the query, at its times. */
  parts(): Promise<Answer[]> {
    const vectors = children(this.expr).filter(({ kind }) => kind !== 'matrix' && kind !== 'subquery');
    const texts = vectors.map(({ from, to }) => this.ask.query.slice(from, to));
    return Promise.all(texts.map((query) => this.#sides.ours({ ...this.ask, query })));
  }

  /** Our answers to every part of the query that is evaluated at its times, each asked for by itself. */
  async within(): Promise<Answer[]> {
    return Promise.all(asksWithin(this.ask, () => undefined).map((ask) => this.#sides.ours(ask)));
  }

  /** The same, and our answers to what subqueries evaluate, at their times. */
  async everywhere(): Promise<Answer[]> {
    return Promise.all(asksWithin(this.ask, timesInside).map((ask) => this.#sides.ours(ask)));
  }

  /** What we remark on any part of the query, also on one that by itself ends in a clash of labels. */
  async remarksEverywhere(): Promise<string[]> {
    const remarks = asksWithin(this.ask, timesInside).map(async (ask) => {
      const plain = await this.#sides.ours(ask);
      if (plain.type !== 'error') return plain.remarks;
      const counted = await this.#sides.ours({ ...ask, query: `count(${ask.query})` });
      return counted.type === 'error' ? [] : counted.remarks;
    });
    return (await Promise.all(remarks)).flat();
  }

  /** Their answers to every part of the query but the whole, each asked for by itself. */
  theirParts(): Promise<Answer[]> {
    const [, ...within] = asksWithin(this.ask, timesInside);
    return Promise.all(within.map((ask) => this.#sides.theirs(ask)));
  }

  /** Our answers to what its subqueries evaluate, at the query's own times. */
  insideSubqueries(): Promise<Answer[]> {
    const texts = subqueriesOf(this.expr).map(({ expr: { from, to } }) => this.ask.query.slice(from, to));
    return Promise.all(texts.map((query) => this.#sides.ours({ ...this.ask, query })));
  }

  /** Whether our answer itself tips when samples move in their last digits: fractions, or all of them. */
  async tips(which: 'fractions' | 'all'): Promise<boolean> {
    return this.#differ(this.ours, await this.#sides.shaken(this.ask, which));
  }

  /** Whether our answer tips when what its subquery has computed moves in its last digits. */
  async tipsInside(): Promise<boolean> {
    const subquery = children(this.expr).find(({ kind }) => kind === 'subquery');
    if (subquery?.kind !== 'subquery') return false;
    const { from, to } = subquery.expr;
    const { query } = this.ask;
    const times = (factor: string) =>
      this.askUs(`${query.slice(0, from)}((${query.slice(from, to)}) * ${factor})${query.slice(to)}`);
    const [still, moved] = [await times('1'), await times('(1 + 1e-13 * (time() * 0.618 % 1))')];
    return !this.#differ(this.ours, still) && moved.type !== 'error' && this.#differ(still, moved);
  }

  /** Whether with the extrapolation of 2.42 we answer as they do. */
  async oldRateAgrees(): Promise<boolean> {
    const answer = await this.#sides.withRateBefore3(this.ask);
    return !this.#differ(answer, this.theirs);
  }

  /** Whether they, asked for each step by itself, say what we say of it. */
  async stepsAgree(): Promise<boolean> {
    const { query } = this.ask;
    for (const time of timesOf(this.ask)) {
      const ask: Ask = { kind: 'instant', query, time };
      const [ours, theirs] = await this.#both(ask);
      if (this.#differ(ours, theirs)) return false;
    }
    return true;
  }

  /**
   * Whether, at each time, parts of the query differ in their last digits, and we answer as they do with their numbers
   * in place of the parts.
   */
  async digitsAgree(): Promise<boolean> {
    let differed = false;
    for (const time of timesOf(this.ask)) {
      const ask: Ask = { kind: 'instant', query: this.ask.query, time };
      const [ours, theirs] = await this.#both(ask);
      if (!this.#differ(ours, theirs)) continue;
      const query = await this.#withTheirNumbers(ask);
      if (query === undefined || this.#differ(await this.#sides.ours({ ...ask, query }), theirs))
        return false;
      differed = true;
    }
    return differed;
  }

  /** Undefined where parts differ in more than digits, or cannot be written. */
  async #withTheirNumbers(ask: Ask): Promise<string | undefined> {
    let { query } = ask;
    for (const { from, to } of children(this.expr).toReversed()) {
      const [ours, theirs] = await this.#both({ ...ask, query: ask.query.slice(from, to) });
      const text = this.#differ(ours, theirs) ? undefined : textOfAnswer(theirs);
      if (text === undefined) return undefined;
      query = query.slice(0, from) + text + query.slice(to);
    }
    return query;
  }

  /** What they say when they are asked the same once more, and again. */
  async *theirOtherAnswers(times: number): AsyncGenerator<Answer> {
    for (let i = 0; i < times; i++) yield await this.#sides.theirs(this.ask);
  }

  /** Whether two answers differ, in their words as well where this is about words. */
  differ(a: Answer, b: Answer): boolean {
    return difference(a, b, { ordered: false, tolerance: 1e-9, words: this.onlyWords }) !== undefined;
  }

  #both(ask: Ask): Promise<[ours: Answer, theirs: Answer]> {
    return Promise.all([this.#sides.ours(ask), this.#sides.theirs(ask)]);
  }

  /** What we answer to another text at the same times. */
  askUs(query: string): Promise<Answer> {
    return this.#sides.ours({ ...this.ask, query });
  }

  /** What they answer to another text at the same times. */
  askThem(query: string): Promise<Answer> {
    return this.#sides.theirs({ ...this.ask, query });
  }

  /** Whether we answer another text as they answer this one. */
  async agreesWith(query: string): Promise<boolean> {
    return !this.differ(await this.askUs(query), this.theirs);
  }

  #differ(a: Answer, b: Answer): boolean {
    return difference(a, b, { ordered: false, tolerance: 1e-9, words: false }) !== undefined;
  }
}

/** Who can be asked. */
export class Sides {
  readonly delayedNames: boolean;
  readonly #engine: Engine;
  readonly #storage: Queryable;
  readonly #shaken: Readonly<Record<'fractions' | 'all', Queryable>>;
  readonly #prometheus: Prometheus;

  constructor(
    storage: Queryable,
    shaken: Readonly<Record<'fractions' | 'all', Queryable>>,
    prometheus: Prometheus,
    delayedNames: boolean,
  ) {
    this.delayedNames = delayedNames;
    this.#engine = createEngine({ delayedNameRemoval: delayedNames });
    this.#storage = storage;
    this.#shaken = shaken;
    this.#prometheus = prometheus;
  }

  ours(ask: Ask): Promise<Answer> {
    return askEngine(ask, this.#engine, this.#storage);
  }

  theirs(ask: Ask): Promise<Answer> {
    return this.#prometheus.ask(ask);
  }

  shaken(ask: Ask, which: 'fractions' | 'all'): Promise<Answer> {
    return askEngine(ask, this.#engine, this.#shaken[which]);
  }

  withRateBefore3(ask: Ask): Promise<Answer> {
    return withRateBefore3(() => this.ours(ask));
  }
}

/** The tree of a query; of a faulty text one that holds nothing. */
export function treeOf(query: string): Expr {
  try {
    return parseQuery(query);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    return { kind: 'string', value: query, from: 0, to: query.length };
  }
}

/** All vectors and scalars that a query is evaluated from, the query itself first. */
function asksWithin(ask: Ask, inside: typeof timesInside): Ask[] {
  const expr = treeOf(ask.query);
  const isAsked = expr.kind !== 'subquery' && expr.kind !== 'matrix' && expr.kind !== 'string';
  const times = expr.kind === 'subquery' ? inside(expr, ask) : ask;
  if (!times) return [];
  const below = children(expr).flatMap(({ from, to }) => {
    const text = ask.query.slice(from, to);
    return asksWithin({ ...times, query: times === ask ? text : withNumbers(text, ask) }, inside);
  });
  return isAsked ? [ask, ...below] : below;
}

function subqueriesOf(expr: Expr): Extract<Expr, { kind: 'subquery' }>[] {
  const below = children(expr).flatMap(subqueriesOf);
  return expr.kind === 'subquery' ? [expr, ...below] : below;
}

function withoutSigns(expr: Expr): Expr {
  return expr.kind === 'paren' || expr.kind === 'unary' ? withoutSigns(expr.expr) : expr;
}
