import type { Op, Translate } from '../op.ts';
import { windowPadding } from './padding.ts';

/** Convolutions over images in NCHW (NCDHW) order. */
export const convolution: Readonly<Record<string, Translate>> = {
  conv2d: (op) => convolve(op, 2),
  depthwise_conv2d: (op) => convolve(op, 2),
  conv3d: (op) => convolve(op, 3),
  conv2d_transpose: transposed,
  depthwise_conv2d_transpose: transposed,
};

function convolve(op: Op, rank: number): string {
  op.require('data_format', 'NCHW', 'NCDHW', 'AnyLayout');
  return op.emit('Conv', [op.input(0), op.input(1)], {
    strides: op.numbers('strides'),
    dilations: op.numbers('dilations'),
    group: op.number('groups'),
    ...windowPadding(op, rank),
  });
}

function transposed(op: Op): string {
  op.require('data_format', 'NCHW', 'AnyLayout');
  if (op.values(2).length > 0 && (op.known(2)?.length ?? 1) > 0)
    op.unmapped(`${op.name} with an explicit output size`);
  const outputPadding = op.numbers('output_padding', []);
  return op.emit('ConvTranspose', [op.input(0), op.input(1)], {
    strides: op.numbers('strides'),
    dilations: op.numbers('dilations'),
    group: op.number('groups'),
    ...(outputPadding.length > 0 && { output_padding: outputPadding }),
    ...windowPadding(op, 2),
  });
}
