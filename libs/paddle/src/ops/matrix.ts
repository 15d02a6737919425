import type { Op, Translate } from '../op.ts';

/** Products of matrices and vectors. */
export const matrix: Readonly<Record<string, Translate>> = {
  matmul,
  bmm: (op) => op.emit('MatMul', [op.input(0), op.input(1)]),
  mv: (op) => op.emit('MatMul', [op.input(0), op.input(1)]),
  dot: (op) =>
    op.emit('ReduceSum', [op.emit('Mul', [op.input(0), op.input(1)]), op.ints([-1])], { keepdims: 0 }),
  addmm,
  einsum: (op) =>
    op.emit(
      'Einsum',
      op.values(0).map((value) => op.nameOf(value)),
      { equation: op.text('equation') },
    ),
  mul,
};

function matmul(op: Op): string {
  const x = lastTwoSwapped(op, 0, op.flag('transpose_x'));
  const y = lastTwoSwapped(op, 1, op.flag('transpose_y'));
  const product = op.emit('MatMul', [x, y]);
  const alpha = op.number('alpha', 1);
  return alpha === 1 ? product : op.emit('Mul', [product, op.scalar(op.type(), alpha)]);
}

/** β·input + α·x·y */
function addmm(op: Op): string {
  const times = (name: string, factor: number) =>
    factor === 1 ? name : op.emit('Mul', [name, op.scalar(op.type(), factor)]);
  const product = op.emit('MatMul', [op.input(1), op.input(2)]);
  return op.emit('Add', [times(op.input(0), op.number('beta')), times(product, op.number('alpha'))]);
}

/** A vector has nothing to swap. */
function lastTwoSwapped(op: Op, operand: number, swap: boolean): string {
  const rank = op.rank(operand);
  if (!swap || rank < 2) return op.input(operand);
  const axes = Array.from({ length: rank }, (_, i) => i);
  const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
  return op.emit('Transpose', [op.input(operand)], { perm });
}

/** Paddle 2's product of tensors flattened to matrices; the result has the unflattened outer dims. */
function mul(op: Op): string {
  const columns = op.number('x_num_col_dims');
  op.require('y_num_col_dims', 1);
  if (op.rank(1) !== 2) op.unmapped(`${op.name} with a second operand of rank ${op.rank(1)}`);
  if (columns === op.rank(0) - 1) return op.emit('MatMul', [op.input(0), op.input(1)]);
  const kept = Array.from({ length: columns }, () => 0);
  return op.emit('MatMul', [op.emit('Reshape', [op.input(0), op.ints([...kept, -1])]), op.input(1)]);
}
