import type { DataType } from './data-type.ts';

/** How an operator of Paddle 2 is said in the words of Paddle 3. */
export interface Paddle2Operator {
  readonly name: string;
  readonly inputs: readonly Paddle2Operand[];
  /** Output slots in Paddle 3's order. */
  readonly outputs: readonly string[];
  /** Attributes that have another name in Paddle 3. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The first of `slots` that is filled; else the attribute, which Paddle 3 made an operand. */
export interface Paddle2Operand {
  readonly slots: readonly string[];
  readonly attribute?: { readonly name: string; readonly type: DataType };
}

const x = [slot('X')];
const xy = [slot('X'), slot('Y')];
const image = [slot('Input'), slot('Filter')];

/** Operators that are not listed have one operand `X`, one result `Out`, and the same name and attributes. */
const table: Readonly<Record<string, Paddle2Operator>> = {
  elementwise_add: { name: 'add', inputs: xy, outputs: ['Out'] },
  elementwise_sub: { name: 'subtract', inputs: xy, outputs: ['Out'] },
  elementwise_mul: { name: 'multiply', inputs: xy, outputs: ['Out'] },
  elementwise_div: { name: 'divide', inputs: xy, outputs: ['Out'] },
  elementwise_pow: { name: 'elementwise_pow', inputs: xy, outputs: ['Out'] },
  elementwise_max: { name: 'maximum', inputs: xy, outputs: ['Out'] },
  elementwise_min: { name: 'minimum', inputs: xy, outputs: ['Out'] },
  elementwise_mod: { name: 'remainder', inputs: xy, outputs: ['Out'] },
  elementwise_floordiv: { name: 'floor_divide', inputs: xy, outputs: ['Out'] },
  scale: { name: 'scale', inputs: [...x, orAttribute('scale', 'float32', 'ScaleTensor')], outputs: ['Out'] },
  pow: { name: 'pow', inputs: x, outputs: ['Out'], attributes: { factor: 'y' } },
  hard_sigmoid: { name: 'hardsigmoid', inputs: x, outputs: ['Out'] },
  hard_swish: { name: 'hardswish', inputs: x, outputs: ['Out'] },
  leaky_relu: { name: 'leaky_relu', inputs: x, outputs: ['Out'], attributes: { alpha: 'negative_slope' } },
  clip: {
    name: 'clip',
    inputs: [...x, orAttribute('min', 'float32', 'Min'), orAttribute('max', 'float32', 'Max')],
    outputs: ['Out'],
  },
  prelu: { name: 'prelu', inputs: [...x, slot('Alpha')], outputs: ['Out'] },
  matmul_v2: {
    name: 'matmul',
    inputs: xy,
    outputs: ['Out'],
    attributes: { trans_x: 'transpose_x', trans_y: 'transpose_y' },
  },
  matmul: {
    name: 'matmul',
    inputs: xy,
    outputs: ['Out'],
    attributes: { transpose_X: 'transpose_x', transpose_Y: 'transpose_y' },
  },
  mul: { name: 'mul', inputs: xy, outputs: ['Out'] },
  conv2d: { name: 'conv2d', inputs: image, outputs: ['Output'] },
  depthwise_conv2d: { name: 'depthwise_conv2d', inputs: image, outputs: ['Output'] },
  conv2d_transpose: {
    name: 'conv2d_transpose',
    inputs: [...image, orAttribute('output_size', 'int64')],
    outputs: ['Output'],
  },
  pool2d: {
    name: 'pool2d',
    inputs: [...x, orAttribute('ksize', 'int64')],
    outputs: ['Out'],
  },
  batch_norm: {
    name: 'batch_norm_',
    inputs: [...x, slot('Mean'), slot('Variance'), slot('Scale'), slot('Bias')],
    outputs: ['Y', 'MeanOut', 'VarianceOut', 'SavedMean', 'SavedVariance', 'ReserveSpace'],
    attributes: { data_layout: 'data_format' },
  },
  dropout: {
    name: 'dropout',
    inputs: [...x, slot('Seed')],
    outputs: ['Out', 'Mask'],
    attributes: { dropout_prob: 'p', dropout_implementation: 'mode' },
  },
  reshape2: {
    name: 'reshape',
    inputs: [...x, orAttribute('shape', 'int64', 'ShapeTensor', 'Shape')],
    outputs: ['Out', 'XShape'],
  },
  flatten_contiguous_range: { name: 'flatten', inputs: x, outputs: ['Out', 'XShape'] },
};

export function paddle2Operator(type: string): Paddle2Operator {
  return table[type] ?? { name: type, inputs: x, outputs: ['Out'] };
}

function slot(...slots: string[]): Paddle2Operand {
  return { slots };
}

function orAttribute(name: string, type: DataType, ...slots: string[]): Paddle2Operand {
  return { slots, attribute: { name, type } };
}
