import type { Op, Translate } from '../op.ts';
import { windowPadding } from './padding.ts';

/** Windows over images in NCHW order. */
export const pooling: Readonly<Record<string, Translate>> = {
  pool2d,
  max_pool2d_with_index: maxWithIndex,
};

function pool2d(op: Op): string {
  op.require('data_format', 'NCHW', 'AnyLayout');
  const kernel = op.knownOr(1, 'kernel size');
  const max = op.text('pooling_type') === 'max';
  const ceil = op.flag('ceil_mode');
  const exclusive = op.flag('exclusive');
  const strides = op.numbers('strides');
  const padding = windowPadding(op, 2);
  if (op.flag('global_pooling')) return op.emit(max ? 'GlobalMaxPool' : 'GlobalAveragePool', [op.input(0)]);
  if (op.flag('adaptive')) return adaptive(op, kernel, max);
  const attributes = { kernel_shape: kernel, strides, ceil_mode: Number(ceil), ...padding };
  return max
    ? op.emit('MaxPool', [op.input(0)], attributes)
    : op.emit('AveragePool', [op.input(0)], { ...attributes, count_include_pad: Number(!exclusive) });
}

/** To an output of `size`: the whole image for 1×1, equal windows where the size divides, else window by window. */
function adaptive(op: Op, size: readonly number[], max: boolean): string {
  if (size.every((n) => n === 1)) return op.emit(max ? 'GlobalMaxPool' : 'GlobalAveragePool', [op.input(0)]);
  const image = op.value(0).dims.slice(-2);
  if (image.some((dim) => dim < 0))
    op.unmapped(`adaptive ${op.name} to ${size.join('×')} of an image whose size is known at run time only`);
  const window = size.map((n, i) => image[i]! / n);
  if (window.every(Number.isInteger))
    return op.emit(max ? 'MaxPool' : 'AveragePool', [op.input(0)], { kernel_shape: window, strides: window });
  const reducer = max ? 'ReduceMax' : 'ReduceMean';
  return size.reduce((x, n, i) => uneven(op, reducer, x, op.rank() - 2 + i, image[i]!, n), op.input(0));
}

/** Window i of n reaches from ⌊i·size/n⌋ to ⌈(i+1)·size/n⌉. Windows are rectangles, so one axis follows the other. */
function uneven(op: Op, reducer: string, x: string, axis: number, size: number, n: number): string {
  const windows = Array.from({ length: n }, (_, i) => {
    const [start, end] = [Math.floor((i * size) / n), Math.ceil(((i + 1) * size) / n)];
    const part = op.emit('Slice', [x, op.ints([start]), op.ints([end]), op.ints([axis])]);
    return op.emit(reducer, [part, op.ints([axis])], { keepdims: 1 });
  });
  return op.emit('Concat', windows, { axis });
}

/** The pooled image; the indices have no translation. */
function maxWithIndex(op: Op): string {
  const kernel = op.numbers('kernel_size');
  const strides = op.numbers('strides');
  const padding = windowPadding(op, 2);
  const ceil = op.flag('ceil_mode', false);
  if (op.flag('global_pooling')) return op.emit('GlobalMaxPool', [op.input(0)]);
  if (op.flag('adaptive')) return adaptive(op, kernel, true);
  return op.emit('MaxPool', [op.input(0)], {
    kernel_shape: kernel,
    strides,
    ceil_mode: Number(ceil),
    ...padding,
  });
}
