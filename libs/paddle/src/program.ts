import type { Graph, NamedValue } from './graph.ts';

/** A parsed program before its parameters are read. */
export interface Program extends Graph {
  readonly parameters: readonly NamedValue[];
}
