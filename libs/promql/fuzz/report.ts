import type { Ask } from './ask.ts';

/** A query that the two answer differently, as small as it could be made. */
export interface Finding {
  readonly ask: Ask;
  readonly fault: string;
}

export interface Report {
  compared: number;
  /** Of those, how many both refused, and how many both answered with nothing. */
  refused: number;
  empty: number;
  /** Comparisons that an accepted difference explains, by its name. */
  readonly explained: Map<string, number>;
  readonly findings: Finding[];
}

export function emptyReport(): Report {
  return { compared: 0, refused: 0, empty: 0, explained: new Map(), findings: [] };
}

export function summaryOf({ compared, refused, empty, explained, findings }: Report): string {
  return [
    `${compared} queries compared: ${refused} refused by both, ${empty} empty for both, ${findings.length} different`,
    ...[...explained].map(([name, times]) => `${times} × ${name}`),
  ].join('\n');
}
