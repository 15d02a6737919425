/** Words that random queries are made of. */
export const arithmetic = ['+', '-', '*', '/', '%', '^', 'atan2'];
export const comparisons = ['==', '!=', '<', '>', '<=', '>='];
/** Scalars as they are written. */
export const numbers = [
  '0',
  '1',
  '2',
  '-1',
  '0.5',
  '10',
  '1e3',
  '0x1F',
  'NaN',
  'Inf',
  '-Inf',
  '100',
  '-3.7',
  '1e-9',
];
