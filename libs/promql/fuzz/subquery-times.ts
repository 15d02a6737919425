import type { Expr } from '../src/ast.ts';
import { durationMs } from '../src/plan/durations.ts';
import type { Times } from './ask.ts';

/** The times at which a subquery evaluates what is inside; undefined where it has no step. @throws QueryError */
export function timesInside(subquery: Extract<Expr, { kind: 'subquery' }>, at: Times): Times | undefined {
  const [start, end] = at.kind === 'instant' ? [at.time, at.time] : [at.start, at.end];
  const query = { start, end, step: at.kind === 'instant' ? 0 : at.step };
  const length = subquery.rangeExpr ? durationMs(subquery.rangeExpr, query, false) : subquery.range;
  const written = subquery.stepExpr ? durationMs(subquery.stepExpr, query, false) : subquery.step;
  const offset = subquery.offsetExpr ? durationMs(subquery.offsetExpr, query, true) : subquery.offset;
  const pinned = subquery.at === 'start' ? start : subquery.at === 'end' ? end : subquery.at;
  const step = written === 0 ? 60_000 : written;
  const first = (Math.floor(((pinned ?? start) - offset - length) / step) + 1) * step;
  const last = (pinned ?? end) - offset;
  return first <= last ? { kind: 'range', start: first, end: last, step } : undefined;
}

/** A text in which `start()` and the like are numbers, so that it can be asked at other times. */
export function withNumbers(text: string, at: Times): string {
  const [start, end, step] = at.kind === 'instant' ? [at.time, at.time, 0] : [at.start, at.end, at.step];
  const seconds = { 'start()': start, 'end()': end, 'step()': step, 'range()': end - start };
  return Object.entries(seconds).reduce((now, [name, ms]) => now.replaceAll(name, String(ms / 1000)), text);
}
