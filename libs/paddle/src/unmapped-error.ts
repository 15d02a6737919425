import type { Value } from './graph.ts';

/** What an operation asks for and the translation does not have: becomes one entry of `UnsupportedModelError`. */
export class UnmappedError extends Error {
  override name = 'UnmappedError';
  /** Operands whose numbers were needed and are not known. */
  readonly unknown: readonly Value[];

  constructor(what: string, unknown: readonly Value[] = []) {
    super(what);
    this.unknown = unknown;
  }
}
