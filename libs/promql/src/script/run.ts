import { MemoryStorage } from '../memory-storage.ts';
import type { Queryable } from '../queryable.ts';
import type { QueryResult, Value, VectorSample } from '../result.ts';
import { fits, mismatch } from './compare.ts';
import { load } from './load.ts';
import { pinQuery } from './pinned.ts';
import type { Command, Eval, Instant, Range } from './script.ts';

/** What a script needs of an engine. Times in ms. */
export interface ScriptEngine {
  instant(ask: { query: string; time: number }, queryable: Queryable): Promise<QueryResult>;
  range(
    ask: { query: string; start: number; end: number; step: number },
    queryable: Queryable,
  ): Promise<QueryResult>;
}

/** How one `eval` went; `fault` says what is wrong. */
export interface Outcome {
  readonly line: number;
  readonly query: string;
  readonly fault: string | undefined;
}

/** An instant case is asked as a range query of three steps as well, this far apart; the middle one must agree. */
const minute = 60_000;

/** Runs a script's commands in order on a storage of its own. */
export async function* runScript(
  commands: readonly Command[],
  engine: ScriptEngine,
): AsyncGenerator<Outcome> {
  let storage = new MemoryStorage();
  for (const command of commands) {
    if (command.kind === 'clear') storage = new MemoryStorage();
    else if (command.kind === 'load') load(command, storage);
    else yield { line: command.line, query: command.query, fault: await evaluate(command, engine, storage) };
  }
}

async function evaluate(
  command: Eval,
  engine: ScriptEngine,
  storage: Queryable,
): Promise<string | undefined> {
  const { query, time, expect } = command;
  try {
    if ('step' in time) return await ask(command, () => engine.range({ query, ...time }, storage), time);
    return await evaluateInstant(command, time, engine, storage);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (expect.fail === undefined) return `failed: ${error.message}`;
    return fits(expect.fail, error.message)
      ? undefined
      : `expected error ${expect.fail} but got: ${error.message}`;
  }
}

async function evaluateInstant(
  command: Eval,
  { at }: Instant,
  engine: ScriptEngine,
  storage: Queryable,
): Promise<string | undefined> {
  for (const [query, time] of variants(command.query, at)) {
    const fault = await askBothWays({ ...command, query }, time, engine, storage);
    if (fault !== undefined) return query === command.query ? fault : `as ${query} at ${time} ms: ${fault}`;
  }
  return undefined;
}

/** The query itself, then pinned with `@` and asked at other times, where the answer must stay. */
function* variants(query: string, at: number): Generator<[string, number]> {
  yield [query, at];
  const pinned = pinQuery(query, at);
  if (pinned === undefined) return;
  for (const time of at === 0 ? [-1000, 0, 1000] : [-10 * at, 0, Math.trunc(at / 5), at, 10 * at])
    yield [pinned, time];
}

async function askBothWays(
  command: Eval,
  time: number,
  engine: ScriptEngine,
  storage: Queryable,
): Promise<string | undefined> {
  const { query, expect } = command;
  let type: Value['type'] | undefined;
  const fault = await ask(
    command,
    async () => {
      const result = await engine.instant({ query, time }, storage);
      type = result.value.type;
      return result;
    },
    expect.matrix,
  );
  const asRange = expect.matrix === undefined && expect.value.type !== 'string' && expect.fail === undefined;
  if (fault !== undefined || !asRange || expect.ordered || /(start|end|range|step)\(\)/.test(query))
    return fault;
  const steps = { start: time - minute, end: time + minute, step: minute };
  const range = await engine.range({ query, ...steps }, storage);
  const middle = mismatch(
    { ...range, value: middleStep(range.value, time, type!), warnings: [], infos: [] },
    anyNotes(command),
    undefined,
  );
  return middle === undefined ? undefined : `in range mode: ${middle}`;
}

async function ask(
  { expect }: Eval,
  query: () => Promise<QueryResult>,
  steps: Range | undefined,
): Promise<string | undefined> {
  const result = await query();
  return expect.fail === undefined ? mismatch(result, expect, steps) : 'expected an error but got none';
}

function anyNotes({ expect }: Eval): Eval['expect'] {
  return { ...expect, warn: 'any', info: 'any' };
}

/** What a range query says of one time, as an instant query would have said it. */
function middleStep(value: Value, time: number, type: Value['type']): Value {
  if (value.type !== 'matrix') return value;
  const samples: VectorSample[] = [];
  for (const { labels, t, v, histograms } of value.series) {
    const place = t.indexOf(time);
    if (place >= 0) samples.push({ labels, t: time, v: v[place]! });
    const point = histograms.find((other) => other.t === time);
    if (point) samples.push({ labels, t: time, v: 0, h: point.h });
  }
  return type === 'scalar' ? { type, t: time, v: samples[0]!.v } : { type: 'vector', t: time, samples };
}
