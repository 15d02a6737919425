import type { Op, Translate } from '../op.ts';
import { tensorOf } from '../tensor.ts';

/** Tensors out of attributes and sizes. What is known before the run becomes a constant of the graph. */
export const creation: Readonly<Record<string, Translate>> = {
  full: (op) => {
    op.ignoreAttributes('dtype');
    return op.fold(tensorOf(op.result().type, op.numbers('shape'), [op.number('value')]));
  },
  full_int_array: (op) => {
    op.ignoreAttributes('dtype');
    const values = op.numbers('value');
    return op.fold(tensorOf(op.result().type, [values.length], values));
  },
  full_with_tensor: fullWithTensor,
  full_like: (op) => {
    op.ignoreAttributes('dtype');
    const value = op.cast(op.input(1), op.result().type);
    return op.emit('Expand', [scalar(op, value), op.emit('Shape', [op.input(0)])]);
  },
  assign_value: assignValue,
  assign_value_: assignValue,
  arange: (op) => {
    op.ignoreAttributes('dtype');
    const type = op.result().type;
    return op.emit(
      'Range',
      [0, 1, 2].map((i) => scalar(op, op.cast(op.input(i), type))),
    );
  },
  linspace,
  meshgrid,
};

/** Operands: value, shape. */
function fullWithTensor(op: Op): string | readonly string[] {
  op.ignoreAttributes('dtype', 'value', 'str_value', 'force_cpu', 'place_type');
  const type = op.result().type;
  const [value, shape] = [op.known(0), op.known(1)];
  if (value && shape) return op.fold(tensorOf(type, shape, [value[0]!]));
  return op.emit('Expand', [scalar(op, op.cast(op.input(0), type)), op.sizes(1)]);
}

/** Paddle 2 keeps the values in an attribute for each type, Paddle 3 in one; operand 0 is what gets overwritten. */
function assignValue(op: Op): readonly string[] {
  op.ignoreInputs(0);
  op.ignoreAttributes('dtype');
  const lists = [
    'values',
    'fp32_values',
    'fp64_values',
    'int32_values',
    'int64_values',
    'bool_values',
    'int8_values',
  ];
  const values = lists.flatMap((name) => op.numbersOrFlags(name));
  return op.fold(tensorOf(op.result().type, op.numbers('shape'), values));
}

function linspace(op: Op): readonly string[] {
  op.ignoreAttributes('dtype');
  const [start] = op.knownOr(0, 'start');
  const [stop] = op.knownOr(1, 'stop');
  const [count] = op.knownOr(2, 'count');
  const step = count! > 1 ? (stop! - start!) / (count! - 1) : 0;
  const values = Array.from({ length: count! }, (_, i) => start! + i * step);
  return op.fold(tensorOf(op.result().type, [count!], values));
}

/** Each vector along its own axis, repeated along the others. */
function meshgrid(op: Op): string[] {
  const vectors = op.values(0);
  const sizes = vectors.map((value) =>
    op.emit('Reshape', [op.emit('Size', [op.nameOf(value)]), op.ints([1])]),
  );
  const grid = op.emit('Concat', sizes, { axis: 0 });
  return vectors.map((value, i) => {
    const along = vectors.map((_, axis) => (axis === i ? -1 : 1));
    return op.emit('Expand', [op.emit('Reshape', [op.nameOf(value), op.ints(along)]), grid]);
  });
}

function scalar(op: Op, name: string): string {
  return op.emit('Reshape', [name, op.ints([])]);
}
