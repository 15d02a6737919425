import { goFloat, quoteString } from '@paddlewatch/model';
import type { Span } from './ast.ts';
import { describeFall, type Fall, joinFalls } from './functions/buckets/fall.ts';
import { position } from './syntax/error.ts';

const mostShown = 10;

export interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** Remarks on an answer, each said once for a place in the query. Wording and positions are Prometheus'. */
export class Annotations {
  readonly #query: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();
  /** By place and text: what the text goes on with. */
  readonly #falls = new Map<string, { text: string; span: Span; fall: Fall }>();

  constructor(query: string) {
    this.#query = query;
  }

  warn(text: string, span: Span): void {
    this.#warnings.add(this.#placed(`PromQL warning: ${text}`, span));
  }

  info(text: string, span: Span): void {
    this.#infos.add(this.#placed(`PromQL info: ${text}`, span));
  }

  /** An info about counts that fell; those of one text and place become one. */
  infoOnFall(text: string, fall: Fall, span: Span): void {
    const key = `${span.from} ${text}`;
    const known = this.#falls.get(key);
    this.#falls.set(key, { text, span, fall: known ? joinFalls(known.fall, fall) : fall });
  }

  /** A warning of the storage, passed on as it is. */
  relay(warning: string): void {
    this.#warnings.add(warning);
  }

  /** Everything that was said, to be said by another; see `repeat`. */
  get all(): Remarks {
    return { warnings: [...this.#warnings], infos: [...this.#infos] };
  }

  /** What was remarked on another part of the same work. */
  repeat({ warnings, infos }: Remarks): void {
    for (const warning of warnings) this.#warnings.add(warning);
    for (const info of infos) this.#infos.add(info);
  }

  warnings(): string[] {
    return shown(this.#warnings, 'warning');
  }

  infos(): string[] {
    const falls = [...this.#falls.values()].map(({ text, span, fall }) =>
      this.#placed(`PromQL info: ${text}, ${describeFall(fall)}`, span),
    );
    return shown(new Set([...this.#infos, ...falls]), 'info');
  }

  #placed(text: string, { from }: Span): string {
    return `${text} (${position(this.#query, from)})`;
  }
}

function shown(all: Set<string>, kind: string): string[] {
  const list = [...all];
  if (list.length <= mostShown) return list;
  return [...list.slice(0, mostShown), `${list.length - mostShown} more ${kind} annotations omitted`];
}

/** ` for metric name "x"`, or nothing where the name is not known. */
export function forMetric(name: string): string {
  return name === '' ? '' : ` for metric name ${quoteString(name)}`;
}

export function quantileOutOfRange(q: number): string {
  return `quantile value should be between 0 and 1, got ${goFloat(q)}`;
}
