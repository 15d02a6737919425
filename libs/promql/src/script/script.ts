import { type Labels, labelsEqual, parseDuration, parseValue } from '@paddlewatch/model';
import { unquote } from '../syntax/literal.ts';
import { ScriptError } from './script-error.ts';
import { parseSeries, type SequenceValue } from './sequence.ts';
import { parseStartTimes, type StartTimes } from './start-times.ts';

/** A test script: what to load, what to ask, what to expect. Times are ms, the epoch is the scripts' zero. */
export type Command = Load | Eval | { readonly kind: 'clear' };

export interface Load {
  readonly kind: 'load';
  /** Time between two values. */
  readonly step: number;
  /** Classic histograms are stored as custom-bucket histograms as well. */
  readonly withCustomHistograms: boolean;
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
  readonly startTimes: readonly (number | undefined)[];
}

export interface Eval {
  readonly kind: 'eval';
  readonly line: number;
  readonly query: string;
  readonly time: Instant | Range;
  readonly expect: Expectation;
}

export interface Instant {
  readonly at: number;
}

export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface Expectation {
  readonly ordered: boolean;
  readonly fail: Message | undefined;
  readonly warn: Annotations;
  readonly info: Annotations;
  readonly value: ExpectedValue;
  /** An instant query that yields a range vector, with these steps. */
  readonly matrix: Range | undefined;
}

export type ExpectedValue =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'series'; readonly series: readonly ExpectedSeries[] };

export interface ExpectedSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/** What is said of warnings or infos: nothing, that there are none, or what each must be. */
export type Annotations = 'any' | 'none' | 'some' | readonly Message[];

/** A text that must be equal or a pattern that must match somewhere. */
export type Message = string | RegExp;

/** Reads a script. @throws ScriptError with the line. */
export function parseScript(text: string): Command[] {
  const lines = text.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()));
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    const head = lines[at]!;
    if (head === '') continue;
    const word = head.split(/[\t ]/, 1)[0]!.toLowerCase();
    if (word === 'clear') {
      commands.push({ kind: 'clear' });
      continue;
    }
    let end = at + 1;
    while (end < lines.length && lines[end] !== '' && (end === at + 1 || !endsEval(lines[end - 1]!))) end++;
    const block = new Block(lines.slice(at, end), at + 1);
    if (word.startsWith('load')) commands.push(parseLoad(block));
    else if (word.startsWith('eval')) commands.push(parseEval(block));
    else throw new ScriptError(at + 1, `invalid command "${head}"`);
    at = end - 1;
  }
  return commands;
}

/** A scalar, or the old way to name an error, is the last line of its command even where no blank line follows. */
function endsEval(line: string): boolean {
  return scalarOf(line) !== undefined || line.startsWith('expected_fail_');
}

function scalarOf(line: string): number | undefined {
  return /^[-+.\dIiNn]/.test(line) ? parseValue(line) : undefined;
}

/** A command's lines, read in order; faults carry the line. */
class Block {
  readonly head: string;
  readonly body: readonly string[];
  readonly line: number;

  constructor(lines: readonly string[], line: number) {
    this.head = lines[0]!;
    this.body = lines.slice(1);
    this.line = line;
  }

  /** Reads each line of the body. */
  each(read: (line: string) => void): void {
    for (const [i, line] of this.body.entries()) this.try(() => read(line), i + 1);
  }

  try<T>(read: () => T, offset = 0): T {
    try {
      return read();
    } catch (error) {
      throw new ScriptError(this.line + offset, (error as Error).message);
    }
  }
}

function parseLoad(block: Block): Load {
  const match = /^load(_with_nhcb)?\s+(\S+)$/i.exec(block.head);
  if (!match) throw new ScriptError(block.line, 'invalid load command. (load[_with_nhcb] <step:duration>)');
  const series: LoadedSeries[] = [];
  let standing: StartTimes | undefined;
  let pending: StartTimes | undefined;
  block.each((line) => {
    const startTimes = parseStartTimes(line);
    if (startTimes?.labels) pending = startTimes;
    else if (startTimes) standing = startTimes;
    else {
      const { labels, values } = parseSeries(line);
      series.push({ labels, values, startTimes: startTimesOf(labels, values.length, pending, standing) });
      pending = undefined;
    }
  });
  const step = block.try(() => parseDuration(match[2]!));
  return { kind: 'load', step, withCustomHistograms: match[1] !== undefined, series };
}

function startTimesOf(
  labels: Labels,
  length: number,
  own: StartTimes | undefined,
  standing: StartTimes | undefined,
): readonly (number | undefined)[] {
  if (!own) {
    const { distances } = standing ?? { distances: [] };
    return distances.length === 0 ? [] : Array.from({ length }, (_, i) => distances[i % distances.length]);
  }
  if (!labelsEqual(own.labels!, labels))
    throw new SyntaxError('@st metric does not match the following sample line metric');
  if (own.distances.length !== length)
    throw new SyntaxError(`@st line has ${own.distances.length} values but sample line has ${length}`);
  return own.distances;
}

function parseEval(block: Block): Eval {
  const instant = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+at\s+(\S+)\s+(.+)$/.exec(block.head);
  const range = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/.exec(
    block.head,
  );
  if (instant) {
    const [, mode, at, query] = instant;
    const time = block.try(() => ({ at: parseDuration(at!) }));
    return { kind: 'eval', line: block.line, query: query!, time, expect: parseExpectation(block, mode) };
  }
  if (!range) throw new ScriptError(block.line, 'invalid evaluation command');
  const [, mode, start, end, step, query] = range;
  const time = block.try(() => rangeOf(start!, end!, step!));
  return { kind: 'eval', line: block.line, query: query!, time, expect: parseExpectation(block, mode) };
}

function rangeOf(start: string, end: string, step: string): Range {
  const range = { start: parseDuration(start), end: parseDuration(end), step: parseDuration(step) };
  if (range.end < range.start)
    throw new SyntaxError(`end timestamp (${end}) is before start timestamp (${start})`);
  return range;
}

function parseExpectation(block: Block, mode: string | undefined): Expectation {
  const series: ExpectedSeries[] = [];
  let value: ExpectedValue = { type: 'series', series };
  let matrix: Range | undefined;
  const said = new Said();
  block.each((line) => {
    const steps = /^expect range vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/.exec(line);
    const number = scalarOf(line);
    if (steps) matrix = rangeOf(steps[1]!, steps[2]!, steps[3]!);
    else if (line.startsWith('expect string '))
      value = { type: 'string', value: unquote(line.slice(14).trim()) };
    else if (/^expect(ed_fail_\w+)?\s/.test(line)) said.read(line);
    else if (number !== undefined) value = { type: 'scalar', value: number };
    else series.push(parseSeries(line));
  });
  return {
    ordered: mode === 'ordered' || said.ordered,
    fail: said.fail ?? (mode === 'fail' ? /^/ : undefined),
    warn: mode === 'warn' ? 'some' : said.annotations('warn'),
    info: mode === 'info' ? 'some' : said.annotations('info'),
    value,
    matrix,
  };
}

/** What the `expect …` lines of a command say, apart from values. */
class Said {
  ordered = false;
  fail: Message | undefined;
  readonly #messages: { readonly kind: string; readonly message: Message }[] = [];

  read(line: string): void {
    const old = /^expected_fail_(message|regexp)\s+(.*)$/.exec(line);
    const match = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(msg|regex):(.+))?$/.exec(line);
    if (old) this.fail = old[1] === 'message' ? old[2]! : new RegExp(old[2]!);
    else if (!match) throw new SyntaxError('invalid expect statement');
    else this.#take(match[1]!, messageOf(match[2], match[3]));
  }

  #take(kind: string, message: Message): void {
    if (kind === 'ordered') this.ordered = true;
    else if (kind === 'fail') this.fail = message;
    else this.#messages.push({ kind, message });
  }

  annotations(kind: 'warn' | 'info'): Annotations {
    const none = this.#messages.some((said) => said.kind === `no_${kind}`);
    const wanted = this.#messages.filter((said) => said.kind === kind).map(({ message }) => message);
    if (none && wanted.length > 0) throw new SyntaxError(`${kind} and no_${kind} cannot be used together`);
    return none ? 'none' : wanted.length > 0 ? wanted : 'any';
  }
}

function messageOf(form: string | undefined, text: string | undefined): Message {
  if (form === undefined) return /^/;
  return form === 'msg' ? text!.trim() : new RegExp(text!.trim());
}
