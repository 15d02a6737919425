import type { Labels } from '@paddlewatch/model';

/** An exemplar as a page has it. */
export interface PageExemplar {
  readonly labels: Labels;
  readonly value: number;
  /** Milliseconds; undefined where the page does not say when. */
  readonly timestamp: number | undefined;
}
