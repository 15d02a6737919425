import { float } from '../onnx.ts';
import type { Op, Translate } from '../op.ts';

const same =
  (operator: string): Translate =>
  (op) =>
    op.emit(operator, [op.input(0)]);

/** Functions of one tensor, element by element, and softmax. */
export const activation: Readonly<Record<string, Translate>> = {
  abs: same('Abs'),
  ceil: same('Ceil'),
  cos: same('Cos'),
  erf: same('Erf'),
  exp: same('Exp'),
  floor: same('Floor'),
  log: same('Log'),
  reciprocal: same('Reciprocal'),
  relu: same('Relu'),
  sigmoid: same('Sigmoid'),
  sign: same('Sign'),
  sin: same('Sin'),
  softsign: same('Softsign'),
  sqrt: same('Sqrt'),
  tanh: same('Tanh'),
  celu: (op) => op.emit('Celu', [op.input(0)], { alpha: float(op.number('alpha')) }),
  clip,
  elu: (op) => op.emit('Elu', [op.input(0)], { alpha: float(op.number('alpha')) }),
  gelu: (op) => op.emit('Gelu', [op.input(0)], { approximate: op.flag('approximate') ? 'tanh' : 'none' }),
  hardsigmoid: (op) =>
    op.emit('HardSigmoid', [op.input(0)], {
      alpha: float(op.number('slope')),
      beta: float(op.number('offset')),
    }),
  hardshrink: (op) => op.emit('Shrink', [op.input(0)], { lambd: float(op.number('threshold')) }),
  hardtanh: (op) =>
    op.emit('Clip', [
      op.input(0),
      op.scalar(op.type(), op.number('t_min')),
      op.scalar(op.type(), op.number('t_max')),
    ]),
  hardswish: (op) => {
    op.require('threshold', 6);
    op.require('scale', 6);
    op.require('offset', 3);
    return op.emit('HardSwish', [op.input(0)]);
  },
  leaky_relu: (op) => op.emit('LeakyRelu', [op.input(0)], { alpha: float(op.number('negative_slope')) }),
  log_softmax: (op) => op.emit('LogSoftmax', [op.input(0)], { axis: op.number('axis') }),
  log1p: (op) => op.emit('Log', [op.emit('Add', [op.input(0), op.scalar(op.type(), 1)])]),
  log2: (op) => op.emit('Div', [op.emit('Log', [op.input(0)]), op.scalar(op.type(), Math.LN2)]),
  log10: (op) => op.emit('Div', [op.emit('Log', [op.input(0)]), op.scalar(op.type(), Math.LN10)]),
  logsigmoid: (op) => op.emit('Log', [op.emit('Sigmoid', [op.input(0)])]),
  mish: (op) => {
    op.require('lambda', 20);
    op.require('threshold', 20);
    return op.emit('Mish', [op.input(0)]);
  },
  prelu,
  relu6: (op) => {
    op.require('threshold', 6);
    return op.emit('Clip', [op.input(0), op.scalar(op.type(), 0), op.scalar(op.type(), 6)]);
  },
  round,
  rsqrt: (op) => op.emit('Reciprocal', [op.emit('Sqrt', [op.input(0)])]),
  selu: (op) =>
    op.emit('Selu', [op.input(0)], { alpha: float(op.number('alpha')), gamma: float(op.number('scale')) }),
  silu: (op) => swish(op, 1),
  softmax: (op) => op.emit('Softmax', [op.input(0)], { axis: op.number('axis') }),
  softplus,
  softshrink: (op) => {
    const threshold = float(op.number('threshold'));
    return op.emit('Shrink', [op.input(0)], { lambd: threshold, bias: threshold });
  },
  square: (op) => op.emit('Mul', [op.input(0), op.input(0)]),
  swish: (op) => swish(op, op.number('beta', 1)),
  tanh_shrink: (op) => op.emit('Sub', [op.input(0), op.emit('Tanh', [op.input(0)])]),
  thresholded_relu: (op) => {
    op.require('value', 0);
    return op.emit('ThresholdedRelu', [op.input(0)], { alpha: float(op.number('threshold')) });
  },
};

function swish(op: Op, beta: number): string {
  const x = op.input(0);
  const scaled = beta === 1 ? x : op.emit('Mul', [x, op.scalar(op.type(), beta)]);
  return op.emit('Mul', [x, op.emit('Sigmoid', [scaled])]);
}

/** log(1 + exp(βx)) / β, and x itself above the threshold, where exp would overflow. */
function softplus(op: Op): string {
  const x = op.input(0);
  const beta = op.scalar(op.type(), op.number('beta'));
  const scaled = op.emit('Mul', [x, beta]);
  const soft = op.emit('Div', [op.emit('Softplus', [scaled]), beta]);
  const linear = op.emit('Greater', [scaled, op.scalar(op.type(), op.number('threshold'))]);
  return op.emit('Where', [linear, x, soft]);
}

/** Halves go away from zero; ONNX' Round takes them to even. */
function round(op: Op): string {
  op.require('decimals', 0);
  const x = op.input(0);
  const up = op.emit('Floor', [op.emit('Add', [op.emit('Abs', [x]), op.scalar(op.type(), 0.5)])]);
  return op.emit('Mul', [op.emit('Sign', [x]), up]);
}

function clip(op: Op): string {
  const bound = (index: number) => op.emit('Reshape', [op.cast(op.input(index), op.type()), op.ints([])]);
  return op.emit('Clip', [op.input(0), bound(1), bound(2)]);
}

/** One slope for all, for each channel, or for each element. */
function prelu(op: Op): string {
  op.require('data_format', 'NCHW');
  const mode = op.text('mode');
  const slope =
    mode === 'channel'
      ? op.emit('Reshape', [op.input(1), op.ints([-1, ...Array<number>(op.rank() - 2).fill(1)])])
      : op.input(1);
  return op.emit('PRelu', [op.input(0), slope]);
}
