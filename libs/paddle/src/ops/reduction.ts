import type { Op, Translate } from '../op.ts';

/** Functions that take one or more axes together, and orders along an axis. */
export const reduction: Readonly<Record<string, Translate>> = {
  sum: (op) => {
    op.ignoreAttributes('dtype');
    const type = op.result().type;
    return reduce(op, 'ReduceSum', op.type() === type ? op.input(0) : op.cast(op.input(0), type));
  },
  mean: (op) => reduce(op, 'ReduceMean', op.input(0)),
  max: (op) => reduce(op, 'ReduceMax', op.input(0)),
  min: (op) => reduce(op, 'ReduceMin', op.input(0)),
  amax: (op) => reduce(op, 'ReduceMax', op.input(0)),
  amin: (op) => reduce(op, 'ReduceMin', op.input(0)),
  prod: (op) => reduce(op, 'ReduceProd', op.input(0)),
  logsumexp: (op) => reduce(op, 'ReduceLogSumExp', op.input(0)),
  all: (op) => op.cast(reduce(op, 'ReduceMin', op.cast(op.input(0), 'int32')), 'bool'),
  any: (op) => op.cast(reduce(op, 'ReduceMax', op.cast(op.input(0), 'int32')), 'bool'),
  p_norm: norm,
  argmax: (op) => extreme(op, 'ArgMax'),
  argmin: (op) => extreme(op, 'ArgMin'),
  argsort,
  topk,
  cumsum,
};

/** Axes are an attribute or operand 1; none means all. */
function reduce(op: Op, operator: string, x: string): string {
  op.ignoreAttributes('in_dtype', 'out_dtype');
  const axes = op.has('axis') ? op.numbers('axis') : op.values(1).length > 0 ? op.knownOr(1, 'axis') : [];
  const keepdims = Number(op.flag('keepdim'));
  const all = op.flag('reduce_all', false) || axes.length === 0;
  return op.emit(operator, all ? [x] : [x, op.ints(axes)], { keepdims });
}

function norm(op: Op): string {
  op.ignoreAttributes('epsilon'); // only the gradient divides by the norm
  const order = op.number('porder');
  const operator = new Map([
    [1, 'ReduceL1'],
    [2, 'ReduceL2'],
  ]).get(order);
  if (operator === undefined) op.unmapped(`attribute porder=${order} of ${op.name}`);
  const keepdims = Number(op.flag('keepdim'));
  const axis = op.ints([op.number('axis')]);
  return op.flag('asvector', false)
    ? op.emit(operator, [op.input(0)], { keepdims })
    : op.emit(operator, [op.input(0), axis], { keepdims });
}

function extreme(op: Op, operator: string): string {
  op.ignoreAttributes('dtype');
  const [axis = 0] = op.knownOr(1, 'axis');
  const keepdims = op.flag('keepdims');
  const flat = op.flag('flatten');
  const x = flat ? op.emit('Reshape', [op.input(0), op.ints([-1])]) : op.input(0);
  const index = op.emit(operator, [x], { axis: flat ? 0 : axis, keepdims: Number(keepdims && !flat) });
  const shaped =
    keepdims && flat ? op.emit('Reshape', [index, op.ints(Array<number>(op.rank()).fill(1))]) : index;
  const type = op.result().type;
  return type === 'int64' ? shaped : op.cast(shaped, type);
}

function topk(op: Op): string[] {
  const axis = op.axis('axis');
  const attributes = { axis, largest: Number(op.flag('largest')), sorted: Number(op.flag('sorted')) };
  return op.emitMany('TopK', [op.input(0), op.sizes(1)], attributes, 2);
}

/** All of the axis' elements as the top ones. Results: sorted values, their indices. */
function argsort(op: Op): string[] {
  op.ignoreAttributes('stable'); // TopK is: among equals the lower index is first
  const axis = op.axis('axis');
  const size = op.emit('Shape', [op.input(0)], { start: axis, end: axis + 1 });
  return op.emitMany(
    'TopK',
    [op.input(0), size],
    { axis, largest: Number(op.flag('descending')), sorted: 1 },
    2,
  );
}

function cumsum(op: Op): string {
  const [axis = 0] = op.knownOr(1, 'axis');
  const flat = op.flag('flatten');
  const x = flat ? op.emit('Reshape', [op.input(0), op.ints([-1])]) : op.input(0);
  return op.emit('CumSum', [x, op.scalar('int64', flat ? 0 : axis)], {
    exclusive: Number(op.flag('exclusive')),
    reverse: Number(op.flag('reverse')),
  });
}
