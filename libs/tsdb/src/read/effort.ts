/**
 * A piece of the work that finding series takes: a byte of a table that is read for the first time, a value of a label
 * that is looked at, a postings list, one of its members, a series that was found, one whose labels are put together.
 */
export type IndexPiece = 'byte' | 'value' | 'list' | 'posting' | 'found' | 'series';

/** Hears of work before it is done. It may throw to prevent it. */
export type Effort = (piece: IndexPiece, pieces: number) => void;
