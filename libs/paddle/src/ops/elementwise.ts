import type { Op, Translate } from '../op.ts';

/** Functions of two tensors that broadcast, and of a tensor and a number. */
export const elementwise: Readonly<Record<string, Translate>> = {
  add: binary('Add'),
  add_n: (op) =>
    op.emit(
      'Sum',
      op.values(0).map((value) => op.nameOf(value)),
    ),
  subtract: binary('Sub'),
  multiply: binary('Mul'),
  divide: binary('Div'),
  elementwise_pow: binary('Pow'),
  maximum: binary('Max'),
  minimum: binary('Min'),
  fmax: binary('Max'),
  fmin: binary('Min'),
  remainder,
  floor_divide: floorDivide,
  pow: (op) => op.emit('Pow', [op.input(0), op.scalar(op.type(), op.number('y'))]),
  scale,

  equal: binary('Equal'),
  not_equal: (op) => op.emit('Not', [binary('Equal')(op) as string]),
  less_than: binary('Less'),
  less_equal: binary('LessOrEqual'),
  greater_than: binary('Greater'),
  greater_equal: binary('GreaterOrEqual'),
  logical_and: binary('And'),
  logical_or: binary('Or'),
  logical_xor: binary('Xor'),
  logical_not: (op) => op.emit('Not', [op.input(0)]),
  isnan: (op) => op.emit('IsNaN', [op.input(0)]),
  isinf: (op) => op.emit('IsInf', [op.input(0)]),
  isfinite: (op) =>
    op.emit('Not', [op.emit('Or', [op.emit('IsInf', [op.input(0)]), op.emit('IsNaN', [op.input(0)])])]),
  bitwise_and: bitwise('And', 'BitwiseAnd'),
  bitwise_or: bitwise('Or', 'BitwiseOr'),
  bitwise_not: (op) => op.emit(op.type() === 'bool' ? 'Not' : 'BitwiseNot', [op.input(0)]),
  where: (op) => op.emit('Where', [op.input(0), op.input(1), op.input(2)]),
};

function binary(operator: string): Translate {
  return (op) => op.emit(operator, operands(op));
}

function bitwise(onBooleans: string, onIntegers: string): Translate {
  return (op) => op.emit(op.type() === 'bool' ? onBooleans : onIntegers, operands(op));
}

/**
 * Both operands. Paddle 2 lines the second one up with the first from `axis` on; ONNX lines up from the end, so the
 * second gets trailing ones.
 */
function operands(op: Op): [string, string] {
  op.ignoreAttributes('force_cpu');
  const axis = op.number('axis', -1);
  const [x, y] = [op.rank(0), op.rank(1)];
  if (axis === -1 || axis + y === x || x <= y) return [op.input(0), op.input(1)];
  const trailing = Array.from({ length: x - axis - y }, (_, i) => y + i);
  return [op.input(0), op.emit('Unsqueeze', [op.input(1), op.ints(trailing)])];
}

function isInteger(op: Op): boolean {
  return /^u?int/.test(op.type());
}

/** As in Python: the result has the divisor's sign. ONNX does so for integers only. */
function remainder(op: Op): string {
  const [x, y] = operands(op);
  if (isInteger(op)) return op.emit('Mod', [x, y]);
  return op.emit('Sub', [x, op.emit('Mul', [op.emit('Floor', [op.emit('Div', [x, y])]), y])]);
}

/** As in Python: towards minus infinity. ONNX' integer Div goes towards zero. */
function floorDivide(op: Op): string {
  const [x, y] = operands(op);
  if (!isInteger(op)) return op.emit('Floor', [op.emit('Div', [x, y])]);
  return op.emit('Div', [op.emit('Sub', [x, op.emit('Mod', [x, y])]), y]);
}

/** x·scale + bias, or (x + bias)·scale; in the type of x. */
function scale(op: Op): string {
  const type = op.type();
  const factor = op.emit('Reshape', [op.cast(op.input(1), type), op.ints([])]);
  const bias = op.number('bias');
  const shift = (name: string) => (bias === 0 ? name : op.emit('Add', [name, op.scalar(type, bias)]));
  return op.flag('bias_after_scale')
    ? shift(op.emit('Mul', [op.input(0), factor]))
    : op.emit('Mul', [shift(op.input(0)), factor]);
}
