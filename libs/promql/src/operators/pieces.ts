import { type Budget, checkEvery } from '../budget.ts';
import type { LabelColumn } from '../queryable.ts';
import type { Fold } from './fold.ts';
import type { Scan } from './scan.ts';

/**
 * How many pieces work is cut into. Whoever is done first waits for the other's last piece, and a query that comes
 * to a thread which lends a hand waits for one piece: a hundredth of the work at most. More pieces than targets
 * would be empty.
 */
export const pieceCount = 64;

/** The pieces that nobody has taken yet: a counter in shared memory, from which each thread takes the next. */
export class Pieces {
  readonly board: Int32Array<SharedArrayBuffer>;

  constructor(board = new Int32Array(new SharedArrayBuffer(4))) {
    this.board = board;
  }

  get left(): boolean {
    return Atomics.load(this.board, 0) < pieceCount;
  }

  /** The next piece; undefined when there is none. */
  take(): number | undefined {
    const piece = Atomics.add(this.board, 0, 1);
    return piece < pieceCount ? piece : undefined;
  }

  /** Leaves nothing to take. */
  close(): void {
    Atomics.store(this.board, 0, pieceCount);
  }
}

/** The series of a scan piece by piece. Two threads that opened it at different moments agree on what both have. */
export class CutScan {
  readonly #order: Uint32Array;
  /** Where each piece begins in the order; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #folds: readonly Fold[];

  /** Series with the same value of a label are in the same piece: a target's series share their times. */
  constructor(scan: Scan, label: string, folds: readonly Fold[]) {
    const column = scan.column(label);
    const pieces = piecesOf(column);
    const starts = new Uint32Array(pieceCount + 1);
    for (const id of column.ids) starts[pieces[id]! + 1]!++;
    for (let piece = 0; piece < pieceCount; piece++) starts[piece + 1]! += starts[piece]!;
    const next = starts.slice();
    this.#order = new Uint32Array(scan.length);
    for (let series = 0; series < scan.length; series++)
      this.#order[next[pieces[column.ids[series]!]!]!++] = series;
    this.#starts = starts;
    this.#folds = folds;
  }

  fold(piece: number, budget: Budget): void {
    const start = this.#starts[piece]!;
    const end = this.#starts[piece + 1]!;
    for (let i = start; i < end; i++) {
      if ((i - start) % checkEvery === 0) budget.check();
      for (const fold of this.#folds) fold.add(this.#order[i]!);
    }
  }
}

/** How evenly a label would cut: the number of pieces that are not empty. */
export function evenness(column: LabelColumn): number {
  return new Set(piecesOf(column)).size;
}

/** The piece of each value of a column, by a hash of its text, which is the same in every thread. */
function piecesOf({ values }: LabelColumn): Uint8Array {
  return Uint8Array.from(values, (text) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return (hash ^ (hash >>> 15)) & (pieceCount - 1);
  });
}
