import { type Budget, checkEvery } from '../budget.ts';
import type { LabelColumn } from '../queryable.ts';
import type { Fold } from './fold.ts';
import type { Scan } from './scan.ts';

/** How many pieces work is cut into. More pieces than targets would be empty. */
export const pieceCount = 64;

/** Neighbouring pieces that are folded in one go: from … to − 1. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** The pieces that nobody has taken yet: a counter in shared memory, from which each thread takes the next ones. */
export class Pieces {
  readonly board: Int32Array<SharedArrayBuffer>;
  readonly #largest: number;

  /** `largest` is how many pieces are taken at once at most. */
  constructor(largest: number, board = new Int32Array(new SharedArrayBuffer(4))) {
    this.board = board;
    this.#largest = largest;
  }

  get left(): number {
    return pieceCount - Atomics.load(this.board, 0);
  }

  /**
   * The next pieces; undefined when there are none. Fewer towards the end, so that nobody waits long for the last
   * ones; several before, because each batch goes through the whole files of a block.
   */
  take(): Batch | undefined {
    for (;;) {
      const from = Atomics.load(this.board, 0);
      if (from >= pieceCount) return undefined;
      const to = from + Math.min(Math.ceil((pieceCount - from) / 4), this.#largest);
      if (Atomics.compareExchange(this.board, 0, from, to) === from) return { from, to };
    }
  }

  /** Leaves nothing to take. */
  close(): void {
    Atomics.store(this.board, 0, pieceCount);
  }
}

/** The series of a scan in pieces. Two threads that opened it at different moments agree on what both have. */
export class CutScan {
  /** The piece of each series. */
  readonly #pieces: Uint8Array;
  readonly #folds: readonly Fold[];

  /** Series with the same value of a label are in the same piece: a target's series share their times. */
  constructor(scan: Scan, label: string, folds: readonly Fold[]) {
    const column = scan.column(label);
    const pieces = piecesOf(column);
    this.#pieces = new Uint8Array(scan.length);
    for (let series = 0; series < scan.length; series++) this.#pieces[series] = pieces[column.ids[series]!]!;
    this.#folds = folds;
  }

  fold({ from, to }: Batch, budget: Budget): void {
    const pieces = this.#pieces;
    let folded = 0;
    for (let series = 0; series < pieces.length; series++) {
      const piece = pieces[series]!;
      if (piece < from || piece >= to) continue;
      if (folded++ % checkEvery === 0) budget.check();
      for (const fold of this.#folds) fold.add(series);
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
