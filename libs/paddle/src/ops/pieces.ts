import type { Op, Translate } from '../op.ts';

/** Tensors joined, cut, padded and turned along their axes. */
export const pieces: Readonly<Record<string, Translate>> = {
  concat: (op) => {
    const [axis = 0] = op.knownOr(1, 'axis');
    return op.emit('Concat', names(op), { axis });
  },
  stack: (op) => {
    const axis = op.number('axis');
    const lifted = names(op).map((name) => op.emit('Unsqueeze', [name, op.ints([axis])]));
    return op.emit('Concat', lifted, { axis });
  },
  split,
  split_with_num: (op) => {
    const [axis = 0] = op.knownOr(1, 'axis');
    const num = op.number('num');
    return op.emitMany('Split', [op.input(0)], { axis, num_outputs: num }, num);
  },
  unbind: (op) => {
    const axis = op.number('axis');
    const count = op.results().length;
    const parts = op.emitMany('Split', [op.input(0)], { axis, num_outputs: count }, count);
    return parts.map((part) => op.emit('Squeeze', [part, op.ints([axis])]));
  },
  slice: (op) => cut(op, op.sizes(1), op.sizes(2)),
  strided_slice: stridedSlice,
  flip: (op) => {
    const axes = op.numbers('axis');
    const each = (value: number) => op.ints(axes.map(() => value));
    return op.emit('Slice', [op.input(0), each(-1), each(Number.MIN_SAFE_INTEGER), op.ints(axes), each(-1)]);
  },
  roll,
  pad,
  pad3d,
};

function names(op: Op): string[] {
  return op.values(0).map((value) => op.nameOf(value));
}

/** One section may be −1: what the others leave. Paddle 2 may give a number of equal parts instead. */
function split(op: Op): string[] {
  const [axis = 0] = op.knownOr(2, 'axis');
  const num = op.number('num', 0);
  const count = op.results().length;
  const sections = op.knownOr(1, 'section');
  if (num > 0 || sections.length === 0)
    return op.emitMany('Split', [op.input(0)], { axis, num_outputs: count }, count);
  const dims = op.value(0).dims;
  const size = dims[axis < 0 ? axis + dims.length : axis]!;
  const known = sections.reduce((sum, section) => sum + Math.max(section, 0), 0);
  if (sections.includes(-1) && size < 0)
    op.unmapped(`${op.name} into sections of a size computed at run time`);
  const sizes = sections.map((section) => (section < 0 ? size - known : section));
  return op.emitMany('Split', [op.input(0), op.ints(sizes)], { axis }, count);
}

function cut(op: Op, starts: string, ends: string, steps?: string): string {
  op.ignoreAttributes('infer_flags');
  const axes = op.ints(op.numbers('axes'));
  const part = op.emit('Slice', [op.input(0), starts, ends, axes, ...(steps ? [steps] : [])]);
  const dropped = op.numbers('decrease_axis', []);
  return dropped.length === 0 ? part : op.emit('Squeeze', [part, op.ints(dropped)]);
}

/** Backwards, Paddle means by the end −1 «past the first element»; in ONNX it is the last one. */
function stridedSlice(op: Op): string {
  const strides = op.knownOr(3, 'stride');
  if (strides.every((stride) => stride > 0)) return cut(op, op.sizes(1), op.sizes(2), op.ints(strides));
  const ends = op.knownOr(2, 'end');
  const reached = ends.map((end, i) => (end === -1 && strides[i]! < 0 ? Number.MIN_SAFE_INTEGER : end));
  return cut(op, op.sizes(1), op.ints(reached), op.ints(strides));
}

/** Elements that leave at one end of an axis come in at the other; without axes over the flattened tensor. */
function roll(op: Op): string {
  const shifts = op.knownOr(1, 'shift');
  const axes = op.numbers('axis');
  if (axes.length > 0) return shifts.reduce((x, shift, i) => rollAxis(op, x, axes[i]!, shift), op.input(0));
  const flat = op.emit('Reshape', [op.input(0), op.ints([-1])]);
  return op.emit('Reshape', [rollAxis(op, flat, 0, shifts[0]!), op.emit('Shape', [op.input(0)])]);
}

function rollAxis(op: Op, x: string, axis: number, shift: number): string {
  const part = (from: number, to: number) =>
    op.emit('Slice', [x, op.ints([from]), op.ints([to]), op.ints([axis])]);
  if (shift === 0) return x;
  return op.emit('Concat', [part(-shift, Number.MAX_SAFE_INTEGER), part(0, -shift)], { axis });
}

/** `paddings` is begin and end of each axis in turn. */
function pad(op: Op): string {
  const paddings = op.numbers('paddings');
  const value = op.emit('Reshape', [op.cast(op.input(1), op.type()), op.ints([])]);
  return op.emit('Pad', [op.input(0), op.ints(beginsThenEnds(paddings)), value], { mode: 'constant' });
}

const padModes: Readonly<Record<string, string>> = {
  constant: 'constant',
  reflect: 'reflect',
  replicate: 'edge',
  circular: 'wrap',
};

/** `paddings` is left, right, top, bottom, front, back. */
function pad3d(op: Op): string {
  op.require('data_format', 'NCDHW');
  const mode = op.text('mode');
  const onnxMode = padModes[mode] ?? op.unmapped(`attribute mode="${mode}" of ${op.name}`);
  const [left, right, top, bottom, front, back] = op.knownOr(1, 'padding');
  const paddings = beginsThenEnds([0, 0, 0, 0, front!, back!, top!, bottom!, left!, right!]);
  const value = op.scalar(op.type(), op.number('pad_value'));
  return op.emit('Pad', [op.input(0), op.ints(paddings), value], { mode: onnxMode });
}

function beginsThenEnds(pairs: readonly number[]): number[] {
  return [...pairs.filter((_, i) => i % 2 === 0), ...pairs.filter((_, i) => i % 2 === 1)];
}
