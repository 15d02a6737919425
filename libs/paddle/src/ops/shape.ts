import type { Op, Translate } from '../op.ts';

/** The same elements in another shape or order. */
export const shape: Readonly<Record<string, Translate>> = {
  reshape: (op) => op.emit('Reshape', [op.input(0), op.sizes(1)]),
  flatten,
};

function flatten(op: Op): string {
  const rank = op.rank();
  const start = op.axis('start_axis', rank);
  const stop = op.axis('stop_axis', rank);
  if (rank === 0) return op.emit('Reshape', [op.input(0), op.ints([1])]);
  const dims = op.value(0).dims;
  const before = dims.slice(0, start).map(() => 0);
  const after = dims.slice(stop + 1);
  if (after.every((dim) => dim > 0))
    return op.emit('Reshape', [op.input(0), op.ints([...before, -1, ...after])]);
  const tail = op.emit('Shape', [op.input(0)], { start: stop + 1 });
  return op.emit('Reshape', [op.input(0), op.emit('Concat', [op.ints([...before, -1]), tail], { axis: 0 })]);
}
