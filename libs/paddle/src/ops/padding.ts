import type { OnnxAttribute } from '../onnx.ts';
import type { Op } from '../op.ts';

/**
 * Paddle's `paddings` and `padding_algorithm` of a window over `rank` spatial axes as ONNX attributes. Paddle writes one
 * number an axis, or two (begin, end); ONNX wants all begins, then all ends.
 */
export function windowPadding(op: Op, rank: number): Record<string, OnnxAttribute> {
  const algorithm = op.text('padding_algorithm', 'EXPLICIT');
  const paddings = op.numbers('paddings');
  if (algorithm === 'SAME') return { auto_pad: 'SAME_UPPER' };
  if (algorithm === 'VALID') return {};
  const pairs =
    paddings.length === rank
      ? paddings.map((padding) => [padding, padding])
      : paddings.flatMap((padding, i) => (i % 2 === 0 ? [[padding, paddings[i + 1]!]] : []));
  return { pads: [...pairs.map(([begin]) => begin!), ...pairs.map(([, end]) => end!)] };
}
