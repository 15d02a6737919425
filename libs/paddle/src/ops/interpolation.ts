import { float, type OnnxAttribute } from '../onnx.ts';
import type { Op, Translate } from '../op.ts';
import { tensorOf } from '../tensor.ts';

/** Images in NCHW order resized. Operands: x, output size, list of sizes, scale. */
export const interpolation: Readonly<Record<string, Translate>> = {
  nearest_interp: resize,
  bilinear_interp: resize,
  bicubic_interp: resize,
};

function resize(op: Op): string {
  op.require('data_format', 'NCHW');
  op.require('out_d', -1, 0);
  const attributes = sampling(op);
  const [height, width] = [op.number('out_h'), op.number('out_w')];
  const scale = op.numbers('scale', []);
  const x = op.input(0);
  if (op.values(3).length > 0) return op.unmapped(`${op.name} with a scale computed at run time`);
  if (op.values(1).length > 0) return op.emit('Resize', [x, '', '', sizes(op, 1)], attributes);
  if (op.values(2).length > 0) return op.emit('Resize', [x, '', '', sizes(op, 2)], attributes);
  if (scale.length > 0 && scale.every((factor) => factor > 0)) {
    const [vertical, horizontal = vertical] = scale;
    const factors = op.constant(tensorOf('float32', [4], [1, 1, vertical!, horizontal!]));
    return op.emit('Resize', [x, '', factors], attributes);
  }
  const size = op.emit('Concat', [batchAndChannels(op), op.ints([height, width])], { axis: 0 });
  return op.emit('Resize', [x, '', '', size], attributes);
}

function sizes(op: Op, operand: number): string {
  return op.emit('Concat', [batchAndChannels(op), op.sizes(operand)], { axis: 0 });
}

function batchAndChannels(op: Op): string {
  return op.emit('Shape', [op.input(0)], { start: 0, end: 2 });
}

/** Where an output pixel looks in the input, in ONNX' words. */
function sampling(op: Op): Record<string, OnnxAttribute> {
  const corners = op.flag('align_corners');
  const alignMode = op.number('align_mode', 1);
  const method = op.text('interp_method');
  switch (method) {
    case 'nearest':
      if (corners) return op.unmapped(`attribute align_corners=true of ${op.name}`);
      return { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    case 'bilinear':
      return {
        mode: 'linear',
        coordinate_transformation_mode: corners
          ? 'align_corners'
          : alignMode === 0
            ? 'half_pixel'
            : 'asymmetric',
      };
    case 'bicubic':
      return {
        mode: 'cubic',
        cubic_coeff_a: float(-0.75),
        coordinate_transformation_mode: corners ? 'align_corners' : 'half_pixel',
      };
    default:
      return op.unmapped(`attribute interp_method="${method}" of ${op.name}`);
  }
}
