import type { Op, Translate } from '../op.ts';
import { windowPadding } from './padding.ts';

/** Windows over images in NCHW order. */
export const pooling: Readonly<Record<string, Translate>> = {
  pool2d,
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

/** To an output of `size`: the whole image for 1×1, else equal windows, where the image's size is known to divide. */
function adaptive(op: Op, size: readonly number[], max: boolean): string {
  if (size.every((n) => n === 1)) return op.emit(max ? 'GlobalMaxPool' : 'GlobalAveragePool', [op.input(0)]);
  const image = op.value(0).dims.slice(-2);
  const window = size.map((n, i) => image[i]! / n);
  if (!image.every((n, i) => n > 0 && Number.isInteger(window[i])))
    op.unmapped(`adaptive ${op.name} to ${size.join('×')} from ${image.join('×')}, which does not divide,`);
  return op.emit(max ? 'MaxPool' : 'AveragePool', [op.input(0)], { kernel_shape: window, strides: window });
}
