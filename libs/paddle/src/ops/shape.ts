import type { Op, Translate } from '../op.ts';

/** The same elements in another shape, order or number. */
export const shape: Readonly<Record<string, Translate>> = {
  assign: (op) => op.input(0),
  assign_out_: (op) => {
    op.ignoreInputs(1);
    return op.input(0);
  },
  share_data_: (op) => op.input(0),
  cast: (op) => {
    op.ignoreAttributes('dtype', 'in_dtype', 'out_dtype');
    return op.cast(op.input(0), op.result().type);
  },
  channel_shuffle: channelShuffle,
  expand: (op) => op.emit('Expand', [op.input(0), expandedShape(op)]),
  expand_as: (op) => {
    const target = op.numbers('target_shape', []);
    const like = op.optionalValue(1);
    return op.emit('Expand', [
      op.input(0),
      like ? op.emit('Shape', [op.nameOf(like)]) : op.ints(target.map((dim) => Math.max(dim, 1))),
    ]);
  },
  flatten,
  numel: (op) => op.cast(op.emit('Size', [op.input(0)]), op.result().type),
  pixel_shuffle: (op) => {
    op.require('data_format', 'NCHW');
    return op.emit('DepthToSpace', [op.input(0)], { blocksize: op.number('upscale_factor'), mode: 'CRD' });
  },
  reshape: (op) => op.emit('Reshape', [op.input(0), op.sizes(1)]),
  shape: shapeOf,
  shape64: shapeOf,
  squeeze,
  tile,
  transpose: (op) => op.emit('Transpose', [op.input(0)], { perm: op.numbers('perm') }),
  tril: (op) => trilu(op, false),
  triu: (op) => trilu(op, true),
  tril_triu: (op) => trilu(op, !op.flag('lower')),
  unsqueeze: (op) => op.emit('Unsqueeze', [op.input(0), op.sizes(1)]),
};

function shapeOf(op: Op): string {
  const sizes = op.emit('Shape', [op.input(0)]);
  const type = op.result().type;
  return type === 'int64' ? sizes : op.cast(sizes, type);
}

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

/** Axes of another size than 1 stay as they are; no axes means all of size 1. */
function squeeze(op: Op): string {
  const dims = op.value(0).dims;
  const named = op.knownOr(1, 'axis').map((axis) => (axis < 0 ? axis + dims.length : axis));
  const all = dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  const axes = named.length === 0 ? all : named.filter((axis) => dims[axis] === 1 || dims[axis] === -1);
  return axes.length === 0 ? op.input(0) : op.emit('Squeeze', [op.input(0), op.ints(axes)]);
}

/** −1 keeps a size, which ONNX says by 1: it broadcasts both ways. */
function expandedShape(op: Op): string {
  const known = op.known(1);
  if (known) return op.ints(known.map((dim) => Math.max(dim, 1)));
  const sizes = op.sizes(1);
  return op.emit('Max', [sizes, op.ints([1])]);
}

/** Paddle lines repeats and shape up from the end; ONNX wants them equally long. */
function tile(op: Op): string {
  const repeats = op.knownOr(1, 'number of repeats');
  const rank = op.rank();
  const missing = Array<number>(Math.max(0, rank - repeats.length)).fill(1);
  const leading = Array.from({ length: Math.max(0, repeats.length - rank) }, (_, i) => i);
  const x = leading.length === 0 ? op.input(0) : op.emit('Unsqueeze', [op.input(0), op.ints(leading)]);
  return op.emit('Tile', [x, op.ints([...missing, ...repeats])]);
}

function trilu(op: Op, upper: boolean): string {
  return op.emit('Trilu', [op.input(0), op.scalar('int64', op.number('diagonal'))], {
    upper: Number(upper),
  });
}

function channelShuffle(op: Op): string {
  op.require('data_format', 'NCHW');
  const groups = op.number('groups');
  const x = op.input(0);
  const channels = op.value(0).dims[1]! / groups;
  const grouped = op.emit('Reshape', [x, op.ints([0, groups, channels, -1])]);
  const swapped = op.emit('Transpose', [grouped], { perm: [0, 2, 1, 3] });
  return op.emit('Reshape', [swapped, op.emit('Shape', [x])]);
}
