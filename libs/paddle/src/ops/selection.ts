import type { Op, Translate } from '../op.ts';
import { tensorOf } from '../tensor.ts';

/** Elements chosen by index or by condition. */
export const selection: Readonly<Record<string, Translate>> = {
  gather: (op) => {
    const [axis = 0] = op.knownOr(2, 'axis');
    return op.emit('Gather', [op.input(0), op.input(1)], { axis });
  },
  gather_nd: (op) => op.emit('GatherND', [op.input(0), op.input(1)]),
  index_select: (op) => op.emit('Gather', [op.input(0), op.input(1)], { axis: op.number('axis') }),
  index_sample: (op) => op.emit('GatherElements', [op.input(0), op.input(1)], { axis: 1 }),
  take_along_axis: (op) => op.emit('GatherElements', [op.input(0), op.input(1)], { axis: op.number('axis') }),
  embedding,
  one_hot: oneHot,
  masked_fill: (op) => op.emit('Where', [op.input(1), op.input(2), op.input(0)]),
  nonzero: (op) => op.emit('Transpose', [op.emit('NonZero', [op.input(0)])], { perm: [1, 0] }),
  scatter_nd_add: (op) => op.emit('ScatterND', [op.input(0), op.input(1), op.input(2)], { reduction: 'add' }),
};

/** Rows of the table by id; the padding id gives zeros. */
function embedding(op: Op): string {
  op.ignoreAttributes('sparse', 'is_sparse', 'is_distributed', 'remote_prefetch');
  const padding = op.number('padding_idx', -1);
  const rows = op.emit('Gather', [op.input(1), op.input(0)]);
  if (padding === -1) return rows;
  const isPadding = op.emit('Equal', [op.input(0), op.scalar(op.type(), padding)]);
  return op.emit('Where', [op.emit('Unsqueeze', [isPadding, op.ints([-1])]), op.scalar(op.type(1), 0), rows]);
}

function oneHot(op: Op): string {
  op.ignoreAttributes('dtype', 'allow_out_of_range');
  const depth = op.emit('Reshape', [op.sizes(1), op.ints([])]);
  return op.emit('OneHot', [op.input(0), depth, op.constant(tensorOf(op.result().type, [2], [0, 1]))]);
}
